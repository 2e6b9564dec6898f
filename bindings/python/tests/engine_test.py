"""Engine, values and errors from Python."""

import datetime
import math
import pickle
import unittest

import callrouter as cr

CENTRE = '''
    queue { name: "sales" requirement: "sales >= 3" ring: "10s" plan: "help" }
    plan { name: "help" step { id: "backup" after: "15s"
           send_outside { destination: "tel:+18005550100" } } }
    agent { name: "ann" ref: 7 skill { name: "sales" level: 5 } }'''


class EngineTest(unittest.TestCase):

    def setUp(self):
        self.engine = cr.Engine(cr.parse_config(CENTRE), 0)
        self.sales = self.engine.find_queue('sales')
        self.engine.tell(cr.EventKind.AGENT_LOGIN, 0, agent_ref=7)

    def test_a_call_is_offered_then_sent_outside(self):
        todo = self.engine.handle(cr.Event(cr.EventKind.CALL_ARRIVED,
                                           call_ref=42, queue=self.sales), 1.5)
        self.assertEqual([d.kind for d in todo], [cr.DecisionKind.OFFER])
        self.assertEqual(todo[0].reason, cr.Reason.LONGEST_IDLE)
        self.assertEqual(todo[0].deadline, 11.5)
        seen = []
        while self.engine.next_deadline < 20:
            seen += self.engine.advance(self.engine.next_deadline)
        self.assertEqual([d.kind.name for d in seen],
                         ['CANCEL_OFFER', 'STEP', 'SEND_OUTSIDE'])
        self.assertEqual(seen[-1].destination, 'tel:+18005550100')
        self.assertEqual([d.sequence for d in todo + seen], [1, 2, 3, 4])

    def test_tell_and_handle_are_the_same(self):
        other = cr.Engine.load(self.engine.save())
        fields = dict(call_ref=9, queue=self.sales, priority=-3,
                      text='sales >= 4', duration=2.5)
        self.assertEqual(
            self.engine.tell(cr.EventKind.CALL_ARRIVED, 3, **fields),
            other.handle(cr.Event(cr.EventKind.CALL_ARRIVED, **fields), 3))
        self.assertEqual(self.engine.save(), other.save())

    def test_times_in_all_forms(self):
        begin = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.timezone.utc)
        engine = cr.Engine(cr.parse_config(CENTRE), begin)
        engine.tell('agent login', begin, agent_ref=7)
        todo = engine.tell('call_arrived',
                           begin + datetime.timedelta(microseconds=1),
                           call_ref=1, queue=engine.find_queue('sales'),
                           duration=datetime.timedelta(seconds=2))
        self.assertEqual(todo[0].deadline, begin.timestamp() + 10.000001)
        self.assertEqual(engine.view_call(todo[0].call).arrived,
                         begin.timestamp() - 1.999999)
        for bad in ('noon', math.nan, datetime.datetime(2026, 3, 1), 1e300,
                    None):
            with self.assertRaises(cr.InvalidArgument) as raised:
                engine.advance(bad)
            self.assertIn('seconds or a datetime', raised.exception.reason)

    def test_never_is_infinite(self):
        engine = cr.Engine(cr.parse_config(CENTRE), 0)
        self.assertEqual(engine.next_deadline, math.inf)

    def test_errors_say_what_and_leave_the_state(self):
        saved = self.engine.save()
        arrived = cr.EventKind.CALL_ARRIVED
        for error, kind, fields in (
                (cr.Unimplemented, cr.EventKind.DIGITS, {'call_ref': 1}),
                (cr.InvalidArgument, arrived, {'queue': self.sales}),
                (cr.NotFound, arrived, {'call_ref': 1,
                                        'queue': self.sales + 1}),
                (cr.NotFound, cr.EventKind.AGENT_LOGIN, {'agent_ref': 99})):
            with self.assertRaises(error) as raised:
                self.engine.tell(kind, 0, **fields)
            self.assertIsInstance(raised.exception, cr.Error)
            self.assertTrue(raised.exception.reason)
        for fields in ({'call': -1}, {'call_ref': 1.5}, {'priority': 2**31},
                       {'text': b'sales'}, {'queu': 1}, {'cause': 'bored'}):
            with self.assertRaises(cr.InvalidArgument) as raised:
                self.engine.tell(arrived, 0, **fields)
        self.assertEqual(raised.exception.field, 'cause')
        with self.assertRaises(cr.InvalidArgument):
            self.engine.tell(arrived)
        self.assertEqual(cr.Engine.load(saved).save(), saved)
        self.assertEqual(self.engine.calls(), ())

    def test_decisions_due_before_a_refused_event_are_not_lost(self):
        self.engine.tell('call_arrived', 1, call_ref=42, queue=self.sales)
        with self.assertRaises(cr.NotFound):
            self.engine.tell('call_alive', 12, call_ref=77)
        todo = self.engine.advance(12)
        self.assertEqual([d.kind.name for d in todo], ['CANCEL_OFFER'])

    def test_configurations_change_whole_or_not(self):
        config = cr.parse_config(CENTRE)
        queue = config.queues[0].replace(ring=20)
        self.engine.apply(config.replace(queues=[queue]), 1)
        todo = self.engine.tell('call_arrived', 1, call_ref=4,
                                queue=self.sales)
        self.assertEqual(todo[0].deadline, 21)
        with self.assertRaises(cr.InvalidArgument):
            self.engine.apply(config.replace(
                queues=[queue.replace(plan='none')]), 2)
        prepared = cr.Prepared(self.engine.options, config)
        self.engine.apply_prepared(prepared, 3)
        with self.assertRaises(cr.FailedPrecondition):
            self.engine.apply_prepared(prepared, 4)

    def test_statistics(self):
        self.engine.tell('call_arrived', 1, call_ref=4, queue=self.sales)
        statistics = self.engine.statistics()
        self.assertEqual(statistics.engine.calls, 1)
        self.assertEqual(statistics.queues[0].offered, 1)
        self.assertEqual(statistics.queues[0].waits.count, 0)
        self.engine.check_invariants()
        self.assertEqual(self.engine.view_agent(
            self.engine.find_agent(7)).name, 'ann')

    def test_options(self):
        options = cr.EngineOptions(calls_max=1, audit_after=60)
        engine = cr.Engine(cr.parse_config(CENTRE), 0, options)
        self.assertEqual(engine.options.audit_after, 60)
        queue = engine.find_queue('sales')
        engine.tell('call_arrived', 0, call_ref=1, queue=queue)
        with self.assertRaises(cr.ResourceExhausted):
            engine.tell('call_arrived', 0, call_ref=2, queue=queue)
        self.assertGreater(cr.memory_bound(options), 0)
        faults = cr.find_faults(options.replace(calls_max=0))
        self.assertEqual(faults[0].path, 'calls_max')
        with self.assertRaises(cr.InvalidArgument):
            cr.Engine(cr.parse_config(CENTRE), 0, {'calls_max': 0})


class ValueTest(unittest.TestCase):

    def test_values_are_immutable_named_tuples(self):
        step = cr.Step(id='late', after=datetime.timedelta(seconds=30),
                       action='hang_up', when={'queue_longer_than': 3})
        self.assertEqual(step.after, 30)
        self.assertIs(step.action, cr.StepAction.HANG_UP)
        self.assertEqual(step.when.queue_longer_than, 3)
        self.assertEqual(step.replace(after=5).after, 5)
        self.assertEqual(step, cr.Step(*step))
        self.assertEqual(hash(step), hash(cr.Step(*step)))
        self.assertEqual(pickle.loads(pickle.dumps(step)), step)
        self.assertEqual(step.asdict()['when']['queue_longer_than'], 3)
        self.assertIn("id='late'", repr(step))
        for change in (lambda: setattr(step, 'after', 5),
                       lambda: setattr(step, 'new', 5)):
            self.assertRaises(AttributeError, change)

    def test_faults_name_the_field(self):
        with self.assertRaises(cr.InvalidArgument) as raised:
            cr.Configuration(queues=[{'name': 'a'},
                                     {'name': 'b', 'ring': 'long'}])
        self.assertEqual(raised.exception.field, 'queues[1].ring')
        self.assertIsInstance(raised.exception, ValueError)
        for bad in (lambda: cr.Step(idd='x'), lambda: cr.Step('a', id='b'),
                    lambda: cr.SkillLevel('a', 1, 2),
                    lambda: cr.Configuration(queues='sales'),
                    lambda: cr.Configuration(queues=[cr.Step()]),
                    lambda: cr.SkillLevel(level=2**40),
                    lambda: cr.NumberConfig(number='12'),
                    lambda: cr.Strategy(order=99)):
            self.assertRaises(cr.InvalidArgument, bad)

    def test_a_configuration_keeps_everything(self):
        config = cr.parse_config(CENTRE)
        text = cr.config_to_text(config)
        again = cr.parse_config(text)
        self.assertEqual(again.queues, config.queues)
        self.assertEqual(again.agents, config.agents)
        self.assertEqual(cr.Configuration(
            queues=config.queues, plans=config.plans,
            agents=config.agents).plans, config.plans)
        self.assertEqual(cr.find_faults(config), ())

    def test_files_are_refused_with_line_and_column(self):
        with self.assertRaises(cr.InvalidArgument) as raised:
            cr.parse_config('queue {\n  name: "a" requirement: "x >"\n}',
                            'a.textproto')
        fault = raised.exception.faults[0]
        self.assertEqual((fault.line, fault.file), (2, 'a.textproto'))
        self.assertTrue(str(fault).startswith('a.textproto:2:'))

    def test_requirements(self):
        self.assertEqual(cr.requirement('A and (A)'), 'A')
        with self.assertRaises(cr.InvalidArgument):
            cr.requirement('a >')


if __name__ == '__main__':
    unittest.main()
