"""Keeps the program in README.md true.

  readme_test.py extract README.md OUT.cc   writes its first ```cpp block
  readme_test.py check README.md PROGRAM    runs the program built from it and
                                            compares with the ```text block
                                            that follows
"""

import re
import subprocess
import sys


def blocks(path):
    """The first C++ program of the document and the output promised for it."""
    with open(path, encoding='utf-8') as file:
        text = file.read()
    match = re.search(r'^```cpp\n(.*?)^```$.*?^```text\n(.*?)^```$', text,
                      re.M | re.S)
    if not match:
        sys.exit('%s: found no ```cpp block followed by a ```text block' % path)
    return match.groups()


def main():
    action, readme, target = sys.argv[1:]
    code, promised = blocks(readme)
    if action == 'extract':
        with open(target, 'w', encoding='utf-8') as file:
            file.write('#line %d "%s"\n' % (
                open(readme, encoding='utf-8').read().split(code)[0].count('\n')
                + 1, readme))
            file.write(code)
        return
    # A first example must be short: what a reader has to read counts, blank
    # lines, includes and lone braces do not.
    lines = [line for line in code.split('\n')
             if line.strip('{} \t') and not line.startswith('#include')]
    if not 15 <= len(lines) <= 25:
        sys.exit('the program has %d lines; expected 15 to 25' % len(lines))
    run = subprocess.run([target], capture_output=True, text=True, timeout=60,
                         check=False)
    # Blanks at the end of a line are not seen, neither here.
    printed = re.sub(r' +$', '', run.stdout, flags=re.M)
    if run.returncode != 0 or printed != promised:
        sys.exit('README.md promises\n%s\nthe program (exit %d) printed\n%s%s' %
                 (promised, run.returncode, run.stdout, run.stderr))


if __name__ == '__main__':
    main()
