"""MLflow's file store, the folder `mlruns`: a folder a run, a file a parameter, tag and metric."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from assay.base.errors import InputError
from assay.readers.mlflow.shape import dataset, local_files, points, refused, run_of, walk
from assay.records.imports import ForeignFile, ForeignRun, Points

META, BIN, MODELS = "meta.yaml", ".trash", "models"
# Ten times faster than `yaml.safe_load`, and as safe.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class _Trouble:
    """What could not be read of a run, in words, and how many of which thing."""

    said: list[str] = field(default_factory=list)
    lost: dict[str, int] = field(default_factory=dict)

    def add(self, what: str, thing: str) -> None:
        self.said.append(what)
        if thing:
            self.lost[thing] = self.lost.get(thing, 0) + 1


class FileSource:
    """A file store.

    Args:
        root: The folder `mlruns`.
        artifacts: A further folder with artifacts, laid out in the same way.

    Raises:
        InputError: what is none.
    """

    def __init__(self, root: Path, artifacts: Path | None = None) -> None:
        self.where, self._root, self._artifacts = str(root), root.absolute(), artifacts
        self._allowed = [p for p in (self._root, artifacts and artifacts.absolute()) if p]
        self._experiments = [p for base in (root, root / BIN) for p in _folders(base) if (p / META).is_file()]
        if not self._experiments:
            raise InputError(
                "holds no experiment of MLflow",
                rule=f"a file store has a folder with {META} for each experiment",
                fix="name the folder mlruns itself",
                where=str(root),
            )

    def counts(self) -> Mapping[str, int]:
        """Files and lines, counted without understanding them."""
        found = dict.fromkeys(("params", "metrics", "values", "tags", "datasets"), 0)
        folders = [run for e in self._experiments for run in _folders(e) if (run / META).is_file() and _is_run(run)]
        for run in folders:
            found["params"] += sum(1 for _ in _files(run / "params"))
            found["tags"] += sum(1 for _ in _files(run / "tags"))
            found["datasets"] += sum(1 for p in _folders(run / "inputs") if (p / META).is_file())
            for path in _files(run / "metrics"):
                found["metrics"] += 1
                found["values"] += _lines(path) if not _odd(path, run) else 0
        models = [p for p in _folders(self._root / MODELS) if (p / META).is_file()]
        versions = [v for m in models for v in _folders(m) if (v / META).is_file()]
        many = {"experiments": len(self._experiments), "runs": len(folders)}
        return {**many, **found, "models": len(models), "model versions": len(versions)}

    def runs(self) -> Iterator[ForeignRun]:
        """Every run, by experiment and id."""
        versions: dict[str, list[Mapping[str, Any]]] = {}
        for version in self._versions():
            versions.setdefault(str(version.get("run_id")), []).append(version)
        for folder in self._experiments:
            experiment = self._meta(folder)
            models = self._logged(folder)
            runs = [p for p in _folders(folder) if (p / META).is_file() and _is_run(p)]
            # By their start, so that a run comes after the one within which it was begun.
            for run in sorted(runs, key=lambda p: str(self._meta(p).get("start_time", ""))):
                yield self._run(run, experiment, models, versions)

    def catalogue(self) -> Mapping[str, Any]:
        """Experiments and models."""
        experiments = [{**self._meta(f), "tags": dict(self._texts(f / "tags", _Trouble()))} for f in self._experiments]
        logged = [m for f in self._experiments for m in self._logged(f)]
        registered = [
            {
                **self._meta(m),
                "tags": dict(self._texts(m / "tags", _Trouble())),
                "aliases": dict(self._texts(m / "aliases", _Trouble())),
            }
            for m in _folders(self._root / MODELS)
            if (m / META).is_file()
        ]
        return {
            "experiments": experiments,
            "registered_models": registered,
            "model_versions": list(self._versions()),
            "logged_models": logged,
        }

    def close(self) -> None:
        """Nothing is held open."""

    def _run(
        self, folder: Path, experiment: Mapping[str, Any], models: list[dict[str, Any]], versions: Mapping[str, Any]
    ) -> ForeignRun:
        trouble = _Trouble()
        info = self._meta(folder, trouble)
        name = str(info.get("run_uuid") or info.get("run_id") or folder.name)
        params, tags = (dict(self._texts(folder / part, trouble)) for part in ("params", "tags"))
        deleted = "deleted" in (info.get("lifecycle_stage"), experiment.get("lifecycle_stage"))
        mine = [m for m in models if m.get("source_run_id") == name]
        files = [*self._artifacts_of(folder, info), *(f for m in mine for f in self._model_files(folder.parent, m))]
        return run_of(
            {**info, "run_uuid": name, "lifecycle_stage": "deleted" if deleted else "active"},
            str(experiment.get("name", folder.parent.name)), params, tags, dict(self._series(folder, trouble)),
            files=tuple(files), data=tuple(self._data(folder)),
            models=tuple({"kind": "version", **v} for v in versions.get(name, ()))
            + tuple({"kind": "logged", **m} for m in mine),
            faults=tuple(trouble.said), lost=trouble.lost,
        )  # fmt: skip

    def _series(self, folder: Path, trouble: _Trouble) -> Iterator[tuple[str, Points]]:
        for path in _files(folder / "metrics"):
            name, why = _name(path, folder / "metrics"), _odd(path, folder)
            if why:
                trouble.add(f"metrics/{name}: {why}", "metrics")
                continue
            rows = []
            for number, line in enumerate(path.read_bytes().splitlines(), 1):
                if not line.strip():
                    continue
                try:
                    rows.append(_point(line))
                except (ValueError, IndexError, OverflowError):
                    trouble.add(f"metrics/{name}: line {number} is no value: {line[:60]!r}", "values")
            if rows:
                steps, values, stamps = zip(*rows, strict=True)
                yield name, points(steps, values, stamps)
            else:
                trouble.add(f"metrics/{name}: has no value", "metrics")

    def _texts(self, folder: Path, trouble: _Trouble) -> Iterator[tuple[str, str]]:
        for path in _files(folder):
            why = _odd(path, folder.parent)
            if why:
                trouble.add(f"{folder.name}/{_name(path, folder)}: {why}", folder.name)
                continue
            text = path.read_bytes().decode("utf-8", "replace")
            yield _name(path, folder), text.removesuffix("\n")

    def _artifacts_of(self, folder: Path, info: Mapping[str, Any]) -> Iterator[ForeignFile]:
        """A store that was moved still has its artifacts beside each run."""
        inner = folder / "artifacts"
        given = self._artifacts and self._artifacts / folder.parent.name / folder.name / "artifacts"
        if inner.is_symlink() or inner.is_dir():
            yield from [refused("(all artifacts)", "the folder is a link")] if inner.is_symlink() else walk(inner)
        elif given and given.is_dir():
            yield from walk(given)
        elif info.get("artifact_uri"):
            yield from local_files(str(info["artifact_uri"]), self._allowed)

    def _model_files(self, experiment: Path, model: Mapping[str, Any]) -> Iterator[ForeignFile]:
        inner = experiment / MODELS / str(model.get("model_id")) / "artifacts"
        if ".." not in inner.parts and inner.is_dir() and not inner.is_symlink():
            yield from walk(inner, f"models/{model.get('model_id')}/")

    def _data(self, folder: Path) -> Iterator[dict[str, Any]]:
        for one in _folders(folder / "inputs"):
            if (one / META).is_file():
                said = self._meta(folder.parent / "datasets" / str(self._meta(one).get("source_id")))
                yield dataset(said)

    def _logged(self, experiment: Path) -> list[dict[str, Any]]:
        return [self._meta(p) for p in _folders(experiment / MODELS) if (p / META).is_file()]

    def _versions(self) -> Iterator[dict[str, Any]]:
        for model in _folders(self._root / MODELS):
            for version in _folders(model):
                if (version / META).is_file():
                    yield {**self._meta(version), "tags": dict(self._texts(version / "tags", _Trouble()))}

    def _meta(self, folder: Path, trouble: _Trouble | None = None) -> dict[str, Any]:
        """The record of a folder; empty where there is none, or it is none, which MLflow leaves behind at times."""
        path = folder / META
        if not path.is_file() or path.is_symlink():
            return {}
        try:
            said = _LOADER(path.read_bytes()).get_single_data()
        except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
            said = type(error).__name__
        if not isinstance(said, dict) and trouble is not None:
            trouble.add(f"{META} is no record ({said!r:.60})", "")
        return said if isinstance(said, dict) else {}


def _point(line: bytes) -> tuple[int, float, int]:
    """`timestamp value step`; old versions wrote no step, new ones may write a dataset behind it."""
    parts = line.split()
    if len(parts) not in (2, 3, 5):
        raise ValueError(line)
    return (int(parts[2]) if len(parts) > 2 else 0), float(parts[1]), int(parts[0])


def _is_run(folder: Path) -> bool:
    return folder.name not in (MODELS, "datasets", "traces", "tags")


def _folders(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as found:
            return sorted(Path(e) for e in found if e.is_dir(follow_symlinks=False) and e.name != BIN)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _files(folder: Path) -> Iterator[Path]:
    """Files of a folder, of its folders too: a name with `/` in it is a path."""
    for at, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(at, name) for name in sorted(names))


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix().encode("utf-8", "replace").decode()


def _odd(path: Path, above: Path) -> str:
    """Why a file is not read; empty where it is."""
    inner = path.relative_to(above).parts
    if any(above.joinpath(*inner[: n + 1]).is_symlink() for n in range(len(inner))):
        return "is or passes a link"
    return "" if path.is_file() else "is no regular file"


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(bool(line.strip()) for line in file)
