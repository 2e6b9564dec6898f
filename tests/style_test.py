"""Checks the project against tests/style_rules.py.

  style_test.py <root>       every fault of the tree; ends with 1 if any
  style_test.py --self-test  each rule finds a violation seeded for it, and
                             nothing in text that only looks like one
"""

import os
import subprocess
import sys

import style_rules

TEXT = ('.h', '.cc', '.in', '.py', '.cmake', '.txt', '.md', '.proto', '.json',
        '.textproto', '.conf', '.sh', '.yml', '')


def read_tree(root):
    """{path: text} of what git tracks or would, or of all when there is none."""
    try:
        names = subprocess.run(
            ['git', '-C', root, 'ls-files', '-z', '--cached', '--others',
             '--exclude-standard'], check=True, capture_output=True, text=True
        ).stdout.split('\0')
    except (OSError, subprocess.CalledProcessError):
        names = [os.path.relpath(os.path.join(folder, file), root)
                 for folder, folders, files in os.walk(root)
                 for file in files if 'build' not in folder.split(os.sep)]
    files = {}
    for name in names:
        path = os.path.join(root, name)
        if (name and os.path.splitext(name)[1] in TEXT
                and '/corpus/' not in name and os.path.isfile(path)):
            with open(path, encoding='utf-8', errors='replace') as file:
                files[name] = file.read()
    return files


# A tree in miniature, without a fault.
CLEAN = {
    'src/CMakeLists.txt':
        'callrouter_library(kit SOURCES box.cc)\n'
        'callrouter_library(queueing SOURCES rule.cc LINK callrouter_kit)\n'
        'callrouter_library(engine SOURCES engine.cc)\n'
        'callrouter_library(config SOURCES file.cc)\n',
    'include/callrouter/box.h':
        '// callrouter/box.h\n//\n// A box. Never calls abort() or time(0).\n'
        '// Thread safety: a value.\n#ifndef CALLROUTER_BOX_H_\n'
        '#define CALLROUTER_BOX_H_\n#include <string>\nclass Box {\n public:\n'
        '  int size() const { return 1; }\n};\n#endif\n',
    'src/box.cc': '#include "callrouter/box.h"\n'
                  'const char kText[] = "std::cout << time(0); throw";\n',
    'src/rule.cc': '#include "callrouter/box.h"\n#include "absl/time/time.h"\n'
                   'double Root(double x) { return std::sqrt(x); }\n'
                   'absl::flat_hash_map<int, int> map;\n'
                   'bool Has(int x) { return map.find(x) != map.end(); }\n'
                   '// Any order: a sum of whole numbers.\n'
                   'void Sum() { for (auto& x : map) sum += x.second; }\n'
                   'std::map<Id, Box*> boxes; int64_t retime(int x);\n'
                   'absl::Time due = timer.time(0); long n = 1\'000\'000;\n',
    'src/engine.cc': '#include "callrouter/box.h"\n#include "box_lid.h"\n',
    'src/box_lid.h': '',
    'src/file_parts.h': '',
    'src/file.cc': '#include "callrouter/v1/config.pb.h"\n'
                   '#include "callrouter/box.h"\n'
                   'double Log(double x) { return std::log(x); }\n',
    'src/cli/main.cc': '#include <iostream>\n'
                       'int main() { std::cout << getenv("X"); }\n',
}


def in_core(line):
    return {'src/rule.cc': line + '\n'}


SEEDED = [
    ('clock', in_core('auto t = absl::Now();')),
    ('clock', in_core('auto t = std::chrono::steady_clock::now();')),
    ('clock', in_core('long t = time(nullptr);')),
    ('clock', in_core('gettimeofday(&tv, nullptr);')),
    ('clock', {'src/file.cc': 'auto t = absl::Now();\n'}),
    ('file', in_core('std::ifstream f("x");')),
    ('file', in_core('FILE* f = fopen("x", "r");')),
    ('socket', in_core('#include <sys/socket.h>')),
    ('thread', in_core('std::mutex lock;')),
    ('thread', in_core('absl::Mutex lock;')),
    ('environment', in_core('const char* home = getenv("HOME");')),
    ('output', in_core('std::cerr << 1;')),
    ('output', in_core('  printf("x");')),
    ('abort', in_core('if (bad) abort();')),
    ('abort', in_core('if (bad) std::terminate();')),
    ('abort', in_core('CHECK(x);')),
    ('exception', in_core('throw 1;')),
    ('exception', in_core('int n = std::stoi(text);')),
    ('random', in_core('absl::BitGen gen;')),
    ('random', in_core('std::uniform_int_distribution<int> d(0, 9);')),
    ('random', in_core('int x = rand();')),
    ('random', in_core('std::shuffle(a, b, g);')),
    ('libm', in_core('double x = std::exp(y);')),
    ('libm', in_core('double x = pow(y, 2);')),
    ('libm', in_core('double x = std::log1p(y);')),
    ('fast float', in_core('double x = std::fma(a, b, c);')),
    ('pointer order', in_core('std::map<Agent*, int> m;')),
    ('hash order', in_core('absl::flat_hash_map<int, std::vector<int>> m_;\n'
                           'void F() { for (auto& x : m_) Take(x); }')),
    ('hash order', in_core('std::unordered_set<int> s;\n'
                           'int First() { return *s.begin(); }')),
    ('hash order', {
        'include/callrouter/rule.h':
            '// callrouter/rule.h\n// Thread safety: none.\n'
            '#ifndef CALLROUTER_RULE_H_\n#define CALLROUTER_RULE_H_\n'
            'class Rule { absl::flat_hash_map<int, int> map_; };\n#endif\n',
        'src/rule.cc': 'void F() { for (auto& [k, v] : map_) Take(k); }\n'}),
    ('string_view', {'include/callrouter/box.h': CLEAN[
        'include/callrouter/box.h'].replace('int size', 'absl::string_view x')
    }),
    ('include direction', {'src/box.cc': '#include "rule.h"\n',
                           'src/rule.h': '#include "callrouter/box.h"\n'}),
    ('include direction', in_core('#include "callrouter/engine.h"')),
    ('include direction', in_core('#include "callrouter/unknown.h"')),
    ('include direction', in_core('#include "file_parts.h"')),
    ('include direction', {'src/engine.cc': '#include "file.h"\n'}),
    ('protobuf below L4', in_core('#include "callrouter/v1/config.pb.h"')),
    ('protobuf below L4', in_core('#include <google/protobuf/message.h>')),
    ('layer', {'src/stray.cc': 'int x;\n'}),
    ('size', in_core('int x;\n' * 501)),
    ('size', {'include/callrouter/box.h': CLEAN['include/callrouter/box.h'] +
              '// more\n' * 300}),
    ('size', in_core('int F(int x) {\n' + '  ++x;\n' * 69 + '}')),
    ('size', in_core('namespace n {\nclass C {\n  void G() {\n' +
                     '    ++x;\n' * 69 + '  }\n};\n}')),
    ('size', in_core('//' + 'x' * 80)),
    ('blanks', in_core('int x; ')),
    ('header', {'include/callrouter/box.h': 'int x;\n'}),
    ('header', {'include/callrouter/box.h': CLEAN[
        'include/callrouter/box.h'].replace('CALLROUTER_BOX_H_', 'BOX_H')}),
    ('place', {'README.md': 'see /' + 'work/main\n'}),
    ('place', {'docs/a.md': 'as iss' + 'ue 2 says\n'}),
    ('place', {'README.md': '../sha' + 'red/reference/real\n'}),
]


def self_test():
    failures = ['clean tree: %s' % (fault,)
                for fault in style_rules.check(CLEAN)]
    allowed = {'.ci/run': 'x=../sha' + 'red/reference/real\n'}
    failures += ['allowed: %s' % (f,) for f in style_rules.check(allowed)]
    exact = dict(CLEAN, **in_core('int F(int x) {\n' + '  ++x;\n' * 68 + '}'))
    failures += ['70 lines: %s' % (f,) for f in style_rules.check(exact)]
    for rule, change in SEEDED:
        rules = {fault.rule for fault in style_rules.check({**CLEAN, **change})}
        if rule not in rules:
            failures.append('not found: %s in %r' % (rule, change))
    tested = {rule for rule, _ in SEEDED}
    failures += ['no seeded violation for: ' + ban.rule
                 for ban in style_rules.BANS if ban.rule not in tested]
    print('%d seeded violations' % len(SEEDED))
    return failures


def main():
    if sys.argv[1:] == ['--self-test']:
        failures = self_test()
    else:
        files = read_tree(sys.argv[1])
        failures = ['%s:%d: %s: %s' % fault
                    for fault in style_rules.check(files)]
        print('%d files' % len(files))
        if not any(path.startswith('src/') for path in files):
            failures.append('no source seen: is %s the project?' % sys.argv[1])
    for failure in failures:
        print(failure)
    sys.exit(1 if failures else 0)


if __name__ == '__main__':
    main()
