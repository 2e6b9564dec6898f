"""A hundred thousand recorded events: the same decisions as in C++.

    record_test.py FOLDER

FOLDER holds what tests/record_events.cc wrote: centre.textproto, events.bin
and decisions.txt, one line a decision, an error or a change of deadline.
"""

import math
import os
import sys

import callrouter as cr

CODES = {cr.InvalidArgument: 3, cr.NotFound: 5, cr.AlreadyExists: 6,
         cr.ResourceExhausted: 8, cr.FailedPrecondition: 9,
         cr.Unimplemented: 12}


def micros(seconds):
    return 'inf' if seconds == math.inf else str(round(seconds * 1e6))


def line(d):
    return '%d %d %d %d %d %d %d %d %d %d %d %s %s' % (
        d.sequence, d.kind, d.cause, d.reason, d.value, d.call, d.agent,
        d.queue, d.offer, d.call_ref, d.agent_ref, micros(d.deadline),
        d.destination)


def main():
    folder = sys.argv[1]

    def read(name):
        with open(os.path.join(folder, name), 'rb') as file:
            return file.read()
    events = cr.EventRecordReader(read('events.bin'))
    engine, lines, count = None, [], 0
    for now, event in events:
        if engine is None:
            engine = cr.Engine(
                cr.parse_config(read('centre.textproto').decode()), now)
        count += 1
        try:
            todo = (engine.advance(now) if event is None
                    else engine.handle(event, now))
            code = 0
        except cr.Error as error:
            todo, code = engine.advance(now), CODES[type(error)]
        lines += [line(d) for d in todo]
        if code:
            lines.append('error %d' % code)
        lines.append('next %s' % micros(engine.next_deadline))
    expected = read('decisions.txt').decode().splitlines()
    for number, (mine, theirs) in enumerate(zip(lines, expected)):
        if mine != theirs:
            sys.exit('line %d: Python has\n%s\nC++ has\n%s' %
                     (number + 1, mine, theirs))
    if len(lines) != len(expected) or count < 100_000:
        sys.exit('%d lines, C++ has %d; %d events' % (
            len(lines), len(expected), count))
    print('%d events, %d lines: the same' % (count, len(lines)))


if __name__ == '__main__':
    main()
