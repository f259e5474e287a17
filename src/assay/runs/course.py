"""The course of a sweep: where every cell stands, what is to be begun next, and when nothing more is."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assay.base.filling import filled
from assay.records.plan import Plan
from assay.records.runlist import Column, RunRow
from assay.records.runs import RunStart
from assay.records.sweep import Arm, Cell, CellStanding, CellState, Setting, Sweep, SweepState
from assay.runs.code import versions
from assay.runs.filters import parse_column
from assay.runs.folder import RUNS, read_record
from assay.runs.groups import seed_mean, value_of
from assay.runs.matrix import arms, cells, settings
from assay.runs.summary import summarise
from assay.runs.sweepfolder import Attempt, SweepFolder

POLL = 0.2

Propose = Callable[[Sweep, Arm, Sequence[Setting], int], dict[str, Any]]
"""The next setting of a model, from those so far; the number seeds its draws."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a worker does next: begin a cell, wait, or stop.

    Attributes:
        before: Earlier attempts at the cell.
        wait: Seconds until it is worth asking again; 0 to ask at once.
        over: Whether nothing is left to begin.
    """

    cell: Cell | None = None
    before: tuple[Attempt, ...] = ()
    wait: float = 0.0
    over: bool = False


@dataclass(slots=True)
class Course:
    """A plan's sweep on its way.

    Args:
        plan: With a sweep and commands.
        state: Its folder.
        session: Names the call of `assay sweep` that this worker belongs to; failures are counted within it.
        began: When that call was made, in seconds since 1970.
        propose: Where the search is Optuna's.
        code_of: Reads what was kept of a code, by its digest.
    """

    plan: Plan
    state: SweepFolder
    session: str
    began: float
    propose: Propose | None = None
    code_of: Callable[[str], Mapping[str, Any]] | None = None
    _rows: dict[str, RunRow] = field(default_factory=dict)
    _codes: dict[str, str] = field(default_factory=dict)
    _seen: dict[str, tuple[Attempt, ...]] = field(default_factory=dict)

    @property
    def sweep(self) -> Sweep:
        """What the plan says of it."""
        return self.plan.sweep or Sweep()

    def searched(self) -> dict[str, tuple[dict[str, Any], ...]]:
        """Model -> its settings so far: all of a grid, or what has been proposed."""
        found = {}
        for arm in arms(self.plan):
            proposed = self.sweep.search == "optuna" and bool(arm.space)
            found[arm.name] = self.state.settings(arm.name) if proposed else settings(self.sweep, arm, self.plan.seed)
        return found

    def standings(self) -> list[CellStanding]:
        """Where every cell stands, in the order of the matrix."""
        return [self._standing(cell) for cell in cells(self.plan, self.searched())]

    def _standing(self, cell: Cell) -> CellStanding:
        attempts = self._seen[cell.key] = self.state.attempts(cell.key)
        done = next((a for a in attempts if a.finished), None)
        last = done or (attempts[-1] if attempts else None)
        mine = self._failures(attempts)
        state: CellState = "missing"
        if done is not None:
            state = "finished"
        elif last is not None and (last.alive or (last.end is None and self.state.orphans(last))):
            state = "running"
        elif len(mine) > self.sweep.retries:
            state = "failed"
        elif mine and last is not None and last.failed:
            state = "waiting"
        why = next((a.end.get("why", "") for a in reversed(attempts) if a.end is not None), "") if not done else ""
        faults = "; ".join(f for a in attempts for f in a.faults)
        run = last.run if last is not None else ""
        ends = [a.end for a in attempts if a.end is not None]
        return CellStanding(
            cell, state, run, len(attempts),
            float(done.end["seconds"]) if done is not None and done.end is not None else 0.0,
            math.fsum(float(end.get("cpu_seconds", 0.0)) for end in ends),
            self._value(run) if done is not None else None, str(why or faults), self._code(run) if done else "",
        )  # fmt: skip

    def _failures(self, attempts: Sequence[Attempt]) -> list[Attempt]:
        """Attempts that failed within this session; all of them for who only looks."""
        return [a for a in attempts if a.failed and self.session in ("", a.claim.get("session"))]

    def _value(self, run: str) -> float | None:
        """The sweep's metric in a finished run."""
        if not self.sweep.metric:
            return None
        column = metric_column(self.sweep)
        if run not in self._rows:
            self._rows[run] = summarise(self.state.lab / RUNS / run)
        summary = self._rows[run].metrics.get(column.name)
        value = value_of(summary, column) if summary is not None else None
        return value if value is not None and math.isfinite(value) else None

    def _code(self, run: str) -> str:
        if run not in self._codes:
            start, _ = read_record(self.state.lab / RUNS / run, RunStart)
            self._codes[run] = start.code if start is not None else ""
        return self._codes[run]

    def now(self, standings: Sequence[CellStanding] | None = None) -> SweepState:
        """The whole sweep as it stands."""
        held = list(standings if standings is not None else self.standings())
        tried = judged(self.sweep, arms(self.plan), held)
        ended = self._ended(tried, held)
        shown = tuple(s for s in held if s.cell.model not in ended or s.cell.setting in ended[s.cell.model])
        over = sorted(f"the search for {model} has ended: {self._why()}" for model in ended)
        stopped, notes = self._stopped(held) or "; ".join(over), self._notes(held)
        place = (self.plan.name, str(self.state.folder), self.state.generation)
        return SweepState(*place, shown, tuple(tried), stopped, notes, self._unproposed(ended))

    def next(self) -> Turn:
        """What to begin now."""
        held = self.standings()
        if self._stopped(held):
            return Turn(over=True)
        tried = judged(self.sweep, arms(self.plan), held)
        ended = self._ended(tried, held)
        open_ = [s for s in held if s.state in ("missing", "waiting")]
        open_ = [s for s in open_ if s.cell.model not in ended or s.cell.setting in ended[s.cell.model]]
        delays = []
        for standing in open_:
            # Read once: what came since would make the number of the claim that of a second attempt.
            before = self._seen[standing.cell.key]
            delay = self._delay(before)
            if delay <= 0:
                return Turn(standing.cell, before)
            delays.append(delay)
        if self._proposed(tried, ended):
            return Turn()
        running = any(s.state == "running" for s in held)
        if not running and not delays:
            return Turn(over=True)
        return Turn(wait=min([*delays, POLL * 5 if running else POLL * 50]))

    def _delay(self, before: Sequence[Attempt]) -> float:
        """Seconds until a cell that failed may be begun again: the back-off doubles with each failure."""
        mine = self._failures(before)
        if not mine or not before[-1].failed or before[-1].end is None:
            return 0.0
        wait = self.sweep.backoff * 2.0 ** (len(mine) - 1)
        # A clock that was set back must not make it wait for longer than that.
        return min(wait, float(before[-1].end.get("time", 0.0)) + wait - time.time())

    def _proposed(self, tried: Sequence[Setting], ended: dict[str, set[int]]) -> bool:
        """Ask for a setting more, for the model that has fewest; False where none is wanted."""
        if self.sweep.search != "optuna" or self.propose is None:
            return False
        wanting = [a for a in arms(self.plan) if a.space and a.name not in ended]
        many = {a.name: len(self.state.settings(a.name)) for a in wanting}
        for arm in sorted(wanting, key=lambda a: many[a.name]):
            if many[arm.name] < self.sweep.settings:
                mine = [t for t in tried if t.model == arm.name]
                self.state.propose(arm.name, many[arm.name] + 1, self.propose(self.sweep, arm, mine, self.plan.seed))
                return True
        return False

    def _unproposed(self, ended: Mapping[str, set[int]]) -> dict[str, int]:
        """Model -> cells of the settings that Optuna is still to propose, where there are any."""
        if self.sweep.search != "optuna":
            return {}
        searched = [a for a in arms(self.plan) if a.space and a.name not in ended]
        left = {a.name: (self.sweep.settings - len(self.state.settings(a.name))) * len(a.seeds) for a in searched}
        return {name: many for name, many in left.items() if many > 0}

    def _stopped(self, held: Sequence[CellStanding]) -> str:
        """Why nothing more is begun at all; empty if it may go on."""
        limits = self.sweep.limits
        failed = sum(s.state == "failed" for s in held)
        if limits.failures is not None and failed >= limits.failures:
            return f"{failed} cells failed, and the plan allows fewer than {limits.failures}"
        if all(s.state == "finished" for s in held) and self.sweep.search != "optuna":
            return ""
        if limits.hours is not None and time.time() - self.began >= limits.hours * 3600:
            return f"the budget of {limits.hours:g} hours is spent"
        used = self.state.cpu_seconds() if limits.cpu_hours is not None else 0.0
        if limits.cpu_hours is not None and used >= limits.cpu_hours * 3600:
            return f"the budget of {limits.cpu_hours:g} processor hours is spent"
        return ""

    def _ended(self, tried: Sequence[Setting], held: Sequence[CellStanding]) -> dict[str, set[int]]:
        """Model -> its settings that were begun, for models whose search a stop rule has ended."""
        limits, found = self.sweep.limits, {}
        sign = -1.0 if self.sweep.goal == "maximize" else 1.0
        for arm in arms(self.plan):
            mine = [t for t in tried if t.model == arm.name]
            done = [t for t in mine if t.value is not None]
            values = [sign * t.value for t in done if t.value is not None]
            if not values:
                continue
            reached = limits.value is not None and min(values) <= sign * limits.value
            since = len(values) - 1 - values.index(min(values))
            if reached or (limits.patience is not None and since >= limits.patience):
                found[arm.name] = {s.cell.setting for s in held if s.cell.model == arm.name and s.attempts}
        return found

    def _why(self) -> str:
        limits = self.sweep.limits
        rules = [f"{self.sweep.metric} {limits.value:g} reached"] if limits.value is not None else []
        rules += [f"nothing better in {limits.patience} settings"] if limits.patience is not None else []
        return " or ".join(rules)

    def _notes(self, held: Sequence[CellStanding]) -> tuple[str, ...]:
        many = self._versions({s.code for s in held if s.state == "finished"})
        notes = [f"finished cells ran with {many} versions of the code"] if many > 1 else []
        lacking = [s.run for s in held if s.state == "finished" and s.value is None]
        if self.sweep.metric and lacking:
            notes.append(f"{len(lacking)} finished runs have no finite {self.sweep.metric}, e.g. {lacking[0]}")
        return (*notes, *(s.why for s in held if "is not as it was written" in s.why))

    def _versions(self, codes: Collection[str]) -> int:
        """How many programs the kept codes are, apart from what the cells themselves have written."""
        if len(codes) < 2 or self.code_of is None:
            return len(codes)
        fillings = [{**c.config, "seed": c.seed, "model": c.model} for c in cells(self.plan, self.searched())]
        written = (self.sweep.predictions, self.sweep.metrics)
        made = {filled(name, values) for values in fillings for name in written if name}
        return len(set(versions([self.code_of(code) for code in sorted(codes)], made)))


def metric_column(sweep: Sweep) -> Column:
    """The sweep's metric as a column of runs."""
    return parse_column(sweep.metric)


def judged(sweep: Sweep, known: Sequence[Arm], held: Sequence[CellStanding]) -> list[Setting]:
    """Every setting with what its seeds have shown; the best complete one of each model is chosen.

    Without a metric there is one setting a model, and that one is chosen.
    """
    found = []
    for arm in known:
        mine = [s for s in held if s.cell.model == arm.name]
        made = [_setting(arm, number, mine, sweep) for number in sorted({s.cell.setting for s in mine})]
        best = _best(sweep, made)
        found += [replace(s, chosen=s.number == best) for s in made]
    return found


def _setting(arm: Arm, number: int, held: Sequence[CellStanding], sweep: Sweep) -> Setting:
    mine = [s for s in held if s.cell.setting == number]
    done = [s for s in mine if s.state == "finished"]
    lost = sum(s.state == "failed" for s in mine)
    whole = len(done) == len(arm.seeds) and bool(sweep.metric)
    mean = seed_mean([s.value for s in done]) if whole else None
    value, interval = (mean.mean, mean.interval) if mean is not None else (None, None)
    return Setting(arm.name, number, mine[0].cell.config, len(arm.seeds), len(done), value, interval, lost)


def _best(sweep: Sweep, made: Sequence[Setting]) -> int | None:
    if not sweep.metric:
        return 0
    sign = -1.0 if sweep.goal == "maximize" else 1.0
    known = [(sign * s.value, s.number) for s in made if s.value is not None]
    return min(known)[1] if known else None
