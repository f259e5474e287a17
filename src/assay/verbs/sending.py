"""`runs send`, and runs that are logged into a served lab: written on this machine first, sent as they grow."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from assay.base.errors import AssayError, InputError, StoreError
from assay.records.runs import RunEnd, RunStart, State
from assay.remote.address import LabPlace, Remote
from assay.remote.client import Client
from assay.remote.shipping import Shipper
from assay.runs.folder import RUNS, plain_record, read_record, run_folders
from assay.runs.live import Run
from assay.verbs.where import DATABASE, FOLDER, lab_folder

WAIT = 30.0
"""Seconds that the end of a run waits for a server that does not answer."""
PREFIX = "assay-sent-"


def home_of(place: LabPlace | None) -> Path:
    """The folder where a run is written: the lab's, or for a served lab a new one of this machine.

    Raises:
        StoreError: when none can be made.
    """
    if isinstance(place, Remote):
        return Path(tempfile.mkdtemp(prefix=PREFIX))
    return lab_folder(place)


class SentRun(Run):
    """A run whose files a thread sends to a server. Logging itself never waits for the network, and never raises."""

    _shipper: Shipper | None = None
    _remote: Remote | None = None

    def send_to(self, remote: Remote) -> None:
        """Begin to send.

        Raises:
            AssayError: the server refuses, for example for want of a token.
        """
        self._remote = remote
        shipper = Shipper(Client(remote), self.folder, self._home / "blobs", plain_record(self.start))
        try:
            told = shipper.begin()
        except AssayError:
            super().close("failed", "the server refused")
            shutil.rmtree(self._home, ignore_errors=True)
            raise
        self._shipper = shipper
        if not told:
            self._trouble(f"{remote.url} does not answer yet: values are kept in {self._home} until it does", 0)

    def flush(self) -> None:
        """Bring everything logged to the server's disk; never raises."""
        super().flush()
        if self._shipper is not None and os.getpid() == self._pid and not self._shipper.flush(WAIT):
            self._trouble(self._unsent(), 0)

    def close(self, state: State = "finished", error: str = "") -> None:
        """End the run and send the rest; what cannot be sent stays on this machine, and its place is told."""
        if self.closed:
            return
        super().close(state, error)
        if self._shipper is None or os.getpid() != self._pid:
            return
        end, _ = read_record(self.folder, RunEnd)
        if self._shipper.finish(plain_record(end) if end is not None else None, WAIT):
            shutil.rmtree(self._home, ignore_errors=True)
        else:
            self._trouble(self._unsent(), 0)

    @property
    def _home(self) -> Path:
        return self.folder.parent.parent

    def _unsent(self) -> str:
        refused = self._shipper.refused if self._shipper is not None else None
        why = refused.what if refused is not None else f"{self._remote} does not answer"
        return f"{why}; what is not sent is kept: assay runs send {self._home} --lab {self._remote}"


def send(folder: Path, remote: LabPlace | None) -> tuple[str, ...]:
    """Send runs that a server did not get while they ran; where they only waited for it, they are removed here.

    Args:
        folder: As the warning of the run named it; or a lab's, whose runs are sent and stay.
        remote: The served lab.

    Raises:
        InputError: no served lab is named, or the folder holds no runs.
        AssayError: the server refuses or does not answer; nothing is removed then.
    """
    if not isinstance(remote, Remote):
        raise InputError("no served lab is named", rule="runs are sent to a server", fix="--lab http://HOST:8765")
    folder = folder / FOLDER if (folder / FOLDER / DATABASE).exists() else folder
    names = run_folders(folder / RUNS)
    if not names:
        raise InputError(
            "holds no runs", rule=f"a folder {RUNS} with runs in it", fix="see the run's warning", where=str(folder)
        )
    for name in names:
        place = folder / RUNS / name
        start, _ = read_record(place, RunStart)
        end, _ = read_record(place, RunEnd)
        if start is None:
            raise StoreError("has no start that can be read", rule="start.json says what a run is", where=str(place))
        shipper = Shipper(Client(remote), place, folder / "blobs", plain_record(start))
        if not shipper.finish(plain_record(end) if end is not None else None, WAIT):
            raise shipper.refused or StoreError(
                f"{remote.url} does not answer", rule="runs are sent to a server", fix="try again when it is served"
            )
    if is_waiting(folder):
        shutil.rmtree(folder, ignore_errors=True)
    return tuple(names)


def is_waiting(folder: Path) -> bool:
    """Whether a folder is one of those where runs wait for a server, which go once they are sent; a lab stays."""
    return folder.absolute().name.startswith(PREFIX) and not (folder / DATABASE).exists()
