#!/usr/bin/python3
"""Prints a list of so many debtors: see USAGE.

The numbers are made up: do not dial them, some may be somebody's. The same
arguments give the same list.
"""

import random
import sys

USAGE = """make_debtors.py [PEOPLE] > debtors.csv    12,000 unless said otherwise

Columns: the contract, two numbers as people write them, how many days late,
the list that follows from that, and how much is owed, as a score.
"""
STAGES = (('1-30', 1, 30, 0.6), ('31-60', 31, 60, 0.25), ('61-90', 61, 90, 0.15))


def main():
  if sys.argv[1:] in (['-h'], ['--help']):
    print(USAGE)
    return
  people = int(sys.argv[1]) if len(sys.argv) > 1 else 12000
  chance = random.Random(1)
  ends = chance.sample(range(2000000), 2 * people)
  print('Contract;Mobile;Home Phone;Days late;Stage;Score')
  for i in range(people):
    name, first, last, _ = chance.choices(STAGES, [s[3] for s in STAGES])[0]
    # Ten digits after the country or its trunk prefix.
    mobile = '8 (499) %07d' % ends[2 * i]
    home = '+7 495 %07d' % ends[2 * i + 1] if i % 3 == 0 else ''
    print('{};{};{};{};{};{}'.format(100000 + i, mobile, home,
                                     chance.randint(first, last), name,
                                     min(65535, int(chance.expovariate(0.0001)))))


if __name__ == '__main__':
  main()
