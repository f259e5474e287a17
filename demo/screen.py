"""What the demo prints: every sentence with a number in it is made from what was computed."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

from assay.base.wording import MINUS
from assay.lab import Judged
from demo.flights import LATE_MINUTES, Flights
from demo.lessons import Effect, Lesson
from demo.predictions import TEST, TRAIN

WIDTH = 96


def title(text: str) -> None:
    """A heading."""
    print(f"\n── {text} {'─' * max(0, WIDTH - len(text) - 4)}", flush=True)


def say(text: str) -> None:
    """A paragraph."""
    print(textwrap.fill(" ".join(text.split()), WIDTH), flush=True)


def command(text: str) -> None:
    """A command that does the same by hand."""
    print(f"\n$ {text}", flush=True)


def population(flights: Flights) -> None:
    """Which flights are judged."""
    test = flights.in_months(*TEST)
    tested, late = flights.days[test], flights.columns["late"][test]
    say(
        f"{flights.scheduled:,} flights left New York in 2013, or were meant to. {flights.never_arrived:,} have no "
        f"arrival delay (cancelled, diverted or not recorded) and are left out: the population is the {flights.rows:,} "
        f"that arrived. Late means more than {LATE_MINUTES} minutes after schedule. Trained on the "
        f"{flights.in_months(*TRAIN).size:,} flights of January to August, tested on the {test.size:,} of September "
        f"and October: {len(set(tested))} days, {late.mean():.0%} late."
    )


def judged(verdict: Judged, relative: Path) -> None:
    """A recommendation as `assay judge` prints it, and where it lies."""
    print(verdict)
    print(f"memo: {relative / 'memo.html'}", flush=True)


def comment(verdict: Judged) -> None:
    """The recommendation in one sentence, read off the verdicts."""
    found = verdict.recommendations[0]
    unsettled = [v.claim.name for v in found.verdicts if v.status == "inconclusive"]
    look = verdict.judgement.look
    later = look.planned - look.look
    if found.action == "hold" and unsettled and later > 0:
        names = " and ".join(f"'{name}'" for name in unsettled)
        say(f"→ hold: these days do not settle {names}; planned looks that remain: {later}.")
    else:
        say(f"→ {found.action}: {', '.join(f'{v.claim.name} {v.status}' for v in found.verdicts)}.")


def narrow(lessons: Sequence[Lesson], rows: int, days: int) -> None:
    """Rows taken as units."""
    say(
        f"The {rows:,} tested flights come from {days} days, and one storm delays a whole day. With flights taken as "
        "units the interval of boosting minus logistic is too narrow:"
    )
    _table(lessons, ("days as units", "flights as units"))
    times = ", ".join(f"{lesson.title} {lesson.too_narrow:.1f} times" for lesson in lessons)
    say(f"Too narrow: {times}. Name the unit, in the plan or with --unit.")


def shuffled(lessons: Sequence[Lesson]) -> None:
    """A random split."""
    say(
        "The same models, trained once on as many flights, but tested on flights drawn at random from the same ten "
        "months. Each tested day then lends flights to the training:"
    )
    _table(lessons, ("split by date", "random split"))
    for lesson in lessons:
        turned = "the other model wins" if lesson.sign_turns else "the same model wins"
        say(f"{lesson.title}: from {_signed(lesson.right.value)} to {_signed(lesson.wrong.value)}; {turned}.")


def _table(lessons: Sequence[Lesson], heads: tuple[str, str]) -> None:
    print(f"\n  {'difference':<12}{heads[0]:<30}{heads[1]}")
    for lesson in lessons:
        print(f"  {lesson.title:<12}{_effect(lesson.right):<30}{_effect(lesson.wrong)}")
    print(flush=True)


def _effect(effect: Effect) -> str:
    return f"{_signed(effect.value)} [{_signed(effect.low)}, {_signed(effect.high)}]"


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", MINUS)
