"""What all plain values of this package have in common."""

from _collections import _tuplegetter

_maker = None


class Value(tuple):
    """An immutable value with named fields, checked when it is made.

    Fields that are not named keep their defaults. Wrong names, types and
    ranges of numbers raise `InvalidArgument`. Times and durations become
    seconds. Being tuples, values compare, hash, pickle and unpack.
    """

    __slots__ = ()
    _fields = ()

    def __new__(cls, *args, **kwargs):
        return _maker(cls._index, args, kwargs)

    def __repr__(self):
        fields = zip(self._fields, self)
        return '%s(%s)' % (type(self).__name__,
                           ', '.join('%s=%r' % field for field in fields))

    def __reduce__(self):
        return type(self), tuple(self)

    def replace(self, **changes):
        """A copy with other values for the fields named."""
        return type(self)(**{**dict(zip(self._fields, self)), **changes})

    def asdict(self):
        """Its fields as a plain dict, those of values inside it too."""
        return {name: _plain(item) for name, item in zip(self._fields, self)}


def _plain(item):
    if isinstance(item, Value):
        return item.asdict()
    if isinstance(item, tuple):
        return [_plain(each) for each in item]
    return item


def set_maker(maker):
    """Called once by the compiled part."""
    global _maker  # pylint: disable=global-statement
    _maker = maker


def define(name, doc, fields, index):
    """The class of one kind of value; called by the compiled part."""
    members = {'__slots__': (), '__doc__': doc, '__module__': 'callrouter',
               '_fields': tuple(field for field, _ in fields),
               '_index': index}
    for i, (field, note) in enumerate(fields):
        members[field] = _tuplegetter(i, note)
    return type(name, (Value,), members)
