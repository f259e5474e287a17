"""`export`: the lab as a folder of pages that open from a file, without a server and without a network."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from assay.base.errors import StoreError
from assay.base.progress import Progress, Silent
from assay.remote.address import LabPlace
from assay.report.html import render
from assay.report.portfolio import lab_page, memo_path, plan_page, plan_path
from assay.store.refusals import file_failures
from assay.verbs import memo, portfolio


def site(lab: LabPlace | None, folder: Path, progress: Progress | None = None) -> int:
    """Write every plan and every memo as pages; the folder appears whole or not at all.

    Args:
        lab: The folder of the lab; by default the nearest from the working folder upwards.
        folder: Where to; it must not be there yet.
        progress: Hears of the pages.

    Returns:
        How many pages were written.

    Raises:
        StoreError: the folder is there already or cannot be written.
        EvidenceError: a bundle is gone or was changed.
    """
    progress = progress or Silent()
    if folder.exists():
        raise StoreError("is there already", rule="a site is written once", fix="name a new folder", where=str(folder))
    states = portfolio.plans(lab, limit=1_000_000)
    progress.step("pages", len(states))
    with file_failures(folder), tempfile.TemporaryDirectory(dir=folder.absolute().parent, prefix=".site-") as made:
        draft = Path(made) / "site"
        draft.mkdir()
        (draft / "index.html").write_text(render(lab_page(states)), encoding="utf-8")
        pages = 1
        for state in states:
            (draft / plan_path(state.plan.name)).write_text(render(plan_page(state)), encoding="utf-8")
            for judged in state.evidence:
                text = render(memo.read(portfolio.evidence_folder(lab, judged.id)).document, away=True)
                (draft / memo_path(judged.id)).write_text(text, encoding="utf-8")
            pages += 1 + len(state.evidence)
            progress.advance()
        draft.chmod(0o755)
        shutil.move(draft, folder)
    return pages
