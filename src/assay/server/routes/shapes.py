"""What answers hold, as the API describes it; what is open is documented by the record that it shows."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from assay.server.routes.bodies import Digest

Row = dict[str, Any]


class Shape(BaseModel):
    """An answer with no key that is not described."""

    model_config = ConfigDict(extra="forbid")


class Fault(Shape):
    """What is wrong, the rule that it breaks and the next step; `code` says of which kind it is."""

    code: str
    where: str
    what: str
    rule: str
    fix: str


class Refusal(Shape):
    """The one shape of every error; of a plan every problem is listed."""

    error: Fault
    problems: list[Fault] = []


class Text(Shape):
    """A text, as a file would hold it."""

    text: str


class Plans(Shape):
    """Plans, and the name to go on after."""

    plans: list[Row]
    next: str | None


class KnownGood(Shape):
    """Whether a run is known to be good: who said so, when and why; by its own tag where nobody did."""

    run: str
    good: bool
    by: str
    at: str
    why: str


class KnownGoods(Shape):
    """Runs that are known to be good."""

    runs: list[KnownGood]


class Covered(Shape):
    """A matrix as data and as a page."""

    coverage: Row
    page: Row


class Powered(Shape):
    """Power as data and as a page."""

    power: Row
    page: Row


class Checked(Shape):
    """What is wrong with a plan, and what its author may want to know."""

    problems: list[Fault]
    warnings: list[str]


class Frozen(Shape):
    """A frozen plan: `fresh` where it was not frozen before, `pending` for files that were not there."""

    digest: Digest
    version: int
    fresh: bool
    pending: list[str]


class Columns(Shape):
    """File -> its columns with their kinds, its rows, and the values of the column that was asked for."""

    files: dict[str, Row]


class Metrics(Shape):
    """Metrics by a notation that works."""

    metrics: list[dict[str, str]]


class Runs(Shape):
    """A page of runs out of all that fit."""

    total: int
    offset: int
    runs: list[Row]


class RunsPage(Runs):
    """A page of runs, and what to pass as `after` to go on."""

    next: str | None


class Names(Shape):
    """Settings, metrics and values with how many runs have them."""

    total: int
    settings: dict[str, int]
    metrics: dict[str, int]
    values: dict[str, dict[str, int]]


class Groups(Shape):
    """Groups of runs with their means and intervals."""

    groups: list[Row]


class Differences(Shape):
    """Where two runs differ."""

    differences: list[Row]


class Logged(Shape):
    """Something that a run logged and that is no number."""

    key: Row
    step: int | None
    content: Any


class Series(Shape):
    """A series in at most so many points; what is no number is text."""

    key: Row
    count: int
    steps: list[int]
    values: list[float | str | None]
    times: list[float | str | None]


class RunNamed(Shape):
    """A run that was begun, continued or ended."""

    run: str


class Size(Shape):
    """Bytes that are kept of a file."""

    size: int


class Versions(Shape):
    """Versions of data."""

    versions: list[Row]


class Views(Shape):
    """Saved views."""

    views: list[Row]


class Entries(Shape):
    """Events, and the position to go on after."""

    entries: list[Row]
    next: int | None


class Found(Entries):
    """Events that were searched for: all of them counted, and every kind that there is."""

    total: int
    kinds: dict[str, int]


class Verified(Shape):
    """Whether every chain holds, and where not."""

    ok: bool
    entries: int
    faults: list[str]


class Lineage(Shape):
    """A part of the graph as data and as a page."""

    lineage: Row
    page: Row


class Kept(Shape):
    """Content that is kept under its digest."""

    digest: Digest


class Job(Shape):
    """Long work: its state is `waiting`, `running`, `done` or `failed`."""

    id: str
    kind: str
    state: str
    step: Row | None
    result: Any


class Me(Shape):
    """Who is logged in, what they may, and whether they are a user by their password."""

    name: str
    may: list[str]
    user: bool


class User(Shape):
    """A user."""

    name: str
    role: str


class Users(Shape):
    """Every user."""

    users: list[User]


class Token(Shape):
    """A token without its secret; `expires` is in seconds since 1970."""

    name: str
    scopes: list[str]
    expires: float


class Tokens(Shape):
    """Every token that has not expired."""

    tokens: list[Token]


class NewToken(Token):
    """A token with its secret, which is shown this once."""

    secret: str


class Health(Shape):
    """That the process answers."""

    status: str
    assay: str


class Ready(Shape):
    """That the lab can be read."""

    status: str


class Result(Shape):
    """What a verb returned, as JSON of its record."""

    result: Any
