"""Makes a notebook of a script in cells: make_notebook.py SCRIPT NOTEBOOK

A line `# %%` begins a cell of code, `# %% [markdown]` one of text in comments.
With --check it only says whether NOTEBOOK is what it would write.
"""

import json
import re
import sys


def cells(text):
    parts = re.split(r'^# %%(.*)\n', text, flags=re.M)
    for number, (kind, body) in enumerate(zip(parts[1::2], parts[2::2])):
        lines = body.strip('\n').splitlines(keepends=True)
        if lines:
            lines[-1] = lines[-1].rstrip('\n')
        cell = {'cell_type': 'code', 'execution_count': None,
                'id': 'cell-%d' % number, 'metadata': {}, 'outputs': [],
                'source': lines}
        if 'markdown' in kind:
            cell = {'cell_type': 'markdown', 'id': 'cell-%d' % number,
                    'metadata': {},
                    'source': [re.sub(r'^# ?', '', line) for line in lines]}
        yield cell


def notebook(text):
    return json.dumps({
        'cells': list(cells(text)),
        'metadata': {'kernelspec': {'display_name': 'Python 3',
                                    'language': 'python', 'name': 'python3'},
                     'language_info': {'name': 'python'}},
        'nbformat': 4, 'nbformat_minor': 5}, indent=1) + '\n'


def main():
    check = '--check' in sys.argv
    script, target = [arg for arg in sys.argv[1:] if arg != '--check']
    with open(script, encoding='utf-8') as file:
        made = notebook(file.read())
    if check:
        with open(target, encoding='utf-8') as file:
            if file.read() != made:
                sys.exit('%s: found another text, expected what '
                         'make_notebook.py makes of %s' % (target, script))
        return
    with open(target, 'w', encoding='utf-8') as file:
        file.write(made)


if __name__ == '__main__':
    main()
