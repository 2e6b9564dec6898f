#!/usr/bin/python3
"""Writes the manual page and the bash completion of the callrouter program
from what the program says of itself, so that they cannot be out of step.

  cli_pages.py <program> <version> <folder>     callrouter.1, callrouter.bash
"""

import os
import re
import subprocess
import sys


def sections(text):
    """(what it is for, usage, {heading: [(name, words)]}, footer)."""
    lines = text.rstrip().split('\n')
    about, usage, parts, footer, heading = [], '', {}, [], None
    for line in lines:
        if line.startswith('Usage: '):
            usage = line[7:]
        elif re.match(r'(Options|Positionals|Subcommands):$', line):
            heading = line[:-1]
            parts[heading] = []
        elif heading and line.startswith(' '):
            # Names that are too long for their column have words below.
            match = re.match(r' {2}(\S.*?)(?: {2,}(\S.*))?$', line)
            if line.startswith(' ' * 20) and parts[heading]:
                name, words = parts[heading][-1]
                parts[heading][-1] = (name, (words + ' ' + line.strip()).strip())
            elif match:
                parts[heading].append((match.group(1), match.group(2) or ''))
        elif line and heading:
            footer.append(line)
        elif line:
            about.append(line)
    return ' '.join(about), usage, parts, ' '.join(footer)


def commands(program, words=()):
    """Every command with its sections, the program itself first."""
    text = subprocess.run([program, *words, '--help'], check=True,
                          capture_output=True, text=True).stdout
    found = [(words, sections(text))]
    for name, _ in found[0][1][2].get('Subcommands', []):
        found += commands(program, (*words, name.split()[0]))
    return found


def escape(text):
    text = text.replace('\\', '\\\\').replace('-', '\\-').replace('"', '\\(dq')
    return '\\&' + text if text[:1] in ".'" else text


def page(all_commands, version):
    (_, (about, _, _, footer)), *rest = all_commands
    lines = ['.\\" Written by scripts/cli_pages.py from what the program says.',
             '.TH CALLROUTER 1 "" "callrouter %s"' % version,
             '.SH NAME', 'callrouter \\- ' + escape(about[:1].lower() +
                                                    about[1:].rstrip('.')),
             '.SH SYNOPSIS']
    for words, (_, usage, parts, _) in rest:
        if 'Subcommands' not in parts:
            lines += ['.B ' + escape(' '.join(('callrouter', *words))),
                      escape(usage.split(' ', 1 + len(words))[-1]), '.br']
    lines.append('.SH COMMANDS')
    for words, (about, _, parts, _) in rest:
        if 'Subcommands' in parts:
            continue
        lines += ['.SS callrouter ' + escape(' '.join(words)),
                  escape(about) + '.']
        for heading in ('Positionals', 'Options'):
            for name, what in parts.get(heading, []):
                if not name.startswith('-h,'):
                    lines += ['.TP', '.B ' + escape(name),
                              escape(what or 'See above.')]
    status = footer.split(': ', 1)[-1]
    lines += ['.SH EXIT STATUS', escape(status)]
    return '\n'.join(lines) + '\n'


def completion(all_commands):
    lines = ['# Bash completion for callrouter. Written by scripts/cli_pages.py.',
             '_callrouter() {',
             '  local words=() word next="" current=${COMP_WORDS[COMP_CWORD]}',
             '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
             '    case $word in -*) ;; *) words+=("$word") ;; esac',
             '  done',
             '  case "${words[*]}" in']
    # The longest command first: what follows it are files.
    for words, (_, _, parts, _) in sorted(all_commands,
                                          key=lambda c: -len(c[0])):
        following = [n.split()[0] for n, _ in parts.get('Subcommands', [])]
        following += [o for n, _ in parts.get('Options', [])
                      for o in n.split()[0].split(',')]
        pattern = '"%s"*' % ' '.join(words) if words else '*'
        lines.append('    %s) next="%s" ;;' % (pattern, ' '.join(following)))
    lines += ['  esac',
              '  # shellcheck disable=SC2207',
              '  COMPREPLY=($(compgen -W "$next" -- "$current"))',
              '}',
              'complete -o default -F _callrouter callrouter']
    return '\n'.join(lines) + '\n'


def main():
    program, version, folder = sys.argv[1:4]
    found = commands(os.path.abspath(program))
    for name, text in (('callrouter.1', page(found, version)),
                       ('callrouter.bash', completion(found))):
        with open(os.path.join(folder, name), 'w', encoding='utf-8') as file:
            file.write(text)


if __name__ == '__main__':
    main()
