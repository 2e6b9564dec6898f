#!/usr/bin/python3
"""Prints a call list of so many people, as such lists come: see USAGE.

The numbers are made up: do not dial them, some may be somebody's. The same
arguments give the same list.
"""

import random
import sys

USAGE = """make_leads.py [PEOPLE] > leads.csv    30,000 unless said otherwise

The header has the quirks of real lists: a mark of byte order before it,
capitals and spaces in names, columns the dialler does not know, numbers with
blanks and dashes, and a few rows that cannot be called.
"""
# Area code and how its numbers begin here.
AREAS = (('London', '20', '7946'), ('Birmingham', '121', '496'),
         ('Manchester', '161', '496'), ('Leeds', '113', '496'),
         ('Bristol', '117', '496'), ('Edinburgh', '131', '496'))


def main():
  if sys.argv[1:] in (['-h'], ['--help']):
    print(USAGE)
    return
  people = int(sys.argv[1]) if len(sys.argv) > 1 else 30000
  chance = random.Random(1)
  out = sys.stdout
  out.write('\ufeffVendor Lead Code,Phone,First Name, Last_Name ,CITY,Notes\n')
  ends = {area: chance.sample(range(10000), 10000) for _, area, _ in AREAS}
  people = min(people, 10000 * len(AREAS))
  for i in range(people):
    city, area, block = AREAS[i % len(AREAS)]
    digits = '%04d' % ends[area][i // len(AREAS)]
    style = chance.randrange(3)
    if style == 0:
      phone = '+44{}{}{}'.format(area, block, digits)
    elif style == 1:
      phone = '0044 {} {} {}'.format(area, block, digits)
    else:
      phone = '+44 ({}) {}-{}'.format(area, block, digits)
    if i % 5000 == 17:
      phone = chance.choice(('', 'n/a', '12'))
    out.write('{},{},P{},"Example, {}",{},\n'.format(i + 1, phone, i, i, city))


if __name__ == '__main__':
  main()
