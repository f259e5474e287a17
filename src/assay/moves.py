"""What a `Lab` does with other labs and other tools, and with data. `Lab` has these methods."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.records.imports import Imported
from assay.records.lineage import Lineage
from assay.records.merges import Merged
from assay.remote.address import LabPlace, place
from assay.report.html import fragment
from assay.report.imports import import_json, import_page, render_import
from assay.report.lineage import lineage_json, lineage_page, render_lineage
from assay.report.merges import render_merge

if TYPE_CHECKING:
    from assay.verbs.data import DataCheck, DataVersion


class ImportDone:
    """The result of `Lab.import_mlflow`: print it, or show it in a notebook.

    Attributes:
        results: The record behind it.
    """

    def __init__(self, results: Imported) -> None:
        self.results = results

    @property
    def runs(self) -> tuple[str, ...]:
        """Ids of the runs that were put in or have grown."""
        return self.results.runs

    @property
    def whole(self) -> bool:
        """Whether every count agrees."""
        return self.results.whole

    def to_json(self) -> dict[str, Any]:
        """What `assay import mlflow --json -` prints."""
        return import_json(self.results)

    def __str__(self) -> str:
        return render_import(self.results)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return fragment(import_page(self.results))


class SyncDone:
    """The result of `Lab.sync`: print it.

    Attributes:
        results: What came here; with `both`, then what went there.
    """

    def __init__(self, results: tuple[Merged, ...]) -> None:
        self.results = results

    @property
    def runs(self) -> tuple[str, ...]:
        """Runs that are new here."""
        return self.results[0].runs

    @property
    def refused(self) -> tuple[str, ...]:
        """What was not taken, and why."""
        return tuple(why for made in self.results for why in made.refused)

    @property
    def nothing(self) -> bool:
        """Whether nothing was new."""
        return all(made.nothing for made in self.results)

    def __str__(self) -> str:
        return "".join(render_merge(m, to) for m, to in zip(self.results, ("here", "there"), strict=False))

    __repr__ = __str__


class LineageFound:
    """The result of `Lab.lineage`: print it, or show it in a notebook.

    Attributes:
        results: The graph.
    """

    def __init__(self, results: Lineage) -> None:
        self.results = results

    def to_json(self) -> dict[str, Any]:
        """What `assay lineage --json -` prints."""
        return lineage_json(self.results)

    def __str__(self) -> str:
        return render_lineage(self.results)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return fragment(lineage_page(self.results))


class Moves:
    """Methods of `Lab` that bring things in and out."""

    folder: LabPlace

    def import_mlflow(
        self, source: str | Path, artifacts: str | Path | None = None, deleted: bool = False
    ) -> ImportDone:
        """Import runs, metrics, artifacts and models from MLflow, as `assay import mlflow`.

        Args:
            source: `sqlite:///PATH`, a folder `mlruns`, or the address of a server.
            artifacts: A folder with the artifacts, where they do not lie where the source says.
            deleted: Whether deleted runs are taken too.
        """
        from assay.verbs import import_ as verb

        where = Path(artifacts) if artifacts is not None else None
        asked = verb.ImportRequest(str(source), artifacts=where, deleted=deleted, lab=self.folder)
        return ImportDone(verb.run(asked))

    def sync(self, other: str | Path | Moves, both: bool = False) -> SyncDone:
        """Merge another lab into this one, as `assay sync`; a second time adds nothing.

        Args:
            other: Its folder, or the lab.
            both: Whether the other lab then gets what is here.
        """
        from assay.verbs import sync as verb

        where = other.folder if isinstance(other, Moves) else place(other)
        return SyncDone(verb.run(verb.SyncRequest(where, both, self.folder)))

    def lineage(self, name: str) -> LineageFound:
        """What a run or data came of, and what came of it, as `assay lineage`."""
        from assay.verbs import lineage as verb

        return LineageFound(verb.run(name, self.folder))

    def export_run(self, run: str, target: str | Path, form: str = "ro-crate") -> int:
        """Write a run as `ro-crate` or `prov`, as `assay export run`; returns how many files went with it."""
        from assay.verbs import provenance

        return provenance.run(run, Path(target), form, self.folder)

    def data(self, path: str | Path, name: str) -> DataVersion:
        """Name a version of a file, folder or table by its content, as `assay data add`."""
        from assay.verbs import data as verb

        return verb.add(path, name, self.folder)

    def data_check(self, name: str = "") -> tuple[DataCheck, ...]:
        """Whether data have changed since their newest version, as `assay data check`."""
        from assay.verbs import data as verb

        return verb.check(name, self.folder)

    def data_versions(self) -> tuple[DataVersion, ...]:
        """Every version, oldest first, as `assay data list`."""
        from assay.verbs import data as verb

        return verb.listed(self.folder)
