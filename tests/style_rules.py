"""The rules of CONTRIBUTING.md that a machine can check.

Each rule names what is banned, why, and what to use instead. `check` takes
{path: text} and returns faults; it reads no file itself, so that the self-test
can feed it seeded violations.
"""

import re
from collections import namedtuple

Fault = namedtuple('Fault', 'path line rule message')
Ban = namedtuple('Ban', 'rule where pattern instead')

# Which layers a layer may include, besides itself. Groups of one level never
# include each other.
MAY_INCLUDE = {
    'base': set(),
    'kit': {'base'},
    'numbers': {'base', 'kit'},
    'dialing': {'base', 'kit'},
    'queueing': {'base', 'kit'},
    'engine': {'base', 'kit', 'numbers', 'dialing', 'queueing'},
    'proto': set(),
    'config': {'base', 'kit', 'numbers', 'dialing', 'queueing', 'engine',
               'proto'},
    'import': {'base', 'kit', 'numbers', 'queueing', 'engine', 'proto',
               'config'},
    'sim': {'base', 'kit', 'numbers', 'dialing', 'queueing', 'engine',
            'proto', 'config'},
}
# Levels L0 to L3.
CORE = {'base', 'kit', 'numbers', 'dialing', 'queueing', 'engine'}

# Headers without a source of the same name; all others get their layer from
# the callrouter_library() in src/CMakeLists.txt that names their source,
# or the sources of their first word.
HEADER_LAYER = {
    'include/callrouter/fault.h': 'base',
    'include/callrouter/id.h': 'base',
    'include/callrouter/progress.h': 'base',
    'include/callrouter/random.h': 'base',
    'include/callrouter/version.h': 'base',
    'include/callrouter/event.h': 'engine',
    'include/callrouter/outbound_setup.h': 'engine',
    'src/outbound_impl.h': 'engine',
    'include/callrouter/lead_choice.h': 'dialing',
    'src/lead_list_impl.h': 'dialing',
    'src/lead_records.h': 'dialing',
    'src/number_clock.h': 'kit',
    'src/number_table.h': 'kit',
    'src/ready_heap.h': 'kit',
    'src/quoted.h': 'base',
    'include/callrouter/decision.h': 'engine',
    'include/callrouter/statistics.h': 'engine',
}

# where: core = L0 to L3; library = all of include/ and src/ but the program;
# public = include/ only.
BANS = [
    Ban('clock', 'library',
        r'\babsl::Now\b|\bGetCurrentTimeNanos\b|\b(system|steady|high_resolution'
        r')_clock\b|(?<![\w.>:])time\s*\(\s*(NULL|nullptr|0|&)|\bgettimeofday\b|'
        r'\bclock_gettime\b|(?<![\w.>:])clock\s*\(\s*\)|\bSleepFor\b|'
        r'\bsleep_for\b',
        'the `now` the host hands in'),
    Ban('file', 'library',
        r'\b[io]?fstream\b|\bfopen\b|\bopen\w*\s*\([^)]*\bO_[A-Z]+|\bstd::filesystem\b|'
        r'#\s*include\s*<(fstream|filesystem|fcntl\.h|unistd\.h|cstdio|stdio\.h'
        r')>',
        'text handed in by the host, a resolver for what it includes'),
    Ban('socket', 'library',
        r'#\s*include\s*<(sys/socket|netinet/\w+|arpa/inet|netdb|poll|sys/epoll)'
        r'\.h>|(?<![\w.>:])(socket|connect|accept|recv)\s*\(',
        'events in and decisions out; the host does the talking'),
    Ban('thread', 'library',
        r'\bstd::(j?thread|mutex|shared_mutex|async|condition_variable|atomic\w*'
        r'|call_once)\b|\babsl::(Mutex|Notification|BlockingCounter|call_once)\b'
        r'|\bthread_local\b|#\s*include\s*<(thread|mutex|atomic|future)>',
        'one engine per thread; share by sharding'),
    Ban('environment', 'library',
        r'\b(secure_)?getenv\b|\bsetlocale\b|\bstd::locale\b',
        'a field of the options'),
    Ban('output', 'library',
        r'\bstd::(cout|cerr|clog|printf|fprintf|puts)\b|(?<![\w.>:])f?printf\s*\('
        r'|\bABSL_(RAW_)?LOG\b|#\s*include\s*<iostream>',
        'a returned status, a decision or a string'),
    Ban('abort', 'library',
        r'(?<![\w.>])(std::)?(abort|terminate|quick_exit|_Exit)\s*\(|'
        r'(?<![\w.>:])exit\s*\(|\bstd::exit\b|\b(ABSL_RAW_)?CHECK\s*\(',
        'assert() for our own mistakes and kInternal in release'),
    Ban('exception', 'library',
        r'\bthrow\b|\btry\s*\{|\bcatch\s*\(|\bstd::sto(i|l|ll|ul|ull|f|d|ld)\b|'
        r'\bstd::regex\b',
        'absl::Status, absl::SimpleAtoi'),
    Ban('random', 'library',
        r'\babsl::(Insecure)?BitGen\b|\babsl::(Uniform|Bernoulli|Exponential|'
        r'Poisson|Gaussian)\b|\bstd::\w+_distribution\b|\bstd::(mt19937(_64)?|'
        r'random_device|minstd_rand0?|shuffle|default_random_engine)\b|'
        r'(?<![\w.>:])(std::)?s?rand\s*\(',
        'the generator of callrouter/random.h, whose state is saved'),
    Ban('libm', 'core',
        r'(?<![\w.>])(std::)?(exp2?|expm1|log|log2|log10|log1p|pow|sinh?|cosh?|'
        r'tanh?|asin|acos|atan2?|cbrt|hypot|tgamma|lgamma|erfc?)[fl]?\s*\('
        r'(?!\s*\))',
        'whole numbers, + - * / and sqrt: libm differs between machines'),
    Ban('fast float', 'library', r'\bfma[fl]?\s*\(|#\s*pragma\s+STDC',
        'plain arithmetic in a fixed order'),
    Ban('pointer order', 'core',
        r'\bstd::(map|set)<[^<>,;]*\*|\bstd::less<[^<>]*\*>',
        'a key that is the same in every run, such as an Id'),
    Ban('string_view', 'public',
        r'\babsl::(string_view|optional|variant|any)\b',
        'the std:: type: Debian\'s Abseil has types of its own'),
]

SIZE = {'header': 300, 'source': 500, 'function': 70, 'column': 80}
HASH_MAP = re.compile(
    r'\b(?:absl::|std::)?(?:flat_hash_map|flat_hash_set|node_hash_map|'
    r'node_hash_set|unordered_map|unordered_set|unordered_multimap)\s*<')


def blank(text):
    """`text` with comments and literals blanked, line for line."""
    out, i, n = [], 0, len(text)

    def fill(piece):
        return re.sub(r'[^\n]', ' ', piece)

    while i < n:
        two = text[i:i + 2]
        if two == '//':
            end = text.find('\n', i)
            end = n if end < 0 else end
        elif two == '/*':
            end = text.find('*/', i + 2)
            end = n if end < 0 else end + 2
        elif text[i] == 'R' and text[i + 1:i + 2] == '"' and not (
                i and (text[i - 1].isalnum() or text[i - 1] == '_')):
            mark = text[i + 2:text.find('(', i)]
            end = text.find(')' + mark + '"', i)
            end = n if end < 0 else end + len(mark) + 2
        elif text[i] == '"' or (text[i] == "'" and not (
                i and text[i - 1].isalnum())):
            end = i + 1
            while end < n and text[end] != text[i] and text[end] != '\n':
                end += 2 if text[end] == '\\' else 1
            end += 1
        else:
            out.append(text[i])
            i += 1
            continue
        # The name in an #include stays readable.
        line = text[text.rfind('\n', 0, i) + 1:i]
        keep = text[i] == '"' and re.match(r'\s*#\s*include\s*$', line)
        out.append(text[i:end] if keep else fill(text[i:end]))
        i = end
    return ''.join(out)


def layers_of(cmake):
    """{source stem: layer} as src/CMakeLists.txt says."""
    found = {}
    cmake = re.sub(r'#.*', '', cmake)
    for layer, body in re.findall(
            r'callrouter_library\(\s*(\w+)([^()]*)\)', cmake):
        for name in re.findall(r'([\w/]+)\.(?:cc|h)\b', body):
            found[name] = layer
    return found


def layer_of(path, sources):
    if path.startswith('src/cli/'):
        return 'cli'
    if path in HEADER_LAYER:
        return HEADER_LAYER[path]
    stem = re.sub(r'^(include/callrouter|src)/|\.(h|cc)$', '', path)
    if stem in sources or path.endswith('.cc'):
        return sources.get(stem)
    # A header alone belongs where the sources of its first word are.
    word = stem.split('_')[0]
    layers = {layer for name, layer in sources.items()
              if name.split('_')[0] == word}
    return layers.pop() if len(layers) == 1 else None


def is_code(path):
    return path.endswith(('.h', '.cc', '.cpp', '.h.in'))


def check_bans(path, layer, code):
    for ban in BANS:
        applies = {'core': layer in CORE,
                   'library': layer != 'cli',
                   'public': path.startswith('include/')}[ban.where]
        if not applies:
            continue
        for number, line in enumerate(code.split('\n'), 1):
            match = re.search(ban.pattern, line)
            if match:
                yield Fault(path, number, ban.rule, 'found `%s`; use %s' % (
                    match.group(0).strip(), ban.instead))


def check_hash_loops(path, code, text, declarations):
    """Loops over hash maps: their order is nobody's business."""
    names = set()
    for source in (code, declarations):
        for match in HASH_MAP.finditer(source):
            depth, i = 1, match.end()
            while i < len(source) and depth:
                depth += {'<': 1, '>': -1}.get(source[i], 0)
                i += 1
            name = re.match(r'[\s&*]*(\w+)\s*[;={(,)]', source[i:i + 80])
            if name:
                names.add(name.group(1))
    if not names:
        return
    lines = text.split('\n')
    loop = re.compile(r'\bfor\s*\([^;]*:\s*(?:\w+(?:\.|->))*(%s)\s*\)|'
                      r'\b(%s)\s*(?:\.|->)\s*c?begin\s*\(' % (
                          ('|'.join(sorted(names)),) * 2))
    for number, line in enumerate(code.split('\n'), 1):
        match = loop.search(line)
        above = lines[max(0, number - 3):number]
        if match and not any('// Any order:' in x for x in above):
            yield Fault(path, number, 'hash order',
                        'found a loop over the hash map `%s`; use a vector or '
                        'a sorted copy, or say in a comment above `// Any '
                        'order: <why it cannot matter>`' % (
                            match.group(1) or match.group(2)))


def check_includes(path, layer, code, sources):
    for number, line in enumerate(code.split('\n'), 1):
        match = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line)
        if not match:
            continue
        name = match.group(2)
        if name.endswith('.pb.h') or name.startswith('google/protobuf'):
            if layer in CORE:
                yield Fault(path, number, 'protobuf below L4',
                            'found <%s> in layer %s; use the plain values of '
                            'callrouter/configuration.h' % (name, layer))
            continue
        if match.group(1) == '<' or layer == 'cli':
            continue
        if name.startswith('absl/') or name.startswith('rapidjson/'):
            if name.startswith('rapidjson/') and layer in CORE:
                yield Fault(path, number, 'include direction',
                            'found %s in layer %s; only the edges read files '
                            'formats' % (name, layer))
            continue
        if name.startswith('callrouter/'):
            target = layer_of('include/' + name, sources)
        else:
            target = layer_of('src/' + name, sources)
        if target is None:
            yield Fault(path, number, 'include direction',
                        'found "%s", which no callrouter_library() in '
                        'src/CMakeLists.txt names; add its source '
                        'there' % name)
        elif target != layer and target not in MAY_INCLUDE[layer]:
            yield Fault(path, number, 'include direction',
                        'layer %s includes "%s" of layer %s; use what %s may '
                        'see: %s' % (layer, name, target, layer, ', '.join(
                            sorted(MAY_INCLUDE[layer])) or 'itself only'))


def functions(code):
    """(first line, last line) of each function definition in blanked code."""
    code = re.sub(r'^[ \t]*#(.*\\\n)*.*$',
                  lambda m: re.sub(r'[^\n]', ' ', m.group(0)), code, flags=re.M)
    stack, start = [], 0
    for i, c in enumerate(code):
        if c == '{':
            head = code[start:i]
            inside = any(kind == 'function' for kind, _ in stack)
            scope = re.search(
                r'\b(namespace|class|struct|union|enum|extern)\b(?![^{]*\)\s*'
                r'(const|noexcept|override|final)*\s*$)', head)
            if not inside and '(' in head and not scope and not re.search(
                    r'=\s*$', head):
                first = start + len(head) - len(head.lstrip())
                stack.append(('function', first))
            else:
                stack.append(('scope', i))
            start = i + 1
        elif c == '}':
            if stack:
                kind, first = stack.pop()
                if kind == 'function':
                    yield (code.count('\n', 0, first) + 1,
                           code.count('\n', 0, i) + 1)
            start = i + 1
        elif c == ';':
            start = i + 1
    if stack:
        yield (1, 10**6)  # Unbalanced: better a false alarm than silence.


def check_sizes(path, text, code):
    lines = text.split('\n')
    count = len(lines) - (lines[-1] == '')
    kind = 'header' if '.h' in path[-5:] else 'source'
    if count > SIZE[kind]:
        yield Fault(path, count, 'size', '%s of %d lines; split it: at most %d'
                    % (kind, count, SIZE[kind]))
    for number, line in enumerate(lines, 1):
        if len(line) > SIZE['column'] and not re.match(
                r'\s*(#include|// https?:)', line):
            yield Fault(path, number, 'size', 'line of %d columns; at most %d'
                        % (len(line), SIZE['column']))
        if '\t' in line or line != line.rstrip():
            yield Fault(path, number, 'blanks',
                        'tab or trailing blank; use clang-format-19')
    for first, last in functions(code):
        body = '\n'.join(code.split('\n')[first - 1:last])
        # A row of a table, `case X: return value;`, is nothing to understand.
        body = re.sub(r'^ *case [\w: ]+:\s*return\b[^;(]*;\n', '', body,
                      flags=re.M)
        length = body.count('\n') + 1 if last < 10**6 else last
        if length > SIZE['function']:
            yield Fault(path, first, 'size', 'function of %d lines; at most %d'
                        % (length, SIZE['function']))


def check_header(path, text):
    name = re.sub(r'^include/|\.in$', '', path)
    guard = re.sub(r'\W', '_', name).upper() + '_'
    if not text.startswith('// ' + name):
        yield Fault(path, 1, 'header', 'begin with `// %s` and what it is for'
                    % name)
    if 'Thread safety' not in text:
        yield Fault(path, 1, 'header', 'say in its comment: Thread safety')
    if '#ifndef %s\n#define %s\n' % (guard, guard) not in text:
        yield Fault(path, 1, 'header', 'use the include guard ' + guard)


# Names of the place where somebody happens to work. Put together here so that
# this file does not contain them.
PLACE = re.compile('|'.join([
    r'(?<![\w.])/' + r'work/\w', r'(?<![\w.])/' + r'root/', '/ho' + r'me/\w',
    r'/tmp/' + 'brief', r'\.\./sha' + 'red', r'\bsha' + r'red/(reference|research)',
    r'\biss' + r'ues? #?[0-9]', r'\bDESIGN' + r'\.md\b', r'\bMODELS' + r'\.md\b',
    r'\bCl' + r'aude\b', r'\bAnth' + r'ropic\b', r'\bL' + r'LM\b']), re.I)
# The one permitted place: real inputs beside the project, if there are any.
PLACE_ALLOWED = {'.ci/run': '../sha' + 'red/reference/real'}


def check_place(path, text):
    text = text.replace(PLACE_ALLOWED.get(path, '\0'), '')
    for number, line in enumerate(text.split('\n'), 1):
        match = PLACE.search(line)
        if match:
            yield Fault(path, number, 'place',
                        'found `%s`; the project must not know where it was '
                        'written' % match.group(0))


def check(files):
    """All faults of `files`, {path from the project's root: text}."""
    sources = layers_of(files.get('src/CMakeLists.txt', ''))
    faults = []
    for path, text in sorted(files.items()):
        faults += check_place(path, text)
        if not is_code(path):
            continue
        code = blank(text)
        faults += check_sizes(path, text, code)
        if path.startswith('include/'):
            faults += check_header(path, text)
        if not path.startswith(('include/', 'src/')):
            continue
        layer = layer_of(path.replace('.h.in', '.h'), sources)
        if layer is None:
            faults.append(Fault(
                path, 1, 'layer', 'found in no layer; name its source '
                'in a callrouter_library() of src/CMakeLists.txt'))
            continue
        faults += check_bans(path, layer, code)
        faults += check_includes(path, layer, code, sources)
        if layer in CORE:
            pair = re.sub(r'^src/(.*)\.cc$', r'\1.h', path)
            declarations = ''.join(
                blank(files.get(x + pair, ''))
                for x in ('include/callrouter/', 'src/'))
            faults += check_hash_loops(path, code, text, declarations)
    return faults
