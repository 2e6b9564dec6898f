"""Checks tests/capabilities.txt: every public C++ name, and how C and Python
reach it.

  capabilities.py <root>          every fault of the table; ends with 1 if any
  capabilities.py <root> --names  the public names, one a line

A row is `C++ name | C | Python`. The second column names functions of
callrouter_c.h, or says `no: ` and why not; so does the third, whose names are
checked against bindings/python if that is there. `?` is open: a fault once the
package is there.
"""

import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), 'c_abi'))
import c_header  # noqa: E402  The reader of the C header.


def strip(text):
    text = re.sub(r'//[^\n]*', '', text)
    text = re.sub(r'^\s*#.*(?:\\\n.*)*$', '', text, flags=re.M)
    return re.sub(r'=\s*\{\}', '', text)  # Default arguments, initial values.


def bodies_removed(text):
    """`text` without what stands in braces of functions."""
    out, i = [], 0
    while i < len(text):
        if text[i] == '{':
            before = ''.join(out).rstrip()
            if before.endswith((')', 'const', 'noexcept')) or re.search(
                    r'\)\s*:[^;{}]*$', before):
                depth, i = 1, i + 1
                while depth:
                    depth += {'{': 1, '}': -1}.get(text[i], 0)
                    i += 1
                out.append(';')
                continue
        out.append(text[i])
        i += 1
    return ''.join(out)


def public_names(header):
    """Classes, their public functions, enums and free functions."""
    text = bodies_removed(strip(header))
    names = []
    stack = []  # Of (name or '', access).
    for piece in re.findall(r'[^;{}]*[;{}]', text, flags=re.S):
        body, end = ' '.join(piece[:-1].split()), piece[-1]
        for access in re.findall(r'\b(public|private|protected):', body):
            if stack:
                stack[-1] = (stack[-1][0], access)
        body = re.sub(r'\b(public|private|protected):', '', body).strip()
        visible = all(access == 'public' for _, access in stack)
        scope = '::'.join(name for name, _ in stack if name)
        kind = re.match(r'(?:template <[^>]*> )?(enum class|enum|class|struct|'
                        r'namespace)\s*(\w*)', body)
        if end == '{':
            if kind and kind.group(1) == 'namespace':
                stack.append(('', 'public'))
            elif kind and '(' not in body and '=' not in body:
                name = kind.group(2)
                if visible:
                    names.append('::'.join(filter(None, [scope, name])))
                stack.append((name, 'private' if kind.group(1) == 'class'
                              else 'public'))
            else:
                stack.append(('', 'private'))
            continue
        if visible and end == ';':
            function = re.search(r'(~?\b\w+)\s*\(', body)
            if function and not re.match(
                    r'(friend|explicit|using|template|typedef|static_assert|'
                    r'constexpr explicit)\b', body) and '=' not in body.split(
                        '(')[0] and 'operator' not in body:
                name = function.group(1)
                owner = scope.split('::')[-1] if scope else ''
                if name.lstrip('~') != owner:
                    names.append('::'.join(filter(None, [scope, name])))
        if end == '}' and stack:
            stack.pop()
    # Accessors of plain values are part of the value.
    parts = {name.split('::')[0] for name in names if name.endswith('::Create')}
    return [name for name in names if name != 'std' and (
        not name.split('::')[-1][0].islower() or name.split('::')[0] in parts)]


def all_names(root):
    folder = os.path.join(root, 'include', 'callrouter')
    names = {}
    for file in sorted(os.listdir(folder)):
        if file.endswith('.h'):
            with open(os.path.join(folder, file), encoding='utf-8') as text:
                for name in public_names(text.read()):
                    names.setdefault(name, file)
    return names


def read_table(root):
    rows = {}
    path = os.path.join(root, 'tests', 'capabilities.txt')
    with open(path, encoding='utf-8') as file:
        for number, line in enumerate(file, 1):
            line = line.strip()
            if not line or line.startswith('#'):
                continue
            parts = [part.strip() for part in line.split('|')]
            rows[parts[0]] = (number, parts[1:])
    return rows


def python_text(root):
    folder = os.path.join(root, 'bindings', 'python')
    text = ''
    for where, _, files in os.walk(os.path.join(folder, 'callrouter')):
        for name in files:
            if name.endswith(('.pyi', '.py')):
                with open(os.path.join(where, name), encoding='utf-8') as file:
                    text += file.read()
    return text


def check(root):
    faults = []
    rows, names = read_table(root), all_names(root)
    headers = os.path.join(root, 'bindings', 'c', 'include')
    c_names = {f.name for f in c_header.read(headers)}
    for name in os.listdir(headers):
        with open(os.path.join(headers, name), encoding='utf-8') as file:
            c_names.update(re.findall(r'\b(cr_\w+)\b', file.read()))
    python = python_text(root)
    used = set()
    for name in sorted(set(names) - set(rows)):
        faults.append('%s (%s): not in the table' % (name, names[name]))
    for name in sorted(set(rows) - set(names)):
        faults.append('%s: in no public header' % name)
    for name, (number, columns) in rows.items():
        if len(columns) != 2:
            faults.append('line %d: found %d columns, expected 3' % (
                number, len(columns) + 1))
            continue
        for column, known in zip(columns, ('C', 'Python')):
            if re.match(r'no: \w', column):
                continue
            if column == '?' and known == 'Python' and not python:
                continue
            for word in column.split(', '):
                used.add(word)
                there = (word in c_names if known == 'C' else re.search(
                    r'\b%s\b' % re.escape(word.split('.')[-1]), python))
                if not there:
                    faults.append('line %d: %s has no %s' % (
                        number, known, word))
    functions = {f.name for f in c_header.read(headers)}
    print('%d public names of C++, %d functions of C, of which %d are named' % (
        len(names), len(functions), len(functions & used)))
    return faults


def main():
    root = sys.argv[1]
    if '--names' in sys.argv:
        for name, file in all_names(root).items():
            print(file, name)
        return
    faults = check(root)
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


if __name__ == '__main__':
    main()
