"""Prints how large what we ship is, and fails if it is too large.

  sizes.py <libcallrouter_c.so> <program without> <program with the pool>
"""

import os
import subprocess
import sys
import tempfile

LIBRARY_MAX = 6 * 1024 * 1024
POOL_MAX = 400 * 1024


def stripped(path):
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, 'stripped')
        subprocess.run(['strip', '-o', copy, path], check=True)
        return os.path.getsize(copy)


def main():
    library, without, with_pool = (stripped(path) for path in sys.argv[1:4])
    rows = [('libcallrouter_c.so, stripped', library, LIBRARY_MAX),
            ('the number pool in a program', with_pool - without, POOL_MAX)]
    for what, size, most in rows:
        print('RESULT size of %s | %d KiB | at most %d KiB |' % (
            what, size // 1024, most // 1024))
    sys.exit(1 if any(not 0 < size <= most for _, size, most in rows) else 0)


if __name__ == '__main__':
    main()
