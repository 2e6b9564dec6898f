"""Checks that what the documents point at is there.

docs_test.py ROOT: every relative link of every Markdown file, with its anchor;
and every event, decision and option that docs/ names in code and that begins
like one of ours (kSomething) is in a public header.
"""

import pathlib
import re
import subprocess
import sys

LINK = re.compile(r'(?<!!)\[[^\]]*\]\(([^)\s]+)\)')
CONSTANT = re.compile(r'`(?:[A-Z]\w*::)?(k[A-Z][A-Za-z0-9]+)`')


def anchors(text):
    """The anchors that a Markdown reader makes of the headings of `text`."""
    found = set()
    for heading in re.findall(r'^#+ +(.*?) *$', text, re.M):
        plain = re.sub(r'[^\w\- ]', '', heading.lower())
        found.add(plain.replace(' ', '-'))
    return found


def faults_of(root, path, constants):
    text = path.read_text(encoding='utf-8')
    for link in LINK.findall(text):
        if re.match(r'[a-z]+:', link):
            continue
        name, _, anchor = link.partition('#')
        target = (path.parent / name) if name else path
        if not target.exists():
            yield f'{path.relative_to(root)}: link to {link}: no such file'
        elif anchor and target.suffix == '.md':
            if anchor not in anchors(target.read_text(encoding='utf-8')):
                yield f'{path.relative_to(root)}: link to {link}: no heading'
    if path.name == 'CONTRIBUTING.md':
        return  # Speaks of what is inside.
    for constant in CONSTANT.findall(text):
        if constant not in constants:
            yield f'{path.relative_to(root)}: {constant}: in no public header'


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    listed = subprocess.run(
        ['git', '-C', root, 'ls-files', '--cached', '--others',
         '--exclude-standard', '*.md'],
        capture_output=True, text=True, check=False)
    names = listed.stdout.split('\n') if listed.returncode == 0 else []
    paths = [root / name for name in names if name]
    paths = [path for path in paths if path.exists()]
    if not paths:
        paths = [*root.glob('*.md'), *root.glob('docs/*.md')]
    constants = set()
    for header in root.glob('include/callrouter/*.h'):
        constants |= set(re.findall(r'\bk[A-Z]\w+', header.read_text('utf-8')))
    faults = [f for path in paths for f in faults_of(root, path, constants)]
    print('\n'.join(faults) or f'{len(paths)} documents: all links lead there')
    return 1 if faults or not paths or not constants else 0


if __name__ == '__main__':
    sys.exit(main())
