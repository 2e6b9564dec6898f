"""Installs the package without a network, from source and as a wheel.

    install_test.py BINDINGS BUILD

BUILD is a build folder in which the compiled part is up to date: it is used
again, so that only packaging is tested here, not the compiler.
"""

import glob
import os
import shutil
import subprocess
import sys
import tempfile

TRY = ('import callrouter as cr; print(cr.__version__, cr.__file__); '
       'cr.Engine(cr.parse_config(""), 0)')


def main():
    bindings, build = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        # Not in the project: setuptools leaves folders where it builds.
        root = os.path.join(scratch, 'project')
        shutil.copytree(bindings, os.path.join(root, 'bindings', 'python'))
        shutil.copy(os.path.join(bindings, '..', '..', 'CMakeLists.txt'), root)
        source = os.path.join(root, 'bindings', 'python')
        env = dict(os.environ, CALLROUTER_PYTHON_BUILD=build)
        env.pop('PYTHONPATH', None)
        for name in ('from source', 'from a wheel'):
            place = os.path.join(scratch, name)
            subprocess.run(['/usr/bin/python3', '-m', 'venv',
                            '--system-site-packages', place], check=True)
            pip = [os.path.join(place, 'bin', 'python'), '-m', 'pip']
            what = source
            if name == 'from a wheel':
                subprocess.run(pip + [
                    'wheel', '--no-build-isolation', '--no-deps', '--no-index',
                    source, '-w', os.path.join(scratch, 'dist')], check=True,
                    env=env)
                what, = glob.glob(os.path.join(scratch, 'dist', '*.whl'))
            subprocess.run(pip + ['install', '--no-build-isolation',
                                  '--no-deps', '--no-index', what],
                           check=True, env=env)
            out = subprocess.run([pip[0], '-c', TRY], check=True, env=env,
                                 cwd=scratch, capture_output=True, text=True)
            print(name, out.stdout.strip())
            if place not in out.stdout:
                sys.exit('another package was imported')


if __name__ == '__main__':
    main()
