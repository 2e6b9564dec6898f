"""callrouter/_core.pyi is what make_stubs.py writes, and is true.

    stubs_test.py FOLDER      of the bindings; with the package on PYTHONPATH
"""

import os
import shutil
import subprocess
import sys
import tempfile


# What stubtest cannot know: names of the stubs alone, constructors of classes
# that are only handed out.
ALLOWED = ['TimeLike', 'DurationLike'] + [
    name + r'\.__init__' for name in (
        'AsteriskImport', 'ColumnF64', 'ColumnI32', 'ColumnU64', 'ColumnU8')]


def bound():
    """Classes of pybind11's, whose metaclass no stub names."""
    from callrouter import _core
    return [name for name, value in vars(_core).items()
            if type(value).__name__ == 'pybind11_type' and name[0] != '_']


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
    with tempfile.NamedTemporaryFile('w', suffix='.txt') as allowed:
        allowed.writelines(r'callrouter\._core\.%s' % name + '\n'
                           for name in ALLOWED + bound())
        allowed.flush()
        subprocess.run(['/usr/bin/stubtest', 'callrouter._core',
                        '--ignore-missing-stub', '--ignore-positional-only',
                        '--concise', '--allowlist', allowed.name], check=True)


if __name__ == '__main__':
    main()
