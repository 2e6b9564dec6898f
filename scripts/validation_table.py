"""Writes docs/validation.md from ctest's log of the long tier.

  validation_table.py LastTest.log "the command that made it" [COMMIT]

Tests say what they did on lines of their output such as

  RESULT steps against the twin | 5000000 | | no difference

(what, count or figure, expected or allowed, remark), and compare figures,
below a line that names a model, as tests/statistics_support.cc prints them:

  wait   12.340000  expected   12.310000  z +0.80
"""

import datetime
import os
import platform
import re
import subprocess
import sys

HEAD = '''# Validation

What the long tests measured. Written by the command below; not edited by hand.
To repeat it, check out the commit and run the command. Seeds are fixed, so
every count and figure comes out the same; it takes an hour or two of one core.
'''

STATISTICS = '''## Simulated against exact figures

The simulator plays each model through the public API and estimates shares and
waits by batch means. What they must be comes from formulas, Markov chains and
product forms, or, where none is known, from long simulations made
independently of this code (`tests/data/`). z is the difference divided by the
combined standard error.

The rule, which fails the test when broken:

- every |z| is at most 4, and
- at most 8 % of all |z| are beyond 2, judged over all figures of all models
  together (chance alone gives 4.6 %). Figures of one model move together, so
  one model by itself may have more.

Seeds are taken in order, 1, 2, 3 and so on, never chosen, and no two models
share one. No figure is left out. Which agent serves which class is checked
too, in models with an exact answer, within a margin the test states.
'''

COUNTS = '''## Counts

What was compared with a naive twin, or checked, and how often. A single
difference fails its test. A test that is not in the table was not run.

- `oracle_engine`: the engine and its twin decide alike, one row for each family
  of rules (orders of choice, ways of ringing, guards, missed offers, plans,
  media, reconnects, and all at once), in small worlds and in worlds of 200
  agents and 20 queues.
- `oracle_small_worlds`: the same in every small world there is.
- `engine_chaos`: a host that is late, repeats itself, loses word, crosses
  decisions, stalls and reconnects.
- `save_load`, `configuration_change`: loaded or changed at random points.
- `number_pool_oracle`, `masking_pool_oracle`, `return_calls_oracle`,
  `visitor_pool_oracle`: these stores and their twins answer alike.
- `number_pool_property`: no cap is broken and nothing free is refused, against
  a log of all uses; `number_pool_fairness`, `_regions`, `_stickiness`: what the
  orders, reserves and habits promise.
- `number_health_statistics`: delays, false alarms and rests, through the public
  class, against exact figures.
- `lead_list_oracle`: the list of leads and its twin answer alike.
- `lead_times`: no attempt outside its hours, over a cap, too early or to a
  number that must not be dialled, by an oracle of time stamps, across changes
  of zones' clocks, jumps of the host's clock and steps of its wall clock.
- the others: parts of the kit against theirs.
'''


def git(*words):
    try:
        return subprocess.run(('git',) + words, capture_output=True, text=True,
                              check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return 'unknown'


def commit():
    changed = git('status', '--porcelain', '--untracked-files=no', '--', '.',
                  ':!docs')
    return '%s of %s%s' % (git('rev-parse', '--short', 'HEAD'),
                           git('log', '-1', '--format=%cs'),
                           ', with local changes' if changed else '')


def blocks(log):
    """(name, output, seconds, passed) of each test in ctest's log."""
    for part in re.split(r'^(?=\d+/\d+ Testing: )', log, flags=re.M):
        head = re.search(r'^\d+/\d+ Test(?:ing)?: (\S+)', part, re.M)
        if not head:
            continue
        seconds = re.search(r'^Test time =\s+([\d.]+) sec', part, re.M)
        yield (head.group(1), part, float(seconds.group(1)) if seconds else 0.0,
               bool(re.search(r'^Test Passed\.', part, re.M)))


class Output:
    """What a test printed: compared figures, counts and remarks."""

    def __init__(self, text):
        self.figures = []  # [model, figure, simulated, expected, z]
        self.counts = []  # [what, count, expected, remark]
        self.missing = []  # (model, why)
        self.spread = ''
        model = ''
        for line in text.split('\n'):
            self.read(line, model)
            if re.match(r'\w', line):
                model = line.strip().replace('|', '/')

    def read(self, line, model):
        told = re.match(r'RESULT (.*)$', line)
        figure = re.match(
            r'  (\S.*?)\s+(\S+)\s+expected\s+(\S+)\s+z\s+(\S+)$', line)
        missing = re.match(r'  (\S.*?): not expressible: (.*)$', line)
        spread = re.match(r'  (\d+ figures: .*)$', line)
        if told:
            cells = [cell.strip() for cell in told.group(1).split('|')][:4]
            self.counts.append(cells + [''] * (4 - len(cells)))
        elif figure:
            self.figures.append([model] + list(figure.groups()))
        elif missing:
            self.missing.append(missing.groups())
        elif spread:
            self.spread = spread.group(1)  # The last one is of all models.


def print_statistics(outputs):
    print(STATISTICS)
    for output in outputs:
        if output.spread:
            print('All models together: %s.\n' % output.spread)
        for name, why in output.missing:
            print('Not expressible, and so not tested: %s: %s.\n' % (name, why))
    print('| model | figure | simulated | expected | z |')
    print('|---|---|---:|---:|---:|')
    for output in outputs:
        for cells in output.figures:
            print('| %s |' % ' | '.join(cells))


def main():
    with open(sys.argv[1], encoding='utf-8', errors='replace') as file:
        log = file.read()
    tests = sorted(blocks(log))
    if not tests:
        sys.exit('validation_table.py: no test in ' + sys.argv[1])
    failed = [name for name, _, _, passed in tests if not passed]
    compiler = subprocess.run(['c++', '--version'], capture_output=True,
                              text=True, check=False).stdout.split('\n')[0]
    print(HEAD)
    print('- Command: `%s`' % sys.argv[2])
    print('- Date: %s' % datetime.datetime.now(datetime.timezone.utc).strftime(
        '%Y-%m-%d %H:%M UTC'))
    print('- Commit: %s' % (sys.argv[3] if len(sys.argv) > 3 else commit()))
    print('- Machine: %d cores, %s, %s' % (
        os.cpu_count() or 0, platform.machine(), compiler))
    print('- Tests: %d, failed: %s\n' % (
        len(tests), ', '.join(failed) if failed else 'none'))
    outputs = [(name, Output(text), seconds, passed)
               for name, text, seconds, passed in tests]
    print(COUNTS)
    print('| test | what | count | remark |')
    print('|---|---|---:|---|')
    for name, output, seconds, passed in outputs:
        print('| **%s** | | | %s, %.0f s |' % (
            name, 'passed' if passed else '**FAILED**', seconds))
        for what, count, expected, remark in output.counts:
            if expected:
                remark = ('expected %s; %s' % (expected, remark)).strip('; ')
            print('| | %s | %s | %s |' % (what, count, remark))
    compared = [output for _, output, _, _ in outputs if output.figures]
    if compared:
        print()
        print_statistics(compared)


if __name__ == '__main__':
    main()
