"""Reads the functions of callrouter_c.h, and checks and tests them.

  c_header.py symbols <headers> <library>   the library exports just those
  c_header.py handles <headers> <out.c>     a program that gives every function
                                            null, foreign, destroyed and other
                                            handles
"""

import os
import re
import subprocess
import sys
from collections import namedtuple

Function = namedtuple('Function', 'result name parameters')


def read(folder):
    """All functions of the headers in `folder`, in their order."""
    functions = []
    for name in sorted(os.listdir(folder)):
        if not name.endswith('.h'):
            continue
        with open(os.path.join(folder, name), encoding='utf-8') as file:
            text = re.sub(r'//[^\n]*', '', file.read())
        for result, function, parameters in re.findall(
                r'CR_API\s+([\w\s*]+?)(\w+)\(([^;]*)\);', text):
            parts = [' '.join(p.split()) for p in parameters.split(',')]
            functions.append(Function(
                ' '.join(result.split()), function,
                [] if parts == ['void'] else parts))
    return functions


def handles(folder):
    """Names of the types that are only declared."""
    names = set()
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), encoding='utf-8') as file:
            names.update(re.findall(r'typedef struct (\w+) \1;', file.read()))
    return names


def symbols(folder, library):
    wanted = {f.name for f in read(folder)}
    out = subprocess.run(['nm', '-D', '--defined-only', library], check=True,
                         capture_output=True, text=True).stdout
    found = {re.sub('@.*', '', line.split()[-1]) for line in out.split('\n')
             if line and line.split()[-2] != 'A'}
    faults = ['not exported: ' + x for x in sorted(wanted - found)]
    faults += ['not in a header: ' + x for x in sorted(found - wanted)]
    print('%d functions' % len(wanted))
    if len(wanted) < 200:
        faults.append('found %d functions, expected 200 or more' % len(wanted))
    return faults


def program(folder):
    """Each function with each kind of none as its first handle, else zeros."""
    opaque = handles(folder)
    lines, tested = [], 0
    for f in read(folder):
        kinds = [re.match(r'(?:const )?(\w+) \*\w+$', p) for p in f.parameters]
        kinds = [m.group(1) if m else '' for m in kinds]
        at = [i for i, kind in enumerate(kinds) if kind in opaque]
        if not at:
            continue
        first = at[0]
        # Null is allowed where a function can do without.
        nullable = (kinds[first] == 'cr_faults' or
                    f.name == 'cr_number_pool_options_init')
        arguments = []
        for i, p in enumerate(f.parameters):
            if i == first:
                arguments.append('(%s *)none' % kinds[i])
            elif '*' in p or p.startswith('cr_read'):
                arguments.append('NULL')
            else:
                arguments.append('0')
        call = '%s(%s)' % (f.name, ', '.join(arguments))
        tested += 1
        if f.result == 'void':
            lines.append('  %s;' % call)
            continue
        value = {'cr_status': 'CR_INVALID_HANDLE'}.get(
            f.result, 'NULL' if '*' in f.result else '0')
        guard = 'if (none != NULL) ' if nullable and first > 0 else ''
        lines.append('  %sEXPECT(%s == %s);' % (guard, call, value))
    print('%d functions' % tested)
    return '''/* Made by c_header.py. */
#include <stdio.h>
#include "callrouter_c.h"
static int failures;
#define EXPECT(x) if (!(x)) { printf("%%s: not so: %%s\\n", what, #x); \\
  ++failures; }
static void all(const char *what, void *none) {
%s
}
int main(void) {
  int local[64] = {0};
  cr_bytes *gone = NULL;
  cr_bytes_create(&gone);
  cr_bytes_destroy(gone);
  all("null", NULL);
  all("foreign", local);
  all("foreign", (void *)1);
  all("foreign", (void *)-1);
  all("destroyed", gone);
  printf("%d functions, %%d failures\\n", failures);
  return failures != 0;
}
''' % ('\n'.join(lines), tested)


def main():
    command, folder, path = sys.argv[1:4]
    if command == 'handles':
        with open(path, 'w', encoding='utf-8') as file:
            file.write(program(folder))
        return
    faults = symbols(folder, path)
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


if __name__ == '__main__':
    main()
