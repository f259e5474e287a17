"""Looks at a dataset, for a page and for a terminal."""

from __future__ import annotations

from assay.base.wording import counted, figure
from assay.records.readings import LookAhead, LooksAt, LookTaken, VersionRead, left
from assay.report.blocks import Block, Column, Document, Heading, Items, Paragraph, Table
from assay.report.numbers import count
from assay.report.text import clean, pad, shorten

_HEADS = ("Read", "By", "Plan", "Owner", "Look", "Candidates", "Budget", "Release", "Came of it")


def readings_page(found: LooksAt) -> Document:
    """Each version with its looks, what is left, and what is planned."""
    blocks: list[Block] = [Paragraph(_head(found), lead=True)]
    for version in found.versions:
        blocks += [Heading(f"Version {version.dataset[:19]}…"), Paragraph(_state(version)), _table(version)]
        blocks += [Items(tuple(_elsewhere(version)))] if version.shared or version.unseen else []
    if found.ahead:
        blocks += [Heading("Planned looks that remain"), Items(tuple(_planned(a) for a in found.ahead))]
    if found.unread:
        blocks += [Heading("Frozen, and not judged"), Items(tuple(clean(name) for name in found.unread))]
    return Document(f"Looks at {clean(', '.join(found.names) or found.asked)}", tuple(blocks))


def render_readings(found: LooksAt) -> str:
    """The same as text."""
    lines = [_head(found)]
    for version in found.versions:
        rows = [_HEADS, *(_row(look) for look in version.looks)]
        rows = [tuple(shorten(cell, 28) for cell in row) for row in rows]
        widths = [max(len(row[i]) for row in rows) for i in range(len(_HEADS))]
        lines += ["", f"version {version.dataset[:19]}…, {counted(version.units, 'unit')}"]
        lines += ["  " + "  ".join(pad(c, widths[i]) for i, c in enumerate(row)).rstrip() for row in rows]
        lines += [f"  {_state(version)}", *(f"  {line}" for line in _elsewhere(version))]
    if found.ahead:
        lines += ["", "planned looks that remain", *(f"  {_planned(a)}" for a in found.ahead)]
    if found.unread:
        lines += ["", f"frozen, and not judged: {clean(', '.join(found.unread))}"]
    return "\n".join(lines) + "\n"


def _head(found: LooksAt) -> str:
    looks = sum(len(v.looks) for v in found.versions)
    names = clean(", ".join(found.names) or found.asked)
    return f"{names}: {counted(looks, 'look')} at {counted(len(found.versions), 'version')}"


def _state(version: VersionRead) -> str:
    if version.adopted:
        return f"{clean(version.adopted)} was adopted on its rows: nothing is left; another candidate needs fresh units"
    rest = left(version)
    said = f"spent {_share(version.spent)} of the error, left {_share(rest)}"
    full = [look.plan for look in version.looks if look.release == "full"]
    if rest and full:
        said += "; its numbers are released in full, so only plans frozen before that may use the rest"
    return said if rest else f"{said}: another candidate needs fresh units"


def _elsewhere(version: VersionRead) -> list[str]:
    """Rows that other versions have too."""
    lines = []
    for other in version.shared:
        where, many = f"version {other.dataset[:19]}…", counted(other.rows, "row")
        if other.counted:
            lines.append(f"{many} of it stand in {where} too: what was read there counts here")
            continue
        alike = "" if other.changed is None else f", {count(other.rows - other.changed)} with the same target"
        lines.append(
            f"{many} of it have an id of {where} ({clean(', '.join(other.names))}){alike}; not counted here: if these"
            " are the same units, the data need the same name in plans"
        )
    if version.unseen:
        lines.append(
            f"the rows of {counted(version.unseen, 'version')} are not in this lab: what they share is unknown"
        )
    return lines


def _table(version: VersionRead) -> Table:
    rows = tuple(_row(look) for look in version.looks)
    return Table(tuple(Column(head) for head in _HEADS), rows, counted(version.units, "unit"))


def _row(look: LookTaken) -> tuple[str, ...]:
    planned = f"{look.look} of {look.planned}" if look.planned else f"{look.look} of any number"
    many = len(look.scores)
    return (
        f"{look.at[:10]} {look.at[11:16]}",
        clean(look.by),
        f"{clean(look.plan)} v{look.version}",
        clean(look.owner),
        planned,
        clean(", ".join(look.candidates)),
        f"{count(many)} of {count(look.allowed)}",
        look.release,
        look.recommendation,
    )


def _planned(ahead: LookAhead) -> str:
    at = f", at {counted(ahead.units, 'unit')}" if ahead.units is not None else ""
    return f"{clean(ahead.plan)} ({clean(ahead.owner)}): look {ahead.look}{at}"


def _share(share: float) -> str:
    return f"{figure(100 * share, 3)}%"
