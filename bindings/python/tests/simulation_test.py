"""Simulators from Python: results, policies, interruption."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import unittest

import callrouter as cr

ROOT = os.environ['CALLROUTER_ROOT']
POOL = os.path.join(ROOT, 'examples/pools/carousel.textproto')

# Somebody for each language, and everybody for all calls.
TWO = '''
    config {
      queue { name: "all" service_level_target: "20s" }
      agent { name: "ann" ref: 1 skill { name: "it" level: 9 } }
      agent { name: "bob" ref: 2 skill { name: "en" level: 9 } }
    }
    seed: 3 horizon: "8h"
    arrivals { queue: "all" per_hour: 9 handle_time { constant: "3m" } }'''
BUSY = TWO.replace('per_hour: 9', 'per_hour: 3000').replace('3m', '1s')


class SimulationTest(unittest.TestCase):

    def test_the_report_is_that_of_the_library(self):
        scenario = cr.parse_scenario(TWO)
        done = cr.simulate(scenario)
        total = done.report['total']
        self.assertEqual(done.report['difference'], [])
        self.assertGreater(total['offered'], 40)
        self.assertIn('all', done.table())
        self.assertIn('"offered"', done.json())
        self.assertEqual(cr.simulate(scenario).report, done.report)
        self.assertEqual(done.service_level('all'), done.service_level())
        self.assertRaises(KeyError, done.queue, 'none')

    def test_calls_are_arrays_that_are_not_copied(self):
        try:
            import numpy
        except ImportError:
            self.skipTest('no NumPy')
        done = cr.simulate(cr.parse_scenario(TWO))
        calls = done.calls()
        self.assertEqual(len(calls['wait']), done.report['total']['offered'])
        self.assertFalse(calls['wait'].flags.owndata)
        self.assertTrue(numpy.shares_memory(calls['wait'],
                                            done.calls()['wait']))
        self.assertAlmostEqual(done.waits('all').mean(),
                               done.report['total']['asa_s'], places=6)
        del done
        self.assertGreaterEqual(calls['wait'].min(), 0)

    def test_a_score_chooses_the_agent(self):
        scenario = cr.parse_scenario(TWO)
        counts = {}

        def count(now, decision):
            del now
            if decision.kind is cr.DecisionKind.CONNECT:
                counts[decision.agent_ref] = \
                    counts.get(decision.agent_ref, 0) + 1
        cr.simulate(scenario, on_decision=count)
        balanced = dict(counts)
        counts.clear()
        done = cr.simulate(scenario, on_decision=count,
                           score=lambda call, agent: agent.name == 'bob')
        self.assertLess(abs(balanced[1] - balanced[2]), 12)
        self.assertGreater(counts[2], 2 * counts[1])
        self.assertEqual(done.report['difference'], [])
        # Who is not scored is rung as the queue says.
        counts.clear()
        cr.simulate(scenario, on_decision=count, score=lambda *_: None)
        self.assertEqual(counts, balanced)

    def test_a_priority_orders_the_calls(self):
        text = TWO.replace('per_hour: 9', 'per_hour: 45')
        scenario = cr.parse_scenario(text + text[text.index('arrivals'):])
        kinds = cr.simulate(
            scenario, priority=lambda call: 5 if call.kind == 1 else 0).calls()
        wait = [kinds['wait'][kinds['kind'] == k].mean() for k in (0, 1)]
        self.assertLess(wait[1] * 3, wait[0])

    def test_what_a_policy_raises_comes_out(self):
        scenario = cr.parse_scenario(TWO)

        def broken(call):
            raise RuntimeError('at %s' % call.queue)
        with self.assertRaisesRegex(RuntimeError, 'at all'):
            cr.simulate(scenario, priority=broken)
        for bad in ('high', 1.5, None):
            with self.assertRaises(cr.InvalidArgument):
                cr.simulate(scenario, priority=lambda call, bad=bad: bad)

    def test_progress(self):
        seen = []
        world = cr.DialWorld(agents=20, shifts=40)
        cr.simulate_dialing(world, progress=seen.append)
        self.assertEqual(seen, sorted(seen))
        self.assertTrue(all(0 <= share <= 1 for share in seen))
        with self.assertRaises(cr.Cancelled):
            cr.simulate_dialing(world, progress=lambda share: False)

    def test_a_rule_of_ones_own_paces(self):
        world = cr.DialWorld(agents=10, shifts=4)
        mine = cr.simulate_dialing(
            world, lambda m: max(0, m.idle - m.ringing - m.waiting))
        theirs = cr.simulate_dialing(world, 'progressive')
        self.assertIs(mine.pacer, cr.DialPacer.OWN_RULE)
        self.assertEqual(mine.shifts, theirs.shifts)
        for bad in (lambda m: -1, lambda m: 'two', lambda m: m.nothing):
            with self.assertRaises((cr.InvalidArgument, AttributeError)):
                cr.simulate_dialing(world, bad)
        self.assertIn('own rule', cr.dial_table([mine, theirs]))

    def test_the_bound(self):
        model = cr.DialBoundModel(agents=2)
        one = cr.dial_bound(model, 0.03)
        self.assertEqual(cr.dial_bounds(model, [0.03, 0.05])[0], one)
        self.assertGreater(one, cr.progressive_share(model))

    def test_pools(self):
        file = cr.read_pool(POOL)
        report = cr.simulate_pool(file, {'days': 2, 'people': 10000})
        self.assertEqual(report.policy, cr.PoolPolicy.AS_CONFIGURED)
        self.assertEqual(len(report.uses), len(file.numbers.put))
        self.assertIn('no number', cr.pool_table([report]))
        with self.assertRaises(cr.Cancelled):
            cr.simulate_pool(file, progress=lambda share: share < 0.001)

    def test_campaigns(self):
        rules = cr.read_dial(
            os.path.join(ROOT, 'examples/dial/renewals.textproto'))
        leads = cr.read_leads(os.path.join(ROOT, 'tests/data/call_list.csv'),
                              list=rules.lists[0].name, country='44')
        self.assertGreater(len(leads.leads), 100)
        names = [d.name for d in rules.dispositions
                 if d.result == cr.DialResult.CONVERSATION]
        world = cr.CampaignWorld(agents=3, endings=[
            cr.CampaignWorldEnding(names[0], 1)])
        report = cr.simulate_campaign(rules, leads, world)
        self.assertGreater(report.reached, 10)
        self.assertIn('predictive', cr.campaign_table([report]))

    def test_other_threads_run_meanwhile(self):
        running, ticks = [True], [0]

        def tick():
            while running[0]:
                ticks[0] += 1
                time.sleep(0.001)
        thread = threading.Thread(target=tick)
        thread.start()
        begin = time.monotonic()
        while time.monotonic() - begin < 0.3:
            cr.simulate_dialing(cr.DialWorld(agents=10, shifts=20))
        running[0] = False
        thread.join()
        self.assertGreater(ticks[0], 15)


class InterruptTest(unittest.TestCase):
    """Ctrl-C ends each long run within 100 ms."""

    RUNS = {
        'simulate': 'cr.simulate(cr.parse_scenario(%r).replace(horizon=1e8, '
                    'interval=1e6))' % BUSY,
        'dial': 'cr.simulate_dialing({"agents": 200, "shifts": 10000, '
                '"shifts_to_learn": 1})',
        'pool': 'cr.simulate_pool(cr.read_pool(%r), {"days": 3650})' % POOL,
        'bound': 'cr.dial_bound({"agents": 150}, 0.03)',
    }

    def test_control_c(self):
        for name, run in self.RUNS.items():
            with self.subTest(name):
                self.stop(run)

    def stop(self, run):
        program = textwrap.dedent('''
            import time
            import callrouter as cr
            print('go', flush=True)
            try:
                %s
            except KeyboardInterrupt:
                print(time.monotonic(), flush=True)
        ''') % run
        # On a busy machine one try in three may lose its turn.
        times = []
        for _ in range(3):
            with subprocess.Popen([sys.executable, '-c', program],
                                  stdout=subprocess.PIPE, text=True) as child:
                self.assertEqual(child.stdout.readline(), 'go\n')
                time.sleep(0.4)
                begin = time.monotonic()
                child.send_signal(signal.SIGINT)
                ended = child.communicate(timeout=30)[0]
            self.assertTrue(ended, 'ended before it was stopped')
            times.append(float(ended) - begin)
            if times[-1] <= 0.1:
                return
        self.fail('stopped after %s s' % times)


if __name__ == '__main__':
    unittest.main()
