"""Describes the plain values of the public headers to the Python module.

    describe.py [--list] INCLUDE_FOLDER OUT_FOLDER

Every struct and enum of the public headers becomes rows of a table: name, C++
type, and the comment it has in the header. The headers stay the only place
where a field is named and explained; a field added there is in Python with
the next build, and one that cannot be converted does not compile.

Writes values_types.h (what exists), values_<header>.cc (the rows) and
values_all.h (all of them); with --list it says which files these are.
"""

import os
import re
import sys

# Tools for whoever writes C++: nothing in them is a plain value.
TOOLS = {'histogram', 'id', 'ordered_index', 'phone_number', 'progress',
         'random', 'requirement', 'timer_queue'}
# Engines that dial cannot be made in Python yet.
TOOLS |= {'outbound', 'outbound_file', 'outbound_setup'}
# Functions or pointers inside, or a message: bound by hand.
SKIPPED = {'SimulateOptions', 'CampaignPlan', 'AsteriskImport', 'AsteriskFile',
           'EventRecord',
           'ArrivingCall'}
# Functions: not in Python.
SKIPPED_FIELDS = {'LeadFileOptions.accept'}
# May be big: kept in C++, and read field by field.
HELD = {'Configuration', 'NumberRules', 'DialRules', 'NumberPatch', 'PoolFile',
        'LeadFile', 'Scenario', 'Statistics', 'ImportReport'}
# Words of Python, and what cannot begin a name.
RENAMED = {'from': 'from_', '30_DAYS': 'DAYS_30'}


def upper(name):
    """kNoAnswer -> NO_ANSWER"""
    words = re.sub(r'(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])', '_',
                   name[1:]).upper()
    return RENAMED.get(words, words)


class Body:
    """The lines of a header between the braces of one struct or enum."""

    def __init__(self, name, kind, doc, lines):
        self.name, self.kind, self.doc, self.lines = name, kind, doc, lines


def split(lines, outer=''):
    """Yields each struct and enum in `lines`, then what lies inside it."""
    comment, i = [], 0
    while i < len(lines):
        line = lines[i]
        text = line.strip()
        match = re.match(r'(struct|enum class|class) (\w+)[^;]*$',
                         text.split(' {')[0]) if '{' in text else None
        if match:
            end, depth = i, 0
            while True:
                code = lines[end].split('//')[0]
                depth += code.count('{') - code.count('}')
                if depth == 0:
                    break
                end += 1
            kind, name = match.groups()
            inner = lines[i + 1:end]
            if end == i:
                inner = re.findall(r'\{(.*)\}', text)
            if kind != 'class':
                yield Body((outer + '::' if outer else '') + name, kind,
                           ' '.join(comment), inner)
            if kind == 'struct':
                yield from split(inner, (outer + '::' if outer else '') + name)
            i = end
        if text.startswith('//'):
            comment.append(text[2:].strip())
        else:
            comment = []
        i += 1


def statements(lines):
    """Yields (code, comment) for each statement of a struct's body."""
    before, code, after, column, depth = [], '', [], None, 0
    for line in lines + ['']:
        bare, slashes, note = line.partition('//')
        if not bare.strip():
            if slashes and column == len(bare) and not code:
                after.append(note.strip())  # Goes on below.
                continue
            if after is not None and column is not None:
                yield done, ' '.join(before + after)
                before, after, column = [], [], None
            if slashes and not note.strip().startswith('---'):
                before.append(note.strip())
            elif not code:
                before = []
            continue
        if column is not None:
            yield done, ' '.join(before + after)
            before, after, column = [], [], None
        code += ' ' + bare.strip()
        depth = code.count('{') - code.count('}') + \
            code.count('(') - code.count(')')
        if slashes:
            after.append(note.strip())
        if depth == 0 and code.rstrip()[-1] in ';}':
            done, code = code.strip(), ''
            column = len(bare) if slashes else -1
    return


def fields(body):
    """Yields (C++ name, comment) of the data members."""
    for code, comment in statements(body.lines):
        if re.match(r'(struct|enum|static|friend|template|using|//)', code):
            continue
        head = re.split(r'[={]', code)[0]
        if '(' in head.replace('std::function<', ''):
            continue
        code = code.rstrip(';')
        # Without template arguments and values, commas part declarators.
        plain, depth = '', 0
        for char in code:
            depth -= char in '>}'
            plain += char if depth == 0 and char not in '>}' else ''
            depth += char in '<{'
        names = []
        for part in plain.split(','):
            match = re.search(r'(\w+)(\[\w+\])?\s*(=.*|\{?)$', part.strip())
            names.append(match.group(1))
        for name in names:
            yield name, comment


def enumerators(body):
    text = '\n'.join(re.sub(r'//.*', '', line) for line in body.lines)
    return re.findall(r'\b(k\w+)\b', re.sub(r'=[^,]*', '', text))


def quoted(text):
    """A C++ string; names of enumerators as they are in Python."""
    text = re.sub(r'\bk[A-Z]\w+', lambda match: upper(match.group()), text)
    return '"%s"' % text.replace('\\', '\\\\').replace('"', '\\"')


def summary(text, header):
    """What a struct is: its comment, or where to look."""
    return text or 'See callrouter/%s.h.' % header


def main():
    listing = '--list' in sys.argv
    include, out = sys.argv[-2:]
    headers = sorted(name[:-2] for name in os.listdir(
        os.path.join(include, 'callrouter')) if name.endswith('.h'))
    headers = [name for name in headers if name not in TOOLS]
    if listing:
        names = ['values_types.h', 'values_all.h']
        names += ['values_%s.cc' % name for name in headers]
        print(';'.join(os.path.join(out, name) for name in names))
        return
    types = ['// Made by describe.py from the public headers.',
             '#ifndef CALLROUTER_PYTHON_VALUES_TYPES_H_',
             '#define CALLROUTER_PYTHON_VALUES_TYPES_H_', '']
    types += ['#include "callrouter/%s.h"' % h for h in headers]
    types += ['#include "described.h"', '', 'namespace callrouter::python {']
    tables = []
    for header in headers:
        path = os.path.join(include, 'callrouter', header + '.h')
        with open(path, encoding='utf-8') as file:
            lines = file.read().split('\n')
        rows = ['// Made by describe.py from %s.h.' % header,
                '#include "values.h"', '', 'namespace callrouter::python {',
                'namespace {']
        lists = []
        for body in split(lines):
            python = body.name.replace('::', '')
            if body.name.split('::')[0] in SKIPPED:
                continue
            if body.kind == 'enum class':
                types.append(
                    'template <> struct Described<%s> : EnumTag '
                    '{ static constexpr auto kName = '
                    'pybind11::detail::const_name("%s"); };'
                    % (body.name, python))
                names = ['{%s, static_cast<int>(%s::%s)}' % (
                    quoted(upper(k)), body.name, k) for k in enumerators(body)]
                rows.append('const EnumRow k%s[] = {%s};' % (
                    python, ', '.join(names)))
                lists.append('  AddEnum<%s>(module, %s, %s, k%s);' % (
                    body.name, quoted(python), quoted(summary(body.doc, header)),
                    python))
                continue
            types.append(
                'template <> struct Described<%s> : %s '
                '{ static constexpr auto kName = '
                'pybind11::detail::const_name("%s"); };'
                % (body.name,
                   'HeldTag' if body.name in HELD else 'ValueTag', python))
            rows.append('const Field k%s[] = {' % python)
            for name, comment in fields(body):
                if body.name + '.' + name in SKIPPED_FIELDS:
                    continue
                rows.append('  CALLROUTER_FIELD(%s, %s, %s, %s),' % (
                    body.name, name, quoted(RENAMED.get(name, name)),
                    quoted(comment)))
            rows.append('};')
            lists.append('  Add%s<%s>(module, %s, %s, k%s);' % (
                'Held' if body.name in HELD else 'Value', body.name,
                quoted(python), quoted(summary(body.doc, header)), python))
        rows += ['}  // namespace', '', 'void AddTypesOf_%s('
                 '[[maybe_unused]] pybind11::module_& module) {' % header]
        rows += lists + ['}', '}  // namespace callrouter::python', '']
        tables.append(header)
        write(os.path.join(out, 'values_%s.cc' % header), rows)
    types += ['}  // namespace callrouter::python', '', '#endif', '']
    write(os.path.join(out, 'values_types.h'), types)
    write(os.path.join(out, 'values_all.h'),
          ['// Made by describe.py.', 'namespace callrouter::python {'] +
          ['void AddTypesOf_%s(pybind11::module_&);' % t for t in tables] +
          ['inline void AddAllTypes(pybind11::module_& module) {'] +
          ['  AddTypesOf_%s(module);' % t for t in tables] +
          ['}', '}  // namespace callrouter::python', ''])


def write(path, lines):
    text = '\n'.join(lines)
    if os.path.exists(path):
        with open(path, encoding='utf-8') as file:
            if file.read() == text:
                return
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


if __name__ == '__main__':
    main()
