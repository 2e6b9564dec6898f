"""Compares the interface of libcallrouter_c.so with the committed baseline.

  abi.py check <baseline> <library> <CHANGELOG.md>
  abi.py write <baseline> <library>

Before 1.0 it may change, if the changelog says so: each function that abidiff
reports must be named under [Unreleased], or the fault is that it is not. From
1.0 on whatever breaks is a fault. A release writes a new baseline.
"""

import re
import subprocess
import sys

BREAKS = 8  # Bit of abidiff's exit code.


def write(baseline, library):
    subprocess.run(['abidw', '--no-corpus-path', '--no-comp-dir-path',
                    '--no-show-locs', '--exported-interfaces-only',
                    '--out-file', baseline, library], check=True)
    with open(baseline, encoding='utf-8') as file:
        text = file.read()
    with open(baseline, 'w', encoding='utf-8') as file:
        # Sources by name: where they lie is of no interest.
        file.write(re.sub(r"path='[^']*/", "path='", text))


def check(baseline, library, changelog):
    done = subprocess.run(['abidiff', '--no-show-locs', baseline, library],
                          capture_output=True, text=True)
    print(done.stdout + done.stderr)
    if done.returncode & 3:
        return ['abidiff could not compare them']
    with open(changelog, encoding='utf-8') as file:
        text = file.read()
    unreleased = re.search(r'## \[Unreleased\](.*?)(\n## \[|\Z)', text, re.S)
    named = unreleased.group(1) if unreleased else ''
    changed = sorted(set(re.findall(r"\[[ADC]\] .*?\b(cr_\w+)\(", done.stdout)))
    faults = ['%s changed and CHANGELOG.md does not say so' % name
              for name in changed if name not in named]
    with open(library, 'rb') as file:
        major = re.search(rb'CALLROUTER_C_(\d+)', file.read()).group(1)
    if done.returncode & BREAKS and int(major) >= 1:
        faults.append('this breaks hosts: it needs a new soname')
    return faults


def main():
    if sys.argv[1] == 'write':
        write(*sys.argv[2:4])
        return
    faults = check(*sys.argv[2:5])
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


if __name__ == '__main__':
    main()
