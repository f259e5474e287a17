"""A run while it is logged into: what `assay.run` gives."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from assay.base.errors import AssayError, InputError
from assay.records.runs import BlobKeeper, RunEnd, RunStart, State
from assay.runs import pulse, usage, values
from assay.runs.config import plain_config
from assay.runs.files import artifact_place, inner_path, pieces_of, prompt_text
from assay.runs.folder import write_record
from assay.runs.hashing import CACHE, DigestCache, content_of
from assay.runs.prices import priced
from assay.runs.process import rank_number
from assay.runs.recorder import Recorder
from assay.runs.secrets import redact, redact_table


@dataclass(frozen=True, slots=True)
class Tools:
    """What a run needs from the floors above it.

    Attributes:
        parquet: Makes a Parquet file of a table in memory; the same rows give the same bytes.
        join: Logs into the run from another process, by its folder and rank.
        file_of: The file or folder behind the name of data: of a table its database.
        noted: What is said of data, by its name, where it lies, and a cache of digests.
    """

    parquet: Callable[[Any], bytes]
    join: Callable[[Path, int], Run]
    file_of: Callable[[str], Path]
    noted: Callable[[str, Path, DigestCache], dict[str, Any]]


@dataclass(slots=True)
class _Ended:
    """What is known of the end besides the clock."""

    exit_code: int | None = None
    output: Mapping[str, Any] = field(default_factory=dict)
    usage: Mapping[str, Any] = field(default_factory=dict)


class Run(Recorder):
    """One run: log into it, give it files, end it; use it in a `with` statement.

    Nothing that logs ever raises: trouble is told once, `healthy` becomes false, and the program goes on.

    Attributes:
        id: Names the run in its lab.
        healthy: Whether everything that was logged is kept.
        dropped: How many values are not.
    """

    def __init__(
        self, folder: Path, start: RunStart, blobs: BlobKeeper | None, *, owner: bool = True, rank: int = -1,
        worker: int = -1, tools: Tools | None = None,
    ) -> None:  # fmt: skip
        super().__init__(folder, start.id, rank if rank >= 0 else rank_number(), worker)
        self.start, self._blobs, self._owner = start, blobs, owner
        self._began, self._used, self._pid = time.monotonic(), usage.now(), os.getpid()
        self._ended = _Ended()
        self._tools = tools
        if owner:
            self._open_segment()
        pulse.watch(self)

    @property
    def config(self) -> Mapping[str, Any]:
        """The configuration as it is kept."""
        return self.start.config

    def text(self, name: str, text: str, step: int | None = None) -> None:
        """Keep a text, e.g. a sample of what the model says."""
        self._keep(name, "text", step, redact(str(text))[0])

    def histogram(self, name: str, data: Any, step: int | None = None, bins: int = 64) -> None:
        """Keep the distribution of numbers: counts in bins, NaN and infinite values counted apart."""
        self._made(name, "histogram", step, lambda: values.histogram(data, bins))

    def table(self, name: str, table: Any, step: int | None = None) -> None:
        """Keep a small table: a mapping of columns, rows as mappings, or a data frame."""
        self._made(name, "table", step, lambda: redact_table(values.table(table)))

    def image(self, name: str, image: Any, step: int | None = None) -> None:
        """Keep an image: an array of gray or RGB values, bytes of a PNG or JPEG, or the path of one."""
        self._made(name, "image", step, lambda: values.image(image, self._keeper()))

    def artifact(self, path: str | Path, name: str = "") -> str:
        """Keep a file that the run made, by its content.

        Args:
            path: Within the working folder, with no `..` and no links.
            name: Under which it is kept; its path where none is given.

        Returns:
            Its digest; empty where the disk refused, which is trouble but no error.

        Raises:
            InputError: a path that leaves the working folder, is a link, or is no file.
        """
        place = artifact_place(Path(path), Path(self.start.folder))
        kept = self._stored(place.name, lambda keeper: keeper.put_stream(pieces_of(place.path)))
        if kept:
            content = {"name": name or place.name, "digest": kept, "bytes": place.path.stat().st_size}
            self._note("artifact", content)
        return kept

    def predictions(self, table: Any, name: str = "predictions") -> str:
        """Keep predictions as evidence that `judge` can read: a table in memory, or a path within the working folder.

        Returns:
            The digest of the Parquet or text file that is kept; empty where the disk refused.

        Raises:
            InputError: what is no table.
        """
        if isinstance(table, (str, Path)):
            place = artifact_place(Path(table), Path(self.start.folder))
            form = place.path.suffix.lstrip(".").lower()
            kept = self._stored(name, lambda keeper: keeper.put_stream(pieces_of(place.path)))
        else:
            content, form = self._parquet(table), "parquet"
            kept = self._stored(name, lambda keeper: keeper.put(content))
        if kept:
            # A run again has to keep the same file.
            from_file = {"path": place.name} if isinstance(table, (str, Path)) else {}
            self._note("predictions", {"name": name, "digest": kept, "form": form, **from_file})
        return kept

    def read(self, path: str | Path, name: str = "") -> Path:
        """Say that this run reads data, whose content is digested now; never raises.

        Args:
            path: A file or folder; within the working folder it can be put back by `assay reproduce`. Or a table by
                reference, as `assay data add` takes it: `sqlite:///FILE?table=NAME`.
            name: As people call it; its path where none is given.

        Returns:
            The path, to be opened; of a table that of its database.
        """
        given = str(path)

        def digested(full: Path) -> dict[str, Any]:
            cache = DigestCache(self.folder.parent.parent / CACHE)
            if self._tools is None:
                content = content_of(full, cache, time.time())
                said = {"digest": content.digest, "bytes": content.bytes}
            else:
                said = self._tools.noted(given, full, cache)
            cache.save()
            return said

        place = self._tools.file_of(given) if self._tools is not None and "://" in given else Path(path)
        return self._take_in("data", place, name or given, digested)

    def prompt(self, path: str | Path, name: str = "") -> Path:
        """Say that this run uses a prompt or template file, and keep it, secrets replaced; never raises.

        Args:
            path: Of a text file up to 1 MB; within the working folder it can be put back by `assay reproduce`.
            name: As people call it; its path where none is given.

        Returns:
            The path, to be opened.
        """

        def kept(full: Path) -> dict[str, Any]:
            text, many = redact(prompt_text(full))
            content = text.encode("utf-8", "surrogateescape")
            said = {"digest": self._keeper().put(content), "bytes": len(content)}
            return {**said, "redacted": many} if many else said

        return self._take_in("prompt", path, name, kept)

    def _take_in(self, kind: str, path: str | Path, name: str, taken: Callable[[Path], dict[str, Any]]) -> Path:
        """Note what the run uses: what `taken` says of it, its name, and its place in the working folder."""
        place = Path(path)
        try:
            full, inner = inner_path(Path(self.start.folder), place)
            self._note(kind, {"name": name or str(path), **taken(full), "path": inner})
        except (OSError, AssayError) as error:
            self._trouble(f"the {kind} {str(path)!r:.200} could not be taken in ({error})", 1)
        return place

    def configure(self, config: Any = None, /, **more: Any) -> None:
        """Add to the configuration what was resolved after the start; never raises."""
        try:
            made = {**plain_config(config), **plain_config(more)}
            self._note("config", made)
        except Exception as error:
            self._trouble(f"the configuration was not kept ({type(error).__name__}: {error})", 1)

    def close(self, state: State = "finished", error: str = "") -> None:
        """End the run; a second time does nothing, and nothing raises."""
        if self.closed:
            return
        pulse.unwatch(self)
        segments = self._end_segment()
        if self._owner and os.getpid() == self._pid:
            end = RunEnd(
                state=state,
                ended=time.time(),
                seconds=time.monotonic() - self._began,
                exit_code=self._ended.exit_code,
                error=redact(error)[0][:10_000],
                usage=priced(self._ended.usage or usage.since(self._used), self.folder.parent.parent),
                dropped=self.dropped,
                healthy=self.healthy,
                segments=segments,
                output=self._ended.output,
            )
            try:
                write_record(self.folder, end)
            except (OSError, ValueError) as failed:
                self._trouble(f"its end could not be written ({failed})", 0)

    def _command_ended(self, exit_code: int, output: Mapping[str, Any], used: Mapping[str, Any]) -> None:
        """Say how a launched command ended, before `close`."""
        self._ended = _Ended(exit_code, output, used)

    def _made(self, name: str, kind: str, step: int | None, make: Callable[[], Any]) -> None:
        try:
            self._keep(name, kind, step, make())
        except Exception as error:
            self._trouble(f"{name!r:.100}: a {kind} was not kept ({type(error).__name__}: {error})", 1)

    def _keeper(self) -> BlobKeeper:
        if self._blobs is None:
            raise OSError("the lab cannot be written")
        return self._blobs

    def _parquet(self, table: Any) -> bytes:
        if self._tools is None:
            raise InputError("this run cannot make files of tables", rule="it was begun without", fix="keep a file")
        return self._tools.parquet(table)

    def __reduce__(self) -> Any:
        if self._tools is None:
            raise TypeError("this run cannot be sent to another process")
        return self._tools.join, (self.folder, self.rank)

    def _stored(self, name: str, put: Callable[[BlobKeeper], str]) -> str:
        try:
            return put(self._keeper())
        except (OSError, AssayError) as error:
            self._trouble(f"{name!r:.100} was not kept ({error})", 1)
            return ""

    def __del__(self) -> None:
        # Without a run to log into, nobody can end it any more; at the interpreter's end modules may be gone.
        with suppress(Exception):
            if not self.closed:
                pulse.end_unended(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Whoever leaves a generator before its end has what was wanted.
        if (
            kind is None
            or issubclass(kind, GeneratorExit)
            or (issubclass(kind, SystemExit) and not getattr(error, "code", None))
        ):
            self.close()
        elif issubclass(kind, _interruptions()):
            self.close("interrupted", kind.__name__)
        else:
            said = ""
            with suppress(Exception):  # a broken __str__ of the user's error must not hide the error itself
                said = str(error)
            self.close("failed", f"{kind.__name__}: {said}")

    def __repr__(self) -> str:
        return f"Run({self.id!r})"


def _interruptions() -> tuple[type[BaseException], ...]:
    """Ctrl-C, and a task that was cancelled; asyncio is looked at where the program has it."""
    cancelled = getattr(sys.modules.get("asyncio"), "CancelledError", None)
    return (KeyboardInterrupt, cancelled) if cancelled is not None else (KeyboardInterrupt,)
