"""callrouter: who answers which call, which number to show, whom to dial.

    import callrouter as cr

    centre = cr.parse_config('''
        queue { name: "sales" requirement: "sales >= 3" ring: "10s" }
        agent { name: "ann" ref: 7 skill { name: "sales" level: 5 } }''')
    engine = cr.Engine(centre, now=0)
    sales = engine.find_queue('sales')
    engine.tell(cr.EventKind.AGENT_LOGIN, 0, agent_ref=7)
    for decision in engine.tell(cr.EventKind.CALL_ARRIVED, 1.5,
                                call_ref=42, queue=sales):
        print(decision.kind.name, decision.agent_ref, decision.deadline)
    engine.advance(engine.next_deadline)

Names are those of the C++ library, whose headers explain every rule.

Times     seconds (float), or datetime with a time zone; handed out as
          seconds; inf is never. Engines count in whole microseconds.
Durations seconds or timedelta; handed out as seconds.
Numbers   telephone numbers are text, "+74951234567"; "" is none.
Handles   whole numbers; 0 is none. References are the host's own.
Enums     a member, or its name as text: order="round_robin".
Values    immutable named tuples; value.replace(ring=20) makes another.
Errors    all derive from callrouter.Error, which has `field` and `reason`.
Threads   one object, one thread at a time. Parsers and simulators let other
          Python threads run, and stop at Ctrl-C.
"""

from callrouter import _core
from callrouter._core import *  # noqa: F401,F403
from callrouter._core import __version__
from callrouter._errors import (
    AlreadyExists, Cancelled, DataLoss, Error, FailedPrecondition, Internal,
    InvalidArgument, NotFound, ResourceExhausted, Unimplemented)
from callrouter._files import (
    read_asterisk, read_config, read_dial, read_leads, read_pool,
    read_scenario)
from callrouter._simulation import Simulation, simulate
from callrouter._values import Value

# A compiled function does not become a method by itself.
_core.FileFault.__str__ = lambda fault: _core.fault_text(fault)

__all__ = [name for name in dir(_core) if not name.startswith('_')] + [
    'AlreadyExists', 'Cancelled', 'DataLoss', 'Error', 'FailedPrecondition',
    'Internal', 'InvalidArgument', 'NotFound', 'ResourceExhausted',
    'Simulation', 'Unimplemented', 'Value', '__version__', 'read_asterisk',
    'read_config', 'read_dial', 'read_leads', 'read_pool', 'read_scenario',
    'simulate']
