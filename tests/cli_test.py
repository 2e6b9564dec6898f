"""The callrouter program from outside: output, errors, exit codes.

Usage: cli_test.py PROGRAM SOURCE_FOLDER
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM, SOURCE = (os.path.abspath(p) for p in sys.argv[1:3])

GOOD = """
queue { name: "sales" requirement: "sales >= 3" ring: "15s" }
agent { name: "ann" ref: 101 skill { name: "sales" level: 5 } }
"""

SCENARIO = """
horizon: "1h" seed: 7
config_file: "centre.textproto"
arrivals { queue: "sales" per_hour: 20 handle_time { exponential: "2m" }
           patience { exponential: "1m" } }
"""


class Program(unittest.TestCase):

  def setUp(self):
    self.folder = tempfile.TemporaryDirectory()
    self.addCleanup(self.folder.cleanup)

  def write(self, name, text):
    path = os.path.join(self.folder.name, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as file:
      file.write(text)
    return path

  def run_program(self, *arguments, code=0):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True,
                          text=True, timeout=120, check=False,
                          cwd=self.folder.name)
    self.assertEqual(done.returncode, code, done.stdout + done.stderr)
    if code == 0:
      self.assertEqual(done.stderr, '')
    else:
      self.assertNotEqual(done.stderr, '')
    return done

  # --- Usage ---

  def test_version_and_help(self):
    self.assertRegex(self.run_program('--version').stdout,
                     r'^callrouter \d+\.\d+\.\d+\n$')
    text = self.run_program('--help').stdout
    for word in ('check', 'import', 'simulate', 'Exit codes'):
      self.assertIn(word, text)
    self.assertIn('--rules',
                  self.run_program('import', 'asterisk', '--help').stdout)

  def test_wrong_usage(self):
    for arguments in ([], ['bogus'], ['check'], ['simulate', 'x', '--seed'],
                      ['simulate', 'x', '--seed', '-1'],
                      ['import', 'asterisk', 'queues.conf'],
                      ['import', 'asterisk', 'q', '--report', 'xml', '-o', 'o'],
                      ['check', 'a', 'b']):
      self.run_program(*arguments, code=2)

  def test_files_that_cannot_be_read_or_written(self):
    self.assertIn('no such file',
                  self.run_program('check', 'missing', code=2).stderr)
    self.assertIn('folder', self.run_program('check', '.', code=2).stderr)
    self.run_program('simulate', 'missing', code=2)
    self.run_program('import', 'asterisk', 'missing', '-o', 'out', code=2)
    self.write('queues.conf', '[sales]\n')
    self.run_program('import', 'asterisk', 'queues.conf', '-o',
                     'no/such/folder/out', code=2)

  # --- check ---

  def test_check_good(self):
    name = self.write('good.textproto', GOOD)
    self.assertIn('1 queues', self.run_program('check', name).stdout)

  def test_check_lists_all_faults(self):
    self.write('bad.textproto',
               'queue { name: "a" requirement: "x >>" ring: "-1s" }\n'
               'queue { name: "a" plan: "none" }\n')
    done = self.run_program('check', 'bad.textproto', code=1)
    lines = done.stderr.splitlines()
    self.assertEqual(done.stdout, '')
    self.assertEqual(len(lines), 5, done.stderr)
    for line in lines[:4]:
      self.assertRegex(line, r'^bad\.textproto:[12]:\d+: queue\[[01]\]\.\w+: '
                             r'found .*, expected .*')
    self.assertIn('4 faults', lines[4])

  # --- import ---

  def test_import_includes_and_never_executes(self):
    marker = os.path.join(self.folder.name, 'marker')
    self.write('queues.conf',
               '[general]\n#include conf.d/*.conf\n'
               f'#exec touch {marker}\n')
    self.write('conf.d/b.conf', '[billing]\nmember => SIP/2\n')
    self.write('conf.d/a.conf', '[sales]\nmember => SIP/1\n')
    self.run_program('import', 'asterisk', 'queues.conf', '-o',
                     'out.textproto')
    self.assertFalse(os.path.exists(marker))
    with open(os.path.join(self.folder.name, 'out.textproto'),
              encoding='utf-8') as file:
      text = file.read()
    self.assertLess(text.index('"sales"'), text.index('"billing"'))
    self.run_program('check', 'out.textproto')

  def test_import_reports_every_line(self):
    text = '; a comment\n[sales]\nstrategy = linear\nbroken line\n\n'
    self.write('queues.conf', text)
    done = self.run_program('import', 'asterisk', 'queues.conf', '--report',
                            'json', '-o', 'out.textproto', code=1)
    report = json.loads(done.stdout)
    counts = report['counts']
    self.assertEqual(counts['mapped'] + counts['ignored'] + counts['errors'],
                     counts['lines'])
    self.assertEqual(counts['errors'], 1)
    lines = report['files'][0]['lines']
    self.assertEqual(len(lines), counts['lines'])
    self.assertEqual([line['line'] for line in lines
                      if line['status'] == 'error'], [4])
    # The rest is imported all the same.
    self.run_program('check', 'out.textproto')
    self.assertIn('4', self.run_program('import', 'asterisk', 'queues.conf',
                                        '-o', 'out.textproto',
                                        code=1).stdout)

  def test_import_refuses_foreign_files_and_writes_nothing(self):
    self.write('queues.conf', 'apiVersion: v1\nkind: List\nitems:\n- a: b\n')
    self.run_program('import', 'asterisk', 'queues.conf', '-o', 'out',
                     code=1)
    self.assertFalse(os.path.exists(os.path.join(self.folder.name, 'out')))

  # --- simulate ---

  def test_simulate(self):
    self.write('centre.textproto', GOOD)
    self.write('day.textproto', SCENARIO)
    first = self.run_program('simulate', 'day.textproto').stdout
    self.assertIn('unaccounted', first)
    self.assertEqual(first,
                     self.run_program('simulate', 'day.textproto').stdout)
    other = self.run_program('simulate', 'day.textproto', '--seed', '8').stdout
    self.assertNotEqual(first, other)
    report = json.loads(
        self.run_program('simulate', 'day.textproto', '--json').stdout)
    self.assertEqual(report['seed'], '7')
    self.assertEqual(report['queue'][0]['name'], 'sales')
    total = report['total']
    self.assertEqual(int(total['unaccounted']), 0)
    self.assertGreater(int(total['offered']), 5)
    self.assertEqual(
        int(total['offered']),
        sum(int(total[field])
            for field in ('answered', 'abandoned', 'sent_outside', 'refused',
                          'hung_up', 'lost', 'in_progress')))

  def test_scenario_as_json(self):
    self.write('day.json', json.dumps({
        'horizon': '1h',
        'config': {'queue': [{'name': 'q'}], 'agent': [
            {'name': 'ann', 'ref': '1'}]},
        'arrivals': [{'queue': 'q', 'at': ['60s']}]}))
    report = json.loads(
        self.run_program('simulate', 'day.json', '--json').stdout)
    self.assertEqual(report['total']['answered'], '1')

  def test_simulate_finds_its_configuration_from_anywhere(self):
    self.write('deep/centre.textproto', GOOD)
    self.write('deep/day.textproto', SCENARIO)
    self.run_program('simulate', 'deep/day.textproto')

  def test_faults_of_scenarios(self):
    self.write('centre.textproto', 'queue { name: 5 }\n')
    self.write('day.textproto', SCENARIO)
    done = self.run_program('simulate', 'day.textproto', code=1)
    self.assertIn('centre.textproto:1:', done.stderr)
    self.write('centre.textproto', GOOD)
    self.write('day.textproto', SCENARIO + 'shift { agents: "sales >" }\n'
               'warm_up: "x"\n')
    done = self.run_program('simulate', 'day.textproto', code=1)
    self.assertIn('day.textproto:7:10: warm_up', done.stderr)

  def test_the_demos_files(self):
    asterisk = os.path.join(SOURCE, 'examples/asterisk')
    self.run_program('import', 'asterisk', asterisk + '/queues.conf',
                     '--rules', asterisk + '/queuerules.conf', '-o',
                     self.write('build/demo/centre.textproto', ''))
    self.run_program('check', 'build/demo/centre.textproto')
    report = json.loads(self.run_program(
        'simulate', SOURCE + '/examples/scenarios/centre_day.textproto',
        '--json').stdout)
    self.assertEqual(len(report['queue']), 16)
    for queue in report['queue']:
      self.assertGreater(int(queue['total']['offered']), 0, queue['name'])
      self.assertEqual(int(queue['total']['unaccounted']), 0)
    total = report['total']
    # A believable day: most calls answered, most of those in time.
    self.assertGreater(int(total['offered']), 15000)
    self.assertGreater(int(total['answered']), 0.9 * int(total['offered']))
    self.assertGreater(int(total['within_target']),
                       0.6 * int(total['offered']))

  # --- pool ---

  def pool(self):
    return os.path.join(SOURCE, 'examples', 'pools', 'carousel.textproto')

  def test_pool_check(self):
    text = self.run_program('pool', 'check', self.pool()).stdout
    self.assertIn('no faults. 1000 numbers', text)
    self.assertIn('together 60000 calls', text)
    bad = self.write('bad.textproto', 'group { name: "g" caps { per_hour: 0 } }')
    error = self.run_program('pool', 'check', bad, code=1).stderr
    self.assertIn('bad.textproto:1:36: group[0].caps.per_hour: found 0, '
                  'expected 1 to 65535', error)
    self.assertIn('3 faults; nothing was used', error)
    self.run_program('pool', 'check', 'gone.textproto', code=2)

  def explain(self, *more, code=0):
    return self.run_program(
        'pool', 'explain', self.pool(), '--campaign', 'renewals', '--at',
        '2026-11-02 10:00', *more, code=code)

  def test_pool_explain(self):
    text = self.explain('--trunk', 'main', '--callee', '+441134961234').stdout
    self.assertIn('lives in leeds', text)
    self.assertRegex(text, r'leeds +100 numbers: 100 free')
    self.assertRegex(text, r'manchester +150 numbers: 150 free')
    self.assertIn('Chosen: +441134960000', text)
    text = self.explain('--trunk', 'main', '--callee', '+33123456789').stdout
    self.assertIn('No number: none for this country', text)
    text = self.explain('--trunk', 'main', '--callee', '+441134961234',
                        '--wanted', '+447700900000').stdout
    self.assertIn('No number:', text)
    self.assertIn('--trunk', self.explain(
        '--trunk', 'gone', '--callee', '+441134961234', code=2).stderr)
    self.assertIn('--callee', self.explain(
        '--trunk', 'main', '--callee', '113', code=2).stderr)

  def test_pool_simulate(self):
    run = ('pool', 'simulate', self.pool(), '--days', '14',
           '--calls-per-number', '2')
    text = self.run_program(*run).stdout
    for word in ('as configured', 'without health', 'fixed threshold',
                 'Answered, by week', 'At rest, by week'):
      self.assertIn(word, text)
    self.assertEqual(text, self.run_program(*run).stdout)
    self.assertIn('days: found 0', self.run_program(
        'pool', 'simulate', self.pool(), '--days', '0', code=1).stderr)

  def test_pool_simulate_csv(self):
    text = self.run_program('pool', 'simulate', self.pool(), '--days', '15',
                            '--calls-per-number', '2', '--policy', 'none',
                            'configured', '--csv', 'weeks.csv').stdout
    self.assertNotIn('fixed threshold', text)
    with open(os.path.join(self.folder.name, 'weeks.csv'),
              encoding='utf-8') as file:
      rows = list(csv.DictReader(file))
    self.assertEqual([(row['week'], row['policy']) for row in rows],
                     [('1', 'as configured'), ('2', 'as configured'),
                      ('1', 'without health'), ('2', 'without health')])
    for row in rows:
      self.assertTrue(0.2 < float(row['answered']) < 0.3, row)
    self.assertEqual(float(rows[3]['at_rest']), 0)

  def test_pool_state(self):
    run = ('pool', 'simulate', self.pool(), '--days', '21', '--policy',
           'configured', '--calls-per-number', '45')
    self.run_program(*run, '--save', 'state')
    self.run_program(*run, '--save', 'again')
    with open(os.path.join(self.folder.name, 'state'), 'rb') as file:
      state = file.read()
    with open(os.path.join(self.folder.name, 'again'), 'rb') as file:
      self.assertEqual(state, file.read())
    # It can be loaded, and is the pool that was used.
    call = ('pool', 'explain', self.pool(), '--campaign', 'renewals', '--trunk',
            'main', '--callee', '+441134961234', '--state')
    text = self.run_program(*call, 'state').stdout
    self.assertRegex(text, r'leeds +100 numbers: \d\d? free.*out of service')
    late = self.run_program(*call, 'state', '--at', '2026-03-01 10:00').stdout
    self.assertNotIn('cap per day', late)
    self.assertNotEqual(text, late)
    self.assertIn('--at', self.run_program(
        *call, 'state', '--at', '2026-01-06 10:00', code=2).stderr)
    check = ('pool', 'check', self.pool(), '--state')
    text = self.run_program(*check, 'state').stdout
    self.assertIn('state: takes the pool. 1000 numbers were in it, 0 are new',
                  text)
    self.assertRegex(text, r'active: \d+.* resting: \d+')
    # What is wrong with a state.
    self.write('damaged', 'callrouter number pool 1\n damaged')
    for command in call, check:
      self.assertIn('damaged: saved: the bytes are damaged',
                    self.run_program(*command, 'damaged', code=1).stderr)
      self.assertIn('gone: no such file',
                    self.run_program(*command, 'gone', code=2).stderr)
    other = self.write('other.textproto', """
group { name: "g" owner: "o" trunk { trunk: "t" } }
campaign { name: "c" owner: "o" }
number { number: "+441134960000" group: "g" }
""")
    self.assertIn('state: does not take the pool: ', self.run_program(
        'pool', 'check', other, '--state', 'state', code=1).stderr)
    self.assertIn('--save', self.run_program(
        'pool', 'simulate', self.pool(), '--policy', 'none', '--save', 'x',
        code=2).stderr)

  def test_dial_campaign(self):
    rows = ['%d,020 7946 %04d\n' % (i + 1, i) for i in range(400)]
    leads = self.write('leads.csv', 'id,Phone\n' + ''.join(rows) + '401,n/a\n'
                       '402,0900 123 4567\n')  # Premium: the guard refuses it.
    rules = SOURCE + '/examples/dial/renewals.textproto'
    rejects = os.path.join(self.folder.name, 'rejects.csv')
    check = self.run_program('dial', 'check', rules, '--leads', leads,
                             '--country', '44', '--rejects', rejects, code=1)
    self.assertIn('402 rows, 400 leads, 2 rejected', check.stdout)
    self.assertIn('leads.csv:402:5: phone: found n/a', check.stderr)
    with open(rejects, encoding='utf-8') as file:
      self.assertEqual(file.read(), 'id,Phone\n401,n/a\n402,0900 123 4567\n')
    self.assertIn('leads.csv:403:5: lead: found +449001234567, expected '
                  '+449001234567: the guard does not allow it', check.stderr)
    run = ('dial', 'simulate', rules, '--leads', leads, '--country', '44',
           '--agents', '3',
           '--numbers', SOURCE + '/examples/dial/numbers.textproto',
           '--pacer', 'predictive', '--pacer', 'progressive',
           '--ending', 'sale=1')
    text = self.run_program(*run).stdout
    for word in ('predictive', 'progressive', 'talk, minutes an hour',
                 'Lines in flight for each free agent'):
      self.assertIn(word, text)
    self.assertEqual(text, self.run_program(*run).stdout)
    self.assertIn('found "gone"', self.run_program(
        *run, '--ending', 'gone=1', code=1).stderr)  # Not in the rules.
    self.assertIn('--leads', self.run_program(
        'dial', 'simulate', rules, code=2).stderr)

  def test_dial_groups(self):
    rows = ['8 (495) %07d;%s\n' % (i, ('1-30', '31-60', '61-90')[i % 3])
            for i in range(300)]
    leads = self.write('debtors.csv', 'Phone;Stage\n' + ''.join(rows))
    rules = SOURCE + '/examples/dial/debt_reminders.textproto'
    run = ('dial', 'simulate', rules, '--leads', leads, '--country', '7',
           '--list-column', 'stage', '--opens', '6', '--closes', '15',
           '--pacer', 'predictive', '--ending', 'paid=1')
    text = self.run_program(*run, '--group', 'early=2', '--group',
                            'late=1').stdout
    self.assertIn('early: 2 agents, 100 leads', text)
    self.assertIn('late: 1 agents, 100 leads', text)
    self.assertIn('All 3 agents.', text)
    self.assertIn('--group', self.run_program(*run, '--group', 'early',
                                              code=2).stderr)
    self.assertIn('"none"', self.run_program(*run, '--group', 'none=1',
                                             code=1).stderr)

  def test_pool_size(self):
    def size(*flags, code=0):
      return self.run_program('pool', 'size', *flags, code=code)
    # Nimbata's example: 10 numbers turn every fifth visit away.
    self.assertIn('21.458 %', size('visitors', '--per-hour', '200', '--hold',
                                   '3m', '--numbers', '10').stdout)
    self.assertIn('18 numbers', size('visitors', '--per-hour', '200', '--hold',
                                     '3m').stdout)
    self.assertIn('2202 numbers', size('masking', '--degree', '2001').stdout)
    self.assertIn('2001 sessions', size('masking', '--numbers', '2202').stdout)
    self.assertIn('1072 numbers', size('outbound', '--calls-per-day', '45000',
                                       ).stdout)
    self.assertIn('--hold', size('visitors', '--per-hour', '200', '--hold',
                                 '3', code=2).stderr)
    size('masking', code=2)
    size('outbound', '--calls-per-day', '0', code=2)

  def test_dial(self):
    bound = self.run_program('dial', 'bound', '--agents', '5').stdout
    self.assertIn('One line for each free agent: 0.706', bound)
    self.assertIn('At most 3.0 % of the answers dropped: at best 0.786', bound)
    self.assertIn('agents', self.run_program(
        'dial', 'bound', '--agents', '0', code=2).stderr)
    run = ('dial', 'simulate', '--agents', '5', '--shifts', '2', '--pacer',
           'predictive', '--pacer', 'progressive')
    text = self.run_program(*run).stdout
    self.assertRegex(text, r'predictive +7\d\.\d')
    self.assertRegex(text, r'progressive +6\d\.\d +0\.00')
    self.assertNotIn('vicidial', text)
    self.assertEqual(text, self.run_program(*run).stdout)
    self.assertIn('shifts_to_learn', self.run_program(
        'dial', 'simulate', '--shifts', '1', code=2).stderr)

  def test_pool_tables_are_looked_for_beside_the_file(self):
    self.write('n.csv', 'number\n+441134960000\n')
    file = self.write('pool.textproto', """
group { name: "g" owner: "o" trunk { trunk: "t" } }
campaign { name: "c" owner: "o" }
number_file { file: "n.csv" group: "g" }
""")
    self.assertIn('1 numbers', self.run_program('pool', 'check', file).stdout)


if __name__ == '__main__':
  unittest.main(argv=sys.argv[:1])
