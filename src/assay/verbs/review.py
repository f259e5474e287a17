"""`review`: a person says that they have read judged evidence, and approves of it or objects, with a reason.

It is an event of the ledger and changes neither the evidence nor its verdicts. What is shown is each person's last;
what they said before stays in the ledger. It is about a digest, so that new evidence begins without reviews.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

from assay.base.errors import EvidenceError, InputError, RightsError
from assay.flows.bundle import MANIFEST, identified
from assay.records.access import READ, REVIEW, Principal
from assay.records.review import LONGEST, OPINIONS, Reviews
from assay.remote.address import LabPlace
from assay.store import KeptEvidence, LocalStore, Session
from assay.store.access import has_users
from assay.verbs import reviewed
from assay.verbs.portfolio import evidence_named
from assay.verbs.served import served
from assay.verbs.shelf import Shelf
from assay.verbs.where import open_lab


def named(evidence: str | Path) -> str:
    """The digest of a folder of evidence that lies here; what is no such folder names evidence of the lab.

    Raises:
        EvidenceError: the folder's files are not what its manifest says.
    """
    try:
        here = (Path(evidence) / MANIFEST).is_file()
    except (OSError, ValueError):
        here = False
    return identified(Path(evidence)) if here else str(evidence)


@served(REVIEW)
def run(evidence: str, opinion: str, why: str, lab: LabPlace | None = None, by: Principal | None = None) -> Reviews:
    """Approve of judged evidence, or object to it, and say why.

    Args:
        evidence: Its digest, or six or more of its first digits.
        opinion: `approve` or `object`.
        why: In plain text, 2,000 characters at most.
        lab: The folder of the lab; by default the nearest from the working folder upwards.
        by: Who says it; the user of this machine where nobody is named.

    Returns:
        The evidence with all that people say of it. The same said again is no new event.

    Raises:
        InputError: no opinion, or no reason that people can read.
        EvidenceError: the lab has no such evidence, or it is not what was judged any more.
        RightsError: in a lab with users, whoever judged it.
    """
    reason = _readable(opinion, why)
    with open_lab(lab, by) as store:
        with store.snapshot() as session:
            kept = evidence_named(session, evidence)
        _check_whole(store, kept)
        with store.transaction() as session:
            known = _reviews(store, session, kept)
            _check_other(store, known)
            if (store.user, opinion, reason) not in [(r.by, r.opinion, r.why) for r in known.reviews]:
                said = {"evidence": kept.id, "plan": kept.plan, "opinion": opinion, "why": reason, "by": store.user}
                session.ledger.append(reviewed.REVIEWED, said)
            return _reviews(store, session, kept)


@served(READ)
def every(evidence: str, lab: LabPlace | None = None) -> Reviews:
    """Who judged evidence, and what people say of it.

    Raises:
        EvidenceError: the lab has no such evidence.
    """
    with open_lab(lab) as store, store.snapshot() as session:
        return _reviews(store, session, evidence_named(session, evidence))


def _reviews(store: LocalStore, session: Session, kept: KeptEvidence) -> Reviews:
    frozen, said = session.plans.get(kept.plan), reviewed.read(session)
    return Reviews(
        kept.id,
        frozen.name if frozen else "",
        frozen.version if frozen else 0,
        kept.recommendation,
        said.judges.get(kept.id, ()),
        said.reviews.get(kept.id, ()),
        has_users(store.folder),
    )


def _readable(opinion: str, why: str) -> str:
    """The reason without space around it.

    Raises:
        InputError: one that is empty, too long or no plain text, or an opinion that is none.
    """
    if opinion not in OPINIONS:
        raise InputError(
            f"the opinion is {opinion!r:.60}", rule=f"it is {' or '.join(OPINIONS)}", fix="--approve or --object"
        )
    reason = why.replace("\r\n", "\n").strip()
    if len(reason) > LONGEST:
        raise InputError(
            f"the reason has {len(reason):,} characters", rule=f"at most {LONGEST:,}", fix="say it in fewer words"
        )
    odd = next((c for c in reason if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"), None)
    if odd is not None:
        raise InputError(f"the reason holds {odd!r}", rule="a reason is plain text", fix="leave that character out")
    # Spaces, marks of direction and the like say nothing.
    if all(unicodedata.category(c)[0] in "CZ" for c in reason):
        raise InputError("no reason is given", rule="a review says why", fix="--why TEXT")
    return reason


def _check_whole(store: LocalStore, kept: KeptEvidence) -> None:
    """What was read is what was judged.

    Raises:
        EvidenceError: the bundle is gone, or was changed.
    """
    folder = Shelf(store.folder).stored(kept.folder, kept.id)
    found = identified(folder)
    if found != kept.id:
        raise EvidenceError(
            f"was replaced: it is {found[:19]}…, and the lab has recorded {kept.id[:19]}…",
            rule="evidence never changes",
            fix="restore the folder from a backup",
            where=str(folder),
        )


def _check_other(store: LocalStore, known: Reviews) -> None:
    """In a lab with users a second person reviews; who is alone may, and it is told as the judge's own.

    Raises:
        RightsError: whoever asks has judged it.
    """
    if known.team and store.user in known.judged_by:
        raise RightsError(
            f"{store.user!r} has judged this evidence",
            rule="in a lab with users it is reviewed by somebody else",
            fix="ask a reviewer",
        )
