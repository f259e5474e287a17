"""An event of the ledger in words: what happened, to which plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assay.base.canonical import is_digest
from assay.report.text import clean, show

_LONGEST = 60


def said(kind: str, content: Any, plans: Mapping[str, str]) -> str:
    """What happened, in words; the whole payload stays in the lab.

    Args:
        kind: Of the event.
        content: Its payload; None where that was erased.
        plans: Digest of each frozen plan -> its name and version.
    """
    if content is None:
        return "(erased)"
    if not isinstance(content, dict):
        return _short(content)
    known = {
        "lab.created": _lab, "plan.frozen": _plan, "evidence.kept": _evidence, "look.read": _look, "data.read": _read,
        "milestone.done": _done, "evidence.judged": _again, "evidence.reviewed": _review, "run.marked": _marked,
    }  # fmt: skip
    return known.get(kind, _any)(content, plans)


def plan_names(frozen: Iterable[Any]) -> dict[str, str]:
    """Digest -> name and version, from the payloads of the events that froze plans."""
    contents = [c for c in frozen if isinstance(c, dict)]
    return {str(c.get("digest")): f"{_short(c.get('name'))} version {_short(c.get('version'))}" for c in contents}


def _lab(c: Mapping[str, Any], plans: Mapping[str, str]) -> str:
    return f"lab {_short(c.get('id'))}"


def _plan(c: Mapping[str, Any], plans: Mapping[str, str]) -> str:
    why = f"; deviation: {_short(c['reason'])}" if c.get("reason") else ""
    return f"{_named(c.get('digest'), plans)} frozen by {_short(c.get('frozen_by'))}, {_short(c.get('digest'))}{why}"


def _evidence(c: Mapping[str, Any], plans: Mapping[str, str]) -> str:
    return f"{_named(c.get('plan'), plans)} judged: {_short(c.get('recommendation'))}; {_short(c.get('folder'))}"


def _again(c: Mapping[str, Any], plans: Mapping[str, str]) -> str:
    by, evidence = _short(c.get("by")), _short(c.get("evidence"))
    return f"{_named(c.get('plan'), plans)} judged by {by} on what was read before: {evidence}"


def _review(c: Mapping[str, Any], plans: Mapping[str, str]) -> str:
    says = {"approve": "approves of", "object": "objects to"}.get(str(c.get("opinion")), "reviewed")
    what = f"{_named(c.get('plan'), plans)}, {_short(c.get('evidence'))}"
    return f"{_short(c.get('by'))} {says} {what}: {_short(c.get('why'))}"


def _look(c: Mapping[str, Any], plans: Mapping[str, str]) -> str:
    read = f"candidate {_short(c.get('candidate'))} on data {_short(c.get('dataset'))}"
    return f"{_named(c.get('plan'), plans)} read by {_short(c.get('read_by'))}: {read}"


def _read(c: Mapping[str, Any], plans: Mapping[str, str]) -> str:
    data, metrics = (", ".join(_short(v) for v in c.get(name) or ()) for name in ("data", "metrics"))
    by, why = _short(c.get("by")), _short(c.get("why"))
    if c.get("run"):
        return f"{data} read by {by}: {why}, {clean(str(c['run']))}"
    return f"{data} read by {by}: {why} (assay {_short(c.get('verb'))}), {metrics}"


def _done(c: Mapping[str, Any], plans: Mapping[str, str]) -> str:
    note = f"; {_short(c['note'])}" if c.get("note") else ""
    step = f"{_short(c.get('date'))} {_short(c.get('what'))}"
    return f"{_named(c.get('plan'), plans)}: {step} is done, says {_short(c.get('by'))}{note}"


def _marked(c: Mapping[str, Any], plans: Mapping[str, str]) -> str:
    why = f": {_short(c['why'])}" if c.get("why") else ""
    stands = "known to be good" if c.get("good") is True else "no longer known to be good"
    return f"run {clean(str(c.get('run')))} is {stands}, says {_short(c.get('by'))}{why}"


def _any(c: Mapping[str, Any], plans: Mapping[str, str]) -> str:
    return ", ".join(f"{clean(str(key))} {_short(value)}" for key, value in c.items())


def _named(digest: Any, plans: Mapping[str, str]) -> str:
    return plans.get(str(digest)) or f"plan {_short(digest)}"


def _short(value: Any) -> str:
    """A value in few characters; a digest by its first twelve."""
    text = show(value)
    if is_digest(text):
        return f"{text[: text.index(':') + 13]}…"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
