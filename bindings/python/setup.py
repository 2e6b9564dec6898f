"""Builds the compiled part of the package with CMake. See pyproject.toml."""

import os
import re
import subprocess
import sys

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def version():
    with open(os.path.join(ROOT, 'CMakeLists.txt'), encoding='utf-8') as file:
        return re.search(r'VERSION (\d+\.\d+\.\d+)', file.read()).group(1)


class CMakeBuild(build_ext):
    """One extension: the target callrouter_python."""

    def build_extension(self, ext):
        # A folder that is kept can be named, so as not to build all again.
        build = os.environ.get('CALLROUTER_PYTHON_BUILD') or os.path.abspath(
            self.build_temp)
        target = os.path.abspath(self.get_ext_fullpath(ext.name))
        os.makedirs(build, exist_ok=True)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if not os.path.exists(os.path.join(build, 'CMakeCache.txt')):
            subprocess.check_call([
                'cmake', '-S', ROOT, '-B', build, '-DCMAKE_BUILD_TYPE=Release',
                '-DBUILD_SHARED_LIBS=OFF', '-DCALLROUTER_BUILD_PYTHON=ON',
                '-DCALLROUTER_BUILD_TESTS=OFF', '-DCALLROUTER_BUILD_CLI=OFF',
                '-DCALLROUTER_BUILD_BENCHMARKS=OFF',
                '-DCALLROUTER_BUILD_EXAMPLES=OFF',
                '-DPYTHON_EXECUTABLE=' + sys.executable])
        subprocess.check_call([
            'cmake', '--build', build, '--target', 'callrouter_python',
            '--parallel', str(os.cpu_count() or 1)])
        folder = os.path.join(build, 'bindings', 'python', 'package',
                              'callrouter')
        built = [name for name in os.listdir(folder)
                 if name.startswith('_core.') and name.endswith('.so')]
        if len(built) != 1:
            raise RuntimeError('found %s in %s, expected one _core' %
                               (built, folder))
        self.copy_file(os.path.join(folder, built[0]), target)


setup(version=version(), ext_modules=[Extension('callrouter._core', [])],
      cmdclass={'build_ext': CMakeBuild})
