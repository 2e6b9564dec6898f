"""Numbers, return calls, leads and pacing from Python."""

import os
import unittest

import callrouter as cr

ROOT = os.environ['CALLROUTER_ROOT']
DAY = 86400
NOW = 1e9


def example(path):
    return os.path.join(ROOT, 'examples', path)


class NumberPoolTest(unittest.TestCase):

    def setUp(self):
        self.file = cr.read_pool(example('pools/carousel.textproto'))
        self.pool = cr.NumberPool.from_file(self.file, 1e9)
        self.campaign = self.pool.find_campaign('renewals')
        self.trunk = self.pool.find_trunk('main')

    def pick(self, attempt, now=1e9):
        return self.pool.pick(attempt, self.campaign, self.trunk,
                              '+441134961234', now)

    def test_a_call_from_pick_to_end(self):
        choice = self.pick(1)
        self.assertIs(choice.by, cr.ChosenBy.ORDER)
        self.assertEqual(choice.number[:3], '+44')
        request = cr.NumberRequest(attempt=1, campaign=self.campaign,
                                   trunk=self.trunk, callee='+441134961234')
        self.assertEqual(self.pool.reserve(request, 1e9), choice)
        self.pool.commit(1, 1e9)
        self.pool.report(1, 'answered', 1e9 + 5)
        self.pool.end(1, 1e9 + 60)
        view = self.pool.view(choice.id)
        self.assertEqual((view.number, view.calls, view.day),
                         (choice.number, 0, 1))
        self.assertEqual(self.pool.stats().committed, 1)
        self.assertEqual(self.pool.find_number(choice.number), choice.id)
        with self.assertRaises(cr.FailedPrecondition):
            self.pool.cancel(1, 1e9 + 61)
        with self.assertRaises(cr.NotFound):
            self.pool.end(2, 1e9 + 61)

    def test_none_says_why_and_when(self):
        choice, attempt = self.pick(1), 1
        while choice.number:
            attempt += 1
            choice = self.pick(attempt)
        self.assertIs(choice.none, cr.NoNumber.REGION_RESERVE)
        self.assertGreater(choice.retry_at, 1e9)
        why = self.pool.explain(cr.NumberRequest(
            attempt=99999, campaign=self.campaign, trunk=self.trunk,
            callee='+441134961234'), 1e9)
        self.assertEqual(why.choice.none, choice.none)
        self.assertTrue(why.places)

    def test_health_states_and_save(self):
        number = self.pick(1).id
        self.pool.verdict(number, 0, 'labelled', 1e9)
        self.pool.set_state(number, cr.NumberState.RESERVED, 1e9)
        changes = self.pool.take_changes()
        self.assertIs(changes[-1].to, cr.NumberState.RESERVED)
        self.assertIsInstance(changes[-1].from_, cr.NumberState)
        saved = self.pool.save()
        again = cr.NumberPool.load(saved, self.file.options)
        self.assertEqual(again.save(), saved)
        self.assertEqual(again.health(number), self.pool.health(number))
        self.pool.check_invariants()
        with self.assertRaises(cr.InvalidArgument):
            cr.NumberPool.load(saved[:-1], self.file.options)

    def test_rules_as_values(self):
        rules = cr.NumberRules(
            groups=[{'name': 'leeds', 'owner': 'us',
                     'trunks': [{'trunk': 'a'}],
                     'caps': {'per_hour': 2, 'cool_down': 60}}],
            campaigns=[cr.NumberCampaign(name='c', owner='us',
                                         order='round robin')])
        pool = cr.NumberPool(rules, 1e9, {'numbers_max': 3})
        pool.apply(cr.NumberPatch(put=[
            {'number': '+44113496000%d' % i, 'group': 'leeds'}
            for i in range(2)]), 1e9)
        seen = [pool.pick(i + 1, pool.find_campaign('c'), pool.find_trunk('a'),
                          '+441144960000', 1e9).number for i in range(3)]
        self.assertEqual(seen, ['+441134960000', '+441134960001', ''])
        with self.assertRaises(cr.InvalidArgument) as raised:
            pool.apply(cr.NumberPatch(put=[{'number': '+441134960009',
                                            'group': 'york'}]), 1e9)
        self.assertIn('york', str(raised.exception))
        pool.set_rules(rules, 1e9)
        self.assertEqual(cr.find_faults(rules), ())


class LookupTest(unittest.TestCase):

    def test_masking(self):
        pool = cr.MaskingPool(0, {'quarantine': 10})
        pool.apply({'put': [{'number': '+74951234567'}]}, 0)
        answer = pool.open(cr.MaskingRequest(1, '+79161111111',
                                             '+79162222222'), 0)
        self.assertEqual(answer.number, '+74951234567')
        call = pool.resolve(answer.number, '+79161111111', 1)
        self.assertEqual((call.by, call.other),
                         (cr.MaskedBy.SESSION, '+79162222222'))
        pool.close(1, 2)
        self.assertIs(pool.resolve(answer.number, '+79161111111', 3).by,
                      cr.MaskedBy.QUARANTINE)
        self.assertEqual(pool.report().quarantined, 1)
        self.assertEqual(cr.MaskingPool.load(pool.save(),
                                             {'quarantine': 10}).stats(),
                         pool.stats())
        pool.forget('+79161111111', 4)
        pool.check_invariants()

    def test_visitors(self):
        pool = cr.VisitorPool(NOW, cr.VisitorPoolOptions(hold=60))
        pool.apply(cr.VisitorPatch(put=['+74951234567']), NOW)
        self.assertEqual(pool.show(5, NOW).number, '+74951234567')
        self.assertTrue(pool.show(6, NOW + 1).overflow)
        call = pool.resolve('+74951234567', NOW + 2)
        self.assertEqual((call.found, call.count, call.visits[0].visit),
                         (cr.VisitsFound.ONE, 1, 5))
        self.assertEqual(pool.next_deadline, NOW + 60)
        delays = cr.Histogram()
        delays.add(30_000_000)
        self.assertEqual(pool.misattribution_risk(delays), 0)

    def test_return_calls(self):
        calls = cr.ReturnCalls(NOW, cr.ReturnCallsOptions(default_queue=8))
        calls.apply({'put': [cr.ReturnNumber('+74951234567', owner=1)]},
                    NOW)
        shown = cr.ShownCall('+74951234567', '+79161111111', lead=3, attempt=4)
        calls.shown(shown, NOW)
        calls.outcome(shown, 2, NOW + 1)
        answer = calls.resolve('+74951234567', '+79161111111', NOW + 2)
        self.assertEqual((answer.found, answer.candidates[0].lead,
                          answer.queue), (cr.Found.ONE, 3, 8))
        calls.opt_out('+79161111111', 1, NOW + 3)
        self.assertTrue(calls.opted_out('+79161111111', 1))
        self.assertAlmostEqual(calls.releasable_at('+74951234567'),
                               NOW + 30 * DAY, delta=1)
        again = cr.ReturnCalls.load(calls.save(), {'default_queue': 8})
        self.assertEqual(again.save(), calls.save())

    def test_sizes(self):
        load = cr.offered_load(200, 180)
        self.assertEqual(load, 10)
        self.assertEqual(cr.visitor_numbers_for(load, 0.01), 18)
        self.assertAlmostEqual(cr.visitor_blocking(load, 10), 0.215, 3)
        self.assertEqual(cr.masking_numbers_for(2001), 2202)
        with self.assertRaises(cr.InvalidArgument):
            cr.visitor_blocking(-1, 3)


class DialingTest(unittest.TestCase):

    def test_leads(self):
        rules = cr.read_dial(example('dial/renewals.textproto'))
        file = cr.parse_leads('phone\n02079460000\n02079460001\nnone\n',
                              'a.csv', cr.LeadFileOptions(
                                  list=rules.lists[0].name, country='44'))
        self.assertEqual((len(file.leads), file.rejected), (2, 1))
        leads = cr.LeadList(rules, 0)
        leads.set_wall_clock(1772442000, 0)  # Monday, 09:00 in London.
        self.assertEqual(leads.put_file(file, 0), 2)
        request = cr.LeadRequest(attempt=1, campaign=rules.campaigns[0].name)
        choice = leads.next(request, 0)
        self.assertEqual(choice.number, '+442079460000')
        leads.dialled(1, 1)
        leads.report(1, 'no answer', 20)
        self.assertEqual(leads.view(choice.lead).attempts, 1)
        reasons = leads.why_not(choice.lead, request.replace(attempt=2), 21)
        self.assertTrue(reasons)
        leads.do_not_call('+442079460001', 22)
        self.assertEqual(leads.next(request.replace(attempt=3), 23).lead, 0)
        again = cr.LeadList.load(leads.save())
        self.assertEqual(again.stats().leads, 2)
        with self.assertRaises(cr.NotFound):
            leads.view(99)
        leads.check_invariants()

    def test_pacer(self):
        options = cr.PacerOptions(
            campaigns=[cr.PacedCampaign(windows=[cr.DropWindow()])],
            agents_max=3, records_max=10)
        pacer = cr.Pacer(options, 0)
        for agent in range(3):
            pacer.set_agent(agent, 'ready', 0)
        order, = pacer.plan(0)
        self.assertEqual(order.lines, 3)
        line = pacer.dialled({'campaign': 0}, 0)
        pacer.report(line, cr.LineEvent.PERSON, 8)
        pacer.bridged(line, 1, 8)
        self.assertEqual((pacer.ready, pacer.lines), (2, 0))
        self.assertEqual(pacer.stats(0).bridged, 1)
        self.assertEqual(pacer.windows(0)[0].answers, 1)
        self.assertEqual(cr.Pacer.load(pacer.save()).save(), pacer.save())
        with self.assertRaises(cr.FailedPrecondition):
            pacer.report(line, 'dropped', 9)
        pacer.report(line, 'ended', 60)
        pacer.set_agent(1, 'ready', 70)
        record, = pacer.take_records()
        self.assertEqual((record.line, record.agent, record.dialled,
                          record.person, record.ended),
                         (line, 1, 0, 8, 60))
        self.assertIs(record.outcome, cr.LineOutcome.CONVERSATION)
        self.assertEqual(pacer.take_records(), ())
        with self.assertRaises(cr.NotFound):
            pacer.report(line, 'dropped', 71)

    def test_pacer_orders_what_is_due(self):
        options = cr.PacerOptions(
            campaigns=[cr.PacedCampaign(windows=[cr.DropWindow()], patience=2,
                                        overdue='message')], agents_max=1)
        self.assertGreater(cr.memory_bound(options), 0)
        pacer = cr.Pacer(options, 0)
        pacer.set_agent(0, 'ready', 0)
        line = pacer.dialled({'campaign': 0}, 0)
        pacer.report(line, 'person', 5)
        pacer.set_agent(0, 'away', 5)
        self.assertEqual(pacer.advance(6), ())
        order, = pacer.advance(pacer.next_deadline)
        self.assertEqual((order.what, order.line, order.deadline),
                         (cr.LineAction.MESSAGE, line, 7))


class ImportTest(unittest.TestCase):

    def test_asterisk(self):
        done = cr.read_asterisk(example('asterisk/queues.conf'),
                                example('asterisk/queuerules.conf'))
        counts = done.counts
        self.assertEqual(counts.lines,
                         counts.mapped + counts.ignored + counts.errors)
        self.assertFalse(done.has_errors)
        self.assertGreater(len(done.configuration.agents), 100)
        self.assertEqual(cr.parse_config(done.config_text).queues,
                         done.configuration.queues)
        self.assertGreater(len(done.report.files), 1)
        self.assertIn('mapped', done.to_text())
        self.assertIn('"mapped"', done.to_json())

    def test_what_a_reader_raises_comes_out(self):
        def read(name):
            raise OSError('no ' + name)
        with self.assertRaisesRegex(OSError, 'no a.textproto'):
            cr.parse_scenario('config_file: "a.textproto" horizon: "1h"', '',
                              read)
        with self.assertRaises(cr.InvalidArgument):
            cr.parse_scenario('config_file: "a.textproto" horizon: "1h"')


if __name__ == '__main__':
    unittest.main()
