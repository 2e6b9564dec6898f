# %% [markdown]
# # Which overflow plan?
#
# The queues of a 120-seat centre, imported from its Asterisk files, through a
# weekday of calls: as they are, and with two other overflow plans for the
# queue in English, which has few agents. The same callers come each time, so that the plans can be
# compared call by call.
#
# Run it in the project's folder: `python3 examples/prototyping.py [PICTURE]`.

# %%
import sys

import callrouter as cr

imported = cr.read_asterisk('examples/asterisk/queues.conf',
                            'examples/asterisk/queuerules.conf')
counts = imported.counts
print('%d lines read: %d mapped, %d ignored, %d wrong' % (
    counts.lines, counts.mapped, counts.ignored, counts.errors))

# %% [markdown]
# The day: calls, people and shifts are in a scenario; the configuration it
# asks for is the one just imported.

# %%
with open('examples/scenarios/centre_day.textproto', encoding='utf-8') as file:
    day = cr.parse_scenario(file.read(), 'centre_day.textproto',
                            lambda name: imported.config_text)
centre = day.configuration
QUEUE = 'service-english'

# %% [markdown]
# Three plans. Values are immutable: `replace` makes another configuration.

# %%
neighbours = cr.Plan(name='neighbours', steps=[
    cr.Step(id='service helps', after=15, action='also_offer',
            queue='service'),
    cr.Step(id='sales helps', after=40, action='also_offer', queue='sales')])
backup = cr.Plan(name='backup', steps=[
    cr.Step(id='backup centre', after=40, action='send_outside',
            outside=cr.SendOutside('tel:+18005550100'))])


def with_plan(plan):
    queues = [queue.replace(plan=plan.name) if queue.name == QUEUE else queue
              for queue in centre.queues]
    return day.replace(
        name=plan.name,
        configuration=centre.replace(queues=queues,
                                     plans=[*centre.plans, plan]))


plans = [day.replace(name='as imported'), with_plan(neighbours),
         with_plan(backup)]

# %%
results = [cr.simulate(plan) for plan in plans]
print('%-12s %8s %10s %10s %12s %14s' % (
    'plan', 'calls', 'answered', 'abandoned', 'sent outside',
    'service level'))
for plan, result in zip(plans, results):
    total = result.queue(QUEUE)['total']
    print('%-12s %8d %10d %10d %12d %13.1f%%' % (
        plan.name, total['offered'], total['answered'], total['abandoned'],
        total['sent_outside'], 100 * result.service_level(QUEUE)))

# %% [markdown]
# Which one? The fewest callers who give up, unless the backup centre, which
# costs money, has to take more than one call in ten.

# %%


def cost(result):
    total = result.queue(QUEUE)['total']
    dear = total['sent_outside'] > total['offered'] / 10
    return dear, total['abandoned']


chosen = min(range(len(plans)), key=lambda i: cost(results[i]))
print('chosen:', plans[chosen].name)

# %% [markdown]
# Waits of this queue's callers, and its service level through the day.

# %%
try:
    import matplotlib
    if not hasattr(sys, 'ps1'):
        matplotlib.use('Agg')
    from matplotlib import pyplot
except ImportError:
    pyplot = None
    print('no picture: Matplotlib is not installed')

if pyplot is not None:
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.2))
    for plan, result in zip(plans, results):
        result.plot(left, QUEUE)
        intervals = result.queue(QUEUE)['interval']
        level = [100 * c['within_target'] / max(1, c['answered'] +
                                                c['abandoned'])
                 for c in (i['counts'] for i in intervals)]
        right.plot(range(len(level)), level, label=plan.name)
    left.set_xlim(0, 120)
    left.legend()
    right.set_xticks(range(0, len(intervals), 6),
                     [i['from'] for i in intervals[::6]])
    right.set_ylabel('answered within 20 s, per cent')
    figure.tight_layout()
    figure.savefig(sys.argv[1] if len(sys.argv) > 1 else 'prototyping.png',
                   dpi=80)
