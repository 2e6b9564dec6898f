"""Writes callrouter/_core.pyi, the types of the compiled module, from itself.

    make_stubs.py OUT      with the built package on PYTHONPATH

Names, arguments and defaults are those that pybind11 writes into docstrings,
types of fields those of the C++ headers. A test checks that the committed file
is what this writes, and with stubtest, if that is installed, that it is so.
"""

import enum
import inspect
import re
import sys

sys.path.pop(0)  # The package beside this file has no compiled part.
from callrouter import Value, _core  # pylint: disable=wrong-import-position

HEAD = '''"""Types of the compiled part of callrouter. Made by make_stubs.py."""

from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, Callable, Iterator, Sequence, Union

from callrouter._values import Value

TimeLike = Union[float, datetime]
DurationLike = Union[float, timedelta]

__version__: str
'''
# What pybind11 cannot know.
RETURNS = {
    'Engine.handle': 'list[Decision]', 'Engine.advance': 'list[Decision]',
    'Engine.apply': 'list[Decision]', 'Engine.apply_prepared':
    'list[Decision]', 'EventRecordReader.__iter__': 'EventRecordReader',
    'EventRecordReader.__next__':
    'tuple[float, Event | Configuration | None]',
}
ENUMS = {name for name, value in vars(_core).items()
         if inspect.isclass(value) and issubclass(value, enum.IntEnum)}
VALUES = {name for name, value in vars(_core).items()
          if inspect.isclass(value) and issubclass(value, Value)}
FIELDS = _core._types_of_fields()
HELD = {name for name in FIELDS if name not in VALUES}
CALLABLES = {'read': 'Callable[[str], str] | None',
             'progress': 'Callable[[float], bool | None] | None',
             'resolve': 'Callable[[str, str], Sequence[tuple[str, str]]]'
                        ' | None',
             'pacer': 'DialPacer | str | Callable[[DialMoment], int]'}


def given(kind):
    """The type of an argument."""
    kind = kind.replace('callrouter._core.', '')

    def widen(match):
        word = match.group()
        if word in ENUMS:
            return word + ' | str'
        if word in VALUES or word in HELD and kind != word:
            return word + ' | dict[str, Any]'
        return {'object': 'Any', 'List': 'list'}.get(word, word)
    return re.sub(r'\w+', widen, kind)


def got(kind):
    """The type of a result."""
    kind = kind.replace('callrouter._core.', '').replace('object', 'Any')
    while 'Sequence[' in kind:
        kind = re.sub(r'Sequence\[((?:[^\[\]]|\[[^\[\]]*\])*)\]',
                      r'tuple[\1, ...]', kind)
    return re.sub(r'\b(Time|Duration)Like\b', 'float', kind)


def split(text):
    """Arguments of a signature: commas within brackets do not count."""
    parts, depth, part = [], 0, ''
    for char in text:
        depth += (char in '[(<{') - (char in '])>}')
        if char == ',' and depth == 0:
            parts.append(part.strip())
            part = ''
        else:
            part += char
    return [each for each in parts + [part.strip()] if each]


def signature(name, doc, owner=''):
    """One def from the first line of a docstring."""
    match = re.match(r'\w*\((.*)\) -> (.*)', (doc or '').split('\n')[0])
    if not match:
        return None
    arguments = []
    for i, part in enumerate(split(match.group(1))):
        if part.startswith('*'):
            arguments.append(part.split(':')[0] + ': Any')
            continue
        word, _, rest = part.partition(': ')
        kind, _, default = rest.partition(' = ')
        if word in ('self', 'arg0') and owner and i == 0:
            arguments.append('self')
            continue
        kind = CALLABLES.get(word, given(kind)) if kind == 'object' or \
            word in CALLABLES else given(kind)
        arguments.append('%s: %s%s' % (word, kind,
                                       ' = ...' if default else ''))
    # Operators take theirs by position.
    if name.startswith('__') and name != '__init__':
        arguments = [a.replace('arg0: ', '__other: ') for a in arguments]
    back = RETURNS.get('%s.%s' % (owner, name), got(match.group(2)))
    return 'def %s(%s) -> %s: ...' % (name, ', '.join(arguments), back)


def bound(name, kind):
    """The stub of a class of pybind11's."""
    lines = ['class %s:' % name]
    types = {field: text for field, text, _ in FIELDS.get(name, ())}
    if types:
        lines.append('    def __init__(self, %s) -> None: ...' % ', '.join(
            '%s: %s = ...' % (field, given(text))
            for field, text in types.items()))
    for member, value in sorted(vars(kind).items()):
        if member == 'tell':
            lines.append('    def tell(self, kind: EventKind | str, now: '
                         'TimeLike, **fields: Any) -> list[Decision]: ...')
        elif isinstance(value, property):
            text = got(types[member]) if member in types else got(
                value.fget.__doc__.split('-> ')[1].split('\n')[0])
            lines += ['    @property',
                      '    def %s(self) -> %s: ...' % (member, text)]
        elif isinstance(value, staticmethod):
            text = signature(member, value.__func__.__doc__)
            lines += ['    @staticmethod', '    ' + text]
        elif member == '_fields':
            lines.append('    _fields: tuple[str, ...]')
        elif member != '__init__' or not types:
            text = signature(member, getattr(value, '__doc__', ''), name)
            if text and (not member.startswith('__') or member in (
                    '__init__', '__iter__', '__next__', '__len__')):
                lines.append('    ' + text)
    return lines if len(lines) > 1 else [lines[0] + ' ...']


def value_class(name):
    lines = ['class %s(Value):' % name]
    fields = FIELDS[name]
    lines.append('    def __new__(cls, %s) -> %s: ...' % (', '.join(
        '%s: %s = ...' % (field, given(kind)) for field, kind, _ in fields),
        name))
    for field, kind, _ in fields:
        # Fields hide tuple's methods: a value is no plain sequence.
        hides = '  # type: ignore[override]' if hasattr(tuple, field) else ''
        lines += ['    @property' + hides,
                  '    def %s(self) -> %s: ...' % (field, got(kind))]
    return lines


def main():
    lines = [HEAD]
    for name, value in sorted(vars(_core).items()):
        if name.startswith('_'):
            continue
        if name in ENUMS:
            lines += ['', 'class %s(IntEnum):' % name]
            lines += ['    %s = %d' % (m.name, m.value) for m in value]
        elif name in VALUES:
            lines += [''] + value_class(name)
        elif inspect.isclass(value):
            lines += [''] + bound(name, value)
        elif callable(value):
            lines += ['', signature(name, value.__doc__)]
    with open(sys.argv[1], 'w', encoding='utf-8') as file:
        file.write('\n'.join(lines) + '\n')


if __name__ == '__main__':
    main()
