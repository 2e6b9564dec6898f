"""Simulated days of a contact centre, and what came of them."""

from callrouter import _core


def simulate(scenario, *, score=None, priority=None, options=None,
             on_decision=None, progress=None):
    """Plays a Scenario to its end; a Simulation.

    A policy of your own says what a host would do with each call that comes:

    score(call, agent)  how well a free agent (AgentView) who may serve the
                        queue suits the call (Arrival): the highest is rung.
                        None: not this one. Nobody scored: as the queue says.
    priority(call)      the call's priority, a whole number.

    on_decision(now, decision)  sees every Decision, with seconds since the
                        start.
    progress(done)      is told the share done about ten times a second; False
                        ends the run with Cancelled.
    options             EngineOptions; limits are raised as needed.

    Other Python threads run meanwhile, and Ctrl-C stops it. Raises
    InvalidArgument with everything wrong, or what a callback raised.
    """
    return Simulation(scenario, _core._simulate(
        scenario, options or _core.EngineOptions(), priority, score,
        on_decision, progress))


class Simulation:
    """What came of a scenario.

    report  plain dicts and lists: the fields of callrouter.v1.Report
    """

    def __init__(self, scenario, core):
        self._core = core
        self._queues = [arrivals.queue for arrivals in scenario.arrivals]
        self.scenario = scenario
        self.report = core.report()

    def table(self, intervals=True):
        """Tables of fixed width, for people."""
        return self._core.table(intervals)

    def json(self):
        """The report as JSON text."""
        return self._core.json()

    def queue(self, name):
        """The report of one queue, a dict. Raises KeyError."""
        for queue in self.report['queue']:
            if queue['name'] == name:
                return queue
        raise KeyError(name)

    def service_level(self, name=None):
        """Share of the calls answered within their queue's target, of those
        answered or abandoned; of one queue, or of all. 0 without calls."""
        queues = (self.report['queue'] if name is None
                  else [self.queue(name)])
        totals = [queue['total'] for queue in queues]
        ended = sum(t['answered'] + t['abandoned'] for t in totals)
        return sum(t['within_target'] for t in totals) / ended if ended else 0.

    def calls(self, queue=None):
        """Every call in order of its end, as a dict of NumPy arrays.

        outcome (Outcome), kind (index into the scenario's arrivals), arrived
        and wait (seconds), agent and queue (handles; answered calls only).
        Nothing is copied unless `queue` names the queue they came for. Raises
        ImportError without NumPy.
        """
        import numpy
        columns = {name: numpy.asarray(getattr(self._core, name))
                   for name in ('outcome', 'kind', 'arrived', 'wait', 'agent',
                                'queue')}
        if queue is None:
            return columns
        kinds = [i for i, name in enumerate(self._queues) if name == queue]
        chosen = numpy.isin(columns['kind'], kinds)
        return {name: column[chosen] for name, column in columns.items()}

    def waits(self, queue=None):
        """Seconds that answered calls waited, as a NumPy array."""
        calls = self.calls(queue)
        return calls['wait'][calls['outcome'] == _core.Outcome.ANSWERED]

    def frame(self):
        """calls() as a pandas DataFrame. Raises ImportError without it."""
        import pandas
        return pandas.DataFrame(self.calls())

    def plot(self, axes=None, queue=None, label=None):
        """Draws the share of answered calls by wait onto Matplotlib axes, new
        ones without any; returns them. Raises ImportError without it."""
        if axes is None:
            from matplotlib import pyplot
            axes = pyplot.figure().add_subplot()
        import numpy
        waits = numpy.sort(self.waits(queue))
        axes.step(waits, numpy.arange(1, len(waits) + 1) / max(1, len(waits)),
                  where='post', label=label or self.scenario.name)
        axes.set_xlabel('wait, seconds')
        axes.set_ylabel('share of answered calls')
        return axes

    def __repr__(self):
        total = self.report['total']
        return '<Simulation %r: %d calls, %d answered, %d abandoned>' % (
            self.report['scenario'], total['offered'], total['answered'],
            total['abandoned'])

