"""Writes cron-oracle.tsv: what APScheduler 3 makes of cron expressions.

    python3 -m venv /tmp/oracle && /tmp/oracle/bin/pip install 'apscheduler==3.11.3'
    /tmp/oracle/bin/python cron-oracle.py > cron-oracle.tsv

Each line: expression (JSON string), time, first firing strictly after it; "never" where none comes;
"refused" in both columns where the expression is not taken.
"""

import json
import random
from datetime import datetime, timedelta, timezone

from apscheduler.triggers.cron import CronTrigger

RANDOM = random.Random(20240229)
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
DAYS = "mon tue wed thu fri sat sun".split()
FIELDS = [(0, 59, None), (0, 23, None), (1, 31, None), (1, 12, MONTHS), (0, 6, DAYS)]

WRITTEN = """
* * * * *
*/5 * * * *
0 0 * * *
0 0 1 1 *
30 6 * * 0
30 6 * * 6
30 6 * * 7
30 6 * * sun
30 6 * * SUN
30 6 * * Mon-fri
30 6 * * mon,wed,fri
30 6 * * mon-fri/2
30 6 * * 0-4/2
30 6 * * */2
30 6 * * 0-0
30 6 * * 0-0/3
30 6 * * 6-0
30 6 * * fri-mon
30 6 * * monday
30 6 * * mon#2
30 6 * * 5L
30 6 * * 1-
30 6 * * mon-
30 6 * * mon-3
30 6 * * 3-fri
0 12 last * *
0 12 LAST * *
0 12 Last feb *
0 12 last,15 * *
0 12 last * 0
0 12 last/2 * *
0 12 last-3 * *
0 12 L * *
0 12 las * *
0 12 last last *
last 12 * * *
0 12 * * last
0 0 29 2 *
0 0 29 2 6
0 0 29 feb mon
0 0 30 2 *
0 0 31 2 *
0 0 31 2,4,6,9,11 *
0 0 31 */2 *
0 0 31 4,5 *
0 0 30-31 2 *
0 0 29-31 feb *
0 0 13 * 4
0 0 1-7 * 0
0 0 25-31 12 0
0 0 8 * mon
59 23 31 12 *
0 0 1 JAN-mar *
0 0 1 jan,mar,DEC *
0 0 1 jan-mar/2 *
0 0 1 1-3/2 *
0 0 1 dec-jan *
0 0 1 12-1 *
0 0 1 13 *
0 0 1 0 *
0 0 0 * *
0 0 32 * *
60 * * * *
0 24 * * *
-1 * * * *
5-5 * * * *
5-5/1 * * * *
0-0/1 * * * *
0-0/59 * * * *
0-0/60 * * * *
5/1 * * * *
5/54 * * * *
5/55 * * * *
59/1 * * * *
58/1 * * * *
*/59 * * * *
*/60 * * * *
*/0 * * * *
0/0 * * * *
*/1 * * * *
1-59/2 * * * *
10-20/10 * * * *
10-20/11 * * * *
10-20/3,7,50-59/4 * * * *
20-10 * * * *
1,2,3,3,2,1 * * * *
1,,2 * * * *
,1 * * * *
1, * * * *
1 , 2 * * * *
*,1 * * * *
** * * * *
*5 * * * *
*/ * * * *
*/-1 * * * *
*/1.5 * * * *
+5 * * * *
005 07 01 006 *
00000000000000000000005 * * * *
99999999999999999999 * * * *
*/99999999999999999999 * * * *
0-99999999999999999999 * * * *
? * * * *
* * ? * *
* * * * ?
@daily
@hourly
* * * *
* * * * * *
0x5 * * * *
5W * * * *
1st mon * * *
~ * * * *
H * * * *
*/7 */5 */3 */2 */2
0 */23 * * *
0 */24 * * *
0 0 */30 * *
0 0 */31 * *
0 0 2/29 * *
0 0 2/30 * *
0 0 1 */11 *
0 0 1 */12 *
0 0 1 2/10 *
0 0 1 2/11 *
0 0 * * */6
0 0 * * */7
0 0 * * 1/5
0 0 * * 1/6
""".strip("\n").split("\n")

SPACED = ["", " ", "  */5  *\t* \n* *  ", "*\u00a0*\u2003*\u3000*\u2028*", "*\x1c*\x1d*\x1e*\x1f*", "*\x85*\x0b*\x0c*\r*",
          "*\u200b* * * *", "*\0 * * * *", "m\u00f6n * * * *", "* * * * s\u0131n"]


def part(low, high, names):
    kind = RANDOM.randrange(7)
    if names and kind < 2:
        first = RANDOM.randrange(len(names))
        last = RANDOM.randrange(first if RANDOM.random() < 0.9 else 0, len(names))
        text = names[first] if kind == 0 else names[first] + "-" + names[last]
        return RANDOM.choice([text, text.upper(), text.title()])
    first = RANDOM.randint(low, high)
    last = RANDOM.randint(first, high)
    if kind < 3:
        return str(first)
    if kind == 3:
        return f"{first}-{last}"
    if kind == 4:
        return f"{first}-{last}/{RANDOM.randint(1, max(1, last - first))}"
    if kind == 5:
        return f"*/{RANDOM.randint(1, high - low)}"
    return f"{first}/{RANDOM.randint(1, max(1, high - first))}"


def field(number):
    if RANDOM.random() < (0.2 if number < 2 else 0.45):
        return "*"
    parts = [part(*FIELDS[number]) for _ in range(RANDOM.choice([1, 1, 1, 2, 3]))]
    if number == 2 and RANDOM.random() < 0.15:
        parts.append("last")
    return ",".join(parts)


def damaged(text):
    at = RANDOM.randrange(len(text))
    return text[:at] + RANDOM.choice("0123456789*/-,#?aLW ") + text[at + RANDOM.randrange(2):]


def expressions():
    yield from WRITTEN
    yield from SPACED
    for _ in range(200):
        yield " ".join(field(number) for number in range(5))
    for _ in range(60):
        yield damaged(" ".join(field(number) for number in range(5)))


def times():
    yield datetime(2024, 2, 28, 23, 59, tzinfo=timezone.utc)
    start = datetime(1999, 12, 31, tzinfo=timezone.utc)
    for _ in range(2):
        yield start + timedelta(seconds=RANDOM.randrange(110 * 365 * 86400))


def first_after(trigger, time):
    # No expression is silent for longer than 40 years unless it is for ever; the end keeps APScheduler from
    # searching until the year 9999.
    trigger.end_date = time + timedelta(days=366 * 42)
    found = trigger.get_next_fire_time(None, time + timedelta(microseconds=1))
    return found.strftime("%Y-%m-%dT%H:%M:%SZ") if found else "never"


def main():
    for expression in expressions():
        try:
            trigger = CronTrigger.from_crontab(expression, timezone=timezone.utc)
        except ValueError:
            print(json.dumps(expression), "refused", "refused", sep="\t")
            continue
        for time in times():
            print(json.dumps(expression), time.strftime("%Y-%m-%dT%H:%M:%SZ"), first_after(trigger, time), sep="\t")


main()
