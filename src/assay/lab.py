"""What a user holds in Python: a `Lab` whose methods are the verbs. Judgements show well in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.base.errors import AssayError
from assay.direct import Columns, Powers, listed
from assay.moves import Moves
from assay.records.looks import PlannedLooks
from assay.remote.address import LabPlace, Remote, place
from assay.results import Contributed, Judged, LooksTaken
from assay.team import Team

if TYPE_CHECKING:
    from assay.experiments import KeptRun, Sweeping
    from assay.flows.recheck import Recheck
    from assay.records.portfolio import PlanState, StepDone
    from assay.records.reproduction import KnownGood, ReproducedClaim, Reproduction
    from assay.records.runlist import RunGroup, RunNames, RunRow
    from assay.records.runview import Difference
    from assay.records.sweep import Coverage
    from assay.records.views import View
    from assay.store import Checkpoint, Entry


class Lab(Team, Moves):
    """A lab: a folder `.assay/` with plans, evidence and the ledger.

    Args:
        folder: The folder that holds `.assay`, or the address of a served lab, `http://…`.
    """

    def __init__(self, folder: str | Path | Remote = ".") -> None:
        self.folder: LabPlace = place(folder)

    @classmethod
    def create(cls, folder: str | Path = ".") -> Lab:
        """Make a lab, as `assay init`."""
        from assay.verbs import init

        init.run(Path(folder))
        return cls(folder)

    @staticmethod
    def template() -> str:
        """A commented plan to start from, as `assay plan new`."""
        from assay.verbs import plan as verb

        return verb.new()

    @staticmethod
    def check(plan: str | Path) -> tuple[list[AssayError], list[str]]:
        """Every problem and every warning of a plan and the data that it names, as `assay plan check`."""
        from assay.verbs import plan as verb

        return verb.check(Path(plan))

    @staticmethod
    def power(
        plan: str | Path, pilot: Sequence[str | Path] = (), units: int | None = None, simulate: bool = False
    ) -> Powers:
        """Units needed, detectable effects and the probability that all claims hold, as `assay plan power`.

        Args:
            plan: The plan file; its own data are not read.
            pilot: Predictions on development data: one file with all models, or the baseline's, then the candidates'.
            units: Units planned; by default those of the plan's last look.
            simulate: Whether to simulate also where a formula is good; it needs a pilot.
        """
        from assay.verbs import power as verb

        options = verb.PowerOptions(simulate)
        return Powers(verb.run(Path(plan), [Path(p) for p in pilot], units, options=options))

    @staticmethod
    def plan_looks(plan: str | Path) -> PlannedLooks:
        """The bounds of a plan's looks, and where they are likely to end, as `assay plan looks`.

        Raises:
            AssayError: a plan that is not sound, or with a single look.
        """
        from assay.verbs import plan_looks as verb

        return verb.run(Path(plan))

    @staticmethod
    def memo(evidence: str | Path, form: str = "html") -> str:
        """The memo of stored evidence as `html`, `md` or `json`, as `assay memo`.

        Raises:
            AssayError: evidence that is incomplete or changed, or an unknown form.
        """
        from assay.verbs import memo as verb
        from assay.verbs.documents import FORMS

        if form not in FORMS:
            raise AssayError(f"the form is {form!r}", rule=f"it is one of {', '.join(FORMS)}", fix="form='html'")
        return verb.run(Path(evidence), form)

    def plans(self) -> tuple[PlanState, ...]:
        """Every frozen plan with its versions and what came of it, as `assay plan list`."""
        from assay.verbs import portfolio

        return portfolio.plans(self.folder, limit=1_000_000)

    def plan(self, name: str) -> PlanState:
        """One frozen plan, as `assay plan show`.

        Raises:
            AssayError: there is none of that name.
        """
        from assay.verbs import portfolio

        return portfolio.plan(self.folder, name)

    def draft(self, name: str) -> str:
        """The latest version of a frozen plan as a plan file, to draft a deviation from, as `assay plan draft`.

        Raises:
            AssayError: there is none of that name.
        """
        from assay.verbs import portfolio

        return portfolio.draft(self.folder, name)

    def done(self, plan: str, milestone: str, note: str = "") -> StepDone:
        """Say that a milestone of a frozen plan is done, as `assay plan done`; again, nothing is added.

        Args:
            milestone: What it says, its date where no other has it, or both, the date first.
            note: What there is to say of it.

        Raises:
            AssayError: there is no such plan or milestone, or several fit.
        """
        from assay.verbs import milestone as verb

        return verb.done(self.folder, plan, milestone, note)

    def backup(self, path: str | Path) -> int:
        """Write everything that the lab holds to one file, as `assay backup`; returns how many files."""
        from assay.verbs import backup as verb

        return verb.run(Path(path), self.folder)

    @staticmethod
    def restore(path: str | Path, folder: str | Path = ".") -> Lab:
        """Make a lab of a backup, as `assay restore`."""
        from assay.verbs import restore as verb

        verb.run(Path(path), Path(folder))
        return Lab(folder)

    def export_site(self, folder: str | Path) -> int:
        """Write every plan and memo as pages that open from a file, as `assay export site`; returns how many."""
        from assay.verbs import export

        return export.site(self.folder, Path(folder))

    def freeze(self, plan: str | Path, deviation: str = "") -> str:
        """Freeze a plan and return its digest, as `assay plan freeze`."""
        from assay.verbs import plan as verb

        return verb.freeze(Path(plan), self.folder, deviation).plan.digest

    def judge(self, plan: str | Path, stop_rules: Columns = ()) -> Judged:
        """Judge a frozen plan, as `assay judge`.

        Args:
            plan: The plan file.
            stop_rules: Stop rules of the plan, in its words, that are met, as `--stop-rule`.
        """
        from assay.readers.planfile import read_plan
        from assay.verbs import judge as verb

        return Judged(verb.run(Path(plan), self.folder, stop_rules=listed(stop_rules)), read_plan(Path(plan)))

    def ablation(self, plan: str | Path) -> Contributed:
        """What each component contributes that a plan's ablations leave out, as `assay ablation PLAN`.

        It is read off the judgement; a plan that was not judged is judged, which is its look.
        """
        from assay.verbs import ablation_plan as verb

        return Contributed(verb.run(Path(plan), self.folder))

    def recheck(self, evidence: str | Path) -> Recheck:
        """Whether a verdict follows from its evidence, and its look is counted here, as `assay recheck --lab`.

        Returns:
            What was found; it is true where everything holds.
        """
        from assay.verbs import recheck as verb

        return verb.run(Path(evidence), self.folder)

    def run(self, run: str) -> KeptRun:
        """One run with its series, by its id or a part that only it has, as `assay runs show`."""
        from assay.experiments import KeptRun
        from assay.verbs import runs as verb

        return KeptRun(verb.shown(run, self.folder), self.folder)

    def runs(self, where: Columns = (), sort: str = "-started", limit: int = 20, offset: int = 0) -> tuple[RunRow, ...]:
        """Runs that fit conditions, in order, as `assay runs list`.

        Args:
            where: Conditions, e.g. `["lr>=0.01", "state=finished"]`; all have to hold.
            sort: A field, setting or metric; with `-` before it the largest first.
            limit: At most so many.
            offset: After so many.
        """
        from assay.verbs import runs as verb

        return verb.listed(verb.ListRequest(listed(where), sort, limit, offset, self.folder)).rows

    def save_view(
        self,
        name: str,
        where: Columns = (),
        sort: str = "-started",
        columns: Columns = (),
        by: Columns = (),
        metric: Columns = (),
    ) -> View:
        """Keep what a list of runs shows under a name, as `assay view save`; `metric` is of the groups."""
        from assay.records.views import View
        from assay.verbs import view as verb

        return verb.save(View(name, "", listed(where), sort, listed(columns), listed(by), listed(metric)), self.folder)

    def views(self) -> tuple[View, ...]:
        """Every saved view, as `assay view list`."""
        from assay.verbs import view as verb

        return verb.every(self.folder)

    def remove_view(self, name: str) -> None:
        """Forget a saved view, as `assay view remove`."""
        from assay.verbs import view as verb

        verb.remove(name, self.folder)

    def send_runs(self, folder: str | Path) -> tuple[str, ...]:
        """Send runs that this served lab did not get while they ran, as `assay runs send`; returns their ids."""
        from assay.verbs import sending as verb

        return verb.send(Path(folder), self.folder)

    def compare_runs(
        self, metrics: Columns, by: Columns = (), where: Columns = (), level: float = 0.95
    ) -> tuple[RunGroup, ...]:
        """Configurations with the mean of each metric and its interval over their runs, as `assay runs compare`."""
        from assay.verbs import runs as verb

        return verb.compared(verb.CompareRequest(listed(metrics), listed(by), listed(where), level, self.folder))

    def run_names(self, where: Sequence[str] = ()) -> RunNames:
        """Which settings, metrics and values the runs that fit have, and how many of them, as `assay runs names`."""
        from assay.verbs import runs as verb

        return verb.names(where, self.folder)

    def diff_runs(self, first: str, second: str) -> tuple[Difference, ...]:
        """How two runs differ, as `assay runs diff`."""
        from assay.verbs import runs as verb

        return verb.diffed(first, second, self.folder)

    def known_good(self) -> tuple[KnownGood, ...]:
        """Every run that is known to be good, as `assay runs known-good`."""
        from assay.verbs import marks as verb

        return verb.every(self.folder)

    def mark_known_good(self, run: str, good: bool = True, why: str = "") -> KnownGood:
        """Say that a run is known to be good, or no longer, as `assay runs known-good RUN`; the ledger keeps who did.

        Raises:
            AssayError: there is no such run, or it has not finished.
        """
        from assay.verbs import marks as verb

        return verb.mark(run, good, why, self.folder)

    def reproduce(
        self, run: str, environment: str = "auto", tolerance: float = 0.0, repository: str | Path | None = None
    ) -> Reproduction:
        """Run a claimed number again and compare, as `assay reproduce`.

        Args:
            run: Its id, or a part that only it has.
            environment: `auto`, `present` or `lock`.
            tolerance: Relative difference of last values that counts as none.
            repository: A clone that has the commit; by default where it was captured.
        """
        from assay.verbs import reproduce as verb

        where = Path(repository) if repository is not None else None
        asked: Any = environment
        return verb.run(verb.ReproduceRequest(run, asked, tolerance, where, self.folder))

    def reproduce_claim(self, evidence: str | Path, claim: str = "", **how: Any) -> ReproducedClaim:
        """Run again what is behind a claim and judge it on what came out, as `assay reproduce EVIDENCE --claim NAME`.

        Args:
            evidence: The folder of the bundle, or its digest.
            claim: Its name in the plan; the first primary claim where it is not given.
            how: `environment`, `tolerance` and `repository`, as for `reproduce`.
        """
        from assay.verbs import reproduce as run_verb
        from assay.verbs import reproduce_claim as verb

        return verb.run(verb.ClaimRequest(str(evidence), claim, run_verb.ReproduceRequest("", lab=self.folder, **how)))

    def sweep(
        self, plan: str | Path, workers: int = 1, command: Sequence[str] = (), anew: str = "", **budget: float
    ) -> Sweeping:
        """Fill the matrix that a plan demands with runs, as `assay sweep`; what has finished is not run again.

        Args:
            workers: Processes that execute cells side by side.
            command: Word by word, where the plan has none.
            anew: Why all cells are to be run again.
            budget: `hours` of the clock and `cpu_hours`, where they are not to be the plan's.
        """
        from assay.experiments import Sweeping
        from assay.verbs import sweep as verb

        return Sweeping(verb.run(verb.SweepRequest(Path(plan), workers, command, anew, lab=self.folder, **budget)))

    def coverage(self, plan: str | Path) -> Coverage:
        """Which cells of a plan's matrix are there, and which miss, as `assay plan coverage`; no prediction is read."""
        from assay.verbs import plan_coverage as verb

        return verb.run(Path(plan), self.folder)

    def reindex(self) -> int:
        """Make the index of runs anew from their folders, as `assay reindex`; returns how many there are."""
        from assay.verbs import reindex as verb

        return verb.run(self.folder)[0]

    def looks(self, dataset: str) -> LooksTaken:
        """What was read on a dataset, by whom, and what is left, as `assay looks`.

        Args:
            dataset: Its name in plans, the digest of a version, or a file of predictions.

        Raises:
            AssayError: no plan names it and nothing was read on it.
        """
        from assay.verbs import looks as verb

        return LooksTaken(verb.run(dataset, self.folder))

    def entries(self, limit: int = 50, search: str = "", kind: str | None = None) -> tuple[Entry, ...]:
        """The last events, those that hold some words or are of a kind, oldest first, as `assay ledger`."""
        from assay.verbs import ledger

        return ledger.search(self.folder, search, limit, None, kind).entries[::-1]

    def checkpoint(self, path: str | Path) -> Checkpoint:
        """Write the heads of the ledger to a file to be kept elsewhere, as `assay ledger checkpoint`."""
        from assay.verbs import ledger

        return ledger.checkpoint(self.folder, Path(path))

    def verify(self, checkpoint: str | Path | None = None) -> bool:
        """Whether every chain of the ledger holds, as `assay ledger verify`."""
        from assay.verbs import ledger

        return ledger.verify(self.folder, Path(checkpoint) if checkpoint is not None else None).ok

    def __repr__(self) -> str:
        return f"Lab({str(self.folder)!r})"
