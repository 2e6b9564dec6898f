"""Writes docs/validation.md from ctest's log of the long tier.

  validation_table.py LastTest.log "the command that made it"

Tests report what they measured on lines of their output such as

  RESULT erlang_c wait | 12.34 | 12.31 | z = 0.8

(what, measured, expected or allowed, remark), or, below a line that names a
model, on indented lines as tests/statistics_support.cc prints them:

  wait   12.340000  expected   12.310000  z +0.80

Each becomes a row below its test.
"""

import datetime
import os
import platform
import re
import subprocess
import sys


def git(*words):
    try:
        return subprocess.run(('git',) + words, capture_output=True, text=True,
                              check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return 'unknown'


def blocks(log):
    """(name, output, seconds, passed) of each test in ctest's log."""
    for part in re.split(r'^(?=\d+/\d+ Testing: )', log, flags=re.M):
        head = re.search(r'^\d+/\d+ Test(?:ing)?: (\S+)', part, re.M)
        if not head:
            continue
        seconds = re.search(r'^Test time =\s+([\d.]+) sec', part, re.M)
        yield (head.group(1), part, float(seconds.group(1)) if seconds else 0.0,
               bool(re.search(r'^Test Passed\.', part, re.M)))


def rows(output):
    """The four cells of each figure a test printed."""
    model = ''
    for line in output.split('\n'):
        told = re.match(r'RESULT (.*)$', line)
        figure = re.match(
            r'  (\S.*?)\s+(\S+)\s+expected\s+(\S+)\s+(z .*)$', line)
        remark = re.match(r'  (\S.*?): (not expressible: .*|mean z .*)$', line)
        if told:
            cells = [cell.strip() for cell in told.group(1).split('|')][:4]
            yield cells + [''] * (4 - len(cells))
        elif figure:
            what, measured, expected, z = figure.groups()
            yield ['%s: %s' % (model, what), measured, expected, z]
        elif remark:
            yield [remark.group(1), '', '', remark.group(2)]
        elif re.match(r'\w', line):
            model = line.strip().replace('|', '/')


def main():
    with open(sys.argv[1], encoding='utf-8', errors='replace') as file:
        log = file.read()
    tests = sorted(blocks(log))
    if not tests:
        sys.exit('validation_table.py: no test in ' + sys.argv[1])
    failed = [name for name, _, _, passed in tests if not passed]
    compiler = subprocess.run(['c++', '--version'], capture_output=True,
                              text=True, check=False).stdout.split('\n')[0]
    print('# Validation\n')
    print('What the long tests measured. Written by the command below; not '
          'edited by hand.\n')
    print('- Command: `%s`' % sys.argv[2])
    print('- Date: %s' % datetime.datetime.now(datetime.timezone.utc).strftime(
        '%Y-%m-%d %H:%M UTC'))
    changed = git('status', '--porcelain', '--untracked-files=no')
    print('- Commit: %s%s' % (git('rev-parse', '--short', 'HEAD'),
                              ' with local changes' if changed else ''))
    print('- Machine: %d cores, %s, %s' % (
        os.cpu_count() or 0, platform.machine(), compiler))
    print('- Tests: %d, failed: %s\n' % (
        len(tests), ', '.join(failed) if failed else 'none'))
    print('| test | what | measured | expected | remark |')
    print('|---|---|---|---|---|')
    for name, output, seconds, passed in tests:
        print('| **%s** | | | | %s, %.0f s |' % (
            name, 'passed' if passed else '**FAILED**', seconds))
        for cells in rows(output):
            print('| | %s |' % ' | '.join(cells))


if __name__ == '__main__':
    main()
