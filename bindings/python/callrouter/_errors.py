"""What this package raises."""


class Error(Exception):
    """Whatever callrouter refuses. The state is then unchanged.

    field   what is wrong, e.g. "queues[2].ring"; may be empty
    reason  why, in words
    faults  everything wrong, if a file or configuration was refused
    """

    def __init__(self, message='', faults=()):
        super().__init__(message)
        field, colon, reason = message.partition(': ')
        if not colon or ' ' in field:
            field, reason = '', message
        self.field = field
        self.reason = reason
        self.faults = tuple(faults)

    def __reduce__(self):
        return type(self), (str(self), self.faults)


class InvalidArgument(Error, ValueError):
    """A field is missing, out of range or of the wrong type."""


class NotFound(Error, LookupError):
    """There is no such call, agent, number, attempt (any more)."""


class AlreadyExists(Error):
    """It is there already, with other content."""


class FailedPrecondition(Error):
    """It is not in a state for that."""


class ResourceExhausted(Error):
    """A limit in the options is reached; nothing was lost."""


class Unimplemented(Error, NotImplementedError):
    """An event of a later release."""


class DataLoss(Error):
    """Bytes are damaged or torn; `reason` says where."""


class Cancelled(Error):
    """A progress callback returned False."""


class Internal(Error, RuntimeError):
    """A mistake of callrouter's own. Please report it."""


_BY_CODE = {
    1: Cancelled, 3: InvalidArgument, 5: NotFound, 6: AlreadyExists,
    8: ResourceExhausted, 9: FailedPrecondition, 12: Unimplemented,
    13: Internal, 15: DataLoss,
}


def make(code, message, faults):
    """The error for a status code; called by the compiled part."""
    return _BY_CODE.get(code, Error)(message, faults)
