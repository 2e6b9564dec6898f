"""callrouter/_core.pyi is what make_stubs.py writes, and is true.

    stubs_test.py FOLDER      of the bindings; with the package on PYTHONPATH
"""

import os
import shutil
import subprocess
import sys
import tempfile


def main():
    folder = sys.argv[1]
    committed = os.path.join(folder, 'callrouter', '_core.pyi')
    with tempfile.TemporaryDirectory() as scratch:
        made = os.path.join(scratch, '_core.pyi')
        subprocess.run([sys.executable, os.path.join(folder, 'make_stubs.py'),
                        made], check=True)
        with open(made, encoding='utf-8') as new, \
                open(committed, encoding='utf-8') as old:
            if new.read() != old.read():
                sys.exit('%s is not what make_stubs.py makes' % committed)
    with open(committed, encoding='utf-8') as file:
        compile(file.read(), committed, 'exec')
    if shutil.which('stubtest') is None:
        print('stubtest is not installed')
        return
    subprocess.run(['/usr/bin/stubtest', 'callrouter._core',
                    '--ignore-missing-stub', '--ignore-positional-only',
                    '--concise'], check=True)


if __name__ == '__main__':
    main()
