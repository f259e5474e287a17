"""What requests carry, checked at the edge."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assay.base.canonical import DIGEST

Name = Annotated[str, Field(min_length=1, max_length=500)]
Digest = Annotated[str, Field(pattern=f"^{DIGEST}$")]
Files = Annotated[dict[Name, Digest], Field(max_length=1000)]


class Body(BaseModel):
    """A body with no key that is not known."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _shallow(value: Any) -> Any:
    """A value that is nested no deeper than anything here can walk."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise ValueError(f"nested deeper than {DEEPEST} levels")
        level = [
            v
            for one in level
            for v in (one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
        ]
    return value


DEEPEST = 50
Free = Annotated[Any, AfterValidator(_shallow)]
"""Any JSON that is not nested too deeply."""
Held = Annotated[dict[str, Any], AfterValidator(_shallow)]
"""A JSON object of the same kind."""
Word = Annotated[str, Field(max_length=10_000)]
Words = Annotated[list[Word], Field(max_length=10_000)]


class PlanBody(Body):
    """A plan's text, and the predictions that it names as uploaded blobs."""

    text: Annotated[str, Field(max_length=1_000_000)]
    files: Files = {}


class FreezeBody(PlanBody):
    """A plan to freeze."""

    deviation: Annotated[str, Field(max_length=10_000)] = ""


class DoneBody(Body):
    """A milestone that is done: what it says, its date, or both, and what there is to say of it."""

    milestone: Annotated[str, Field(max_length=20_000)]
    note: Annotated[str, Field(max_length=10_000)] = ""


class MarkBody(Body):
    """Whether a run is known to be good, and why."""

    good: bool = True
    why: Annotated[str, Field(max_length=10_000)] = ""


class JudgeBody(Body):
    """A frozen plan to judge: its text, or its name for the version that the lab keeps."""

    text: Annotated[str, Field(max_length=1_000_000)] = ""
    name: Annotated[str, Field(max_length=500)] = ""
    files: Files = {}
    stop_rules: Annotated[list[str], Field(max_length=100)] = []


class CompareBody(Body):
    """Two or more files of predictions, by name, and the options of `assay compare` as the SDK names them.

    With `page`, the result holds the page too, as blocks.
    """

    files: Files
    order: Annotated[list[Name], Field(min_length=1, max_length=100)]
    options: Held = {}
    page: bool = False


class ColumnsBody(Body):
    """Uploaded files whose columns are asked for, and a column whose values are."""

    files: Files
    of: Annotated[str, Field(max_length=500)] = ""


class PowerBody(PlanBody):
    """A plan whose power is asked for, from the standard deviations that it declares."""

    units: Annotated[int, Field(ge=2, le=10**12)] | None = None


class ReviewBody(Body):
    """What somebody says who has read evidence: `approve` or `object`, and why."""

    opinion: Annotated[str, Field(max_length=20)]
    why: Word


class LoginBody(Body):
    """A user's name and password, or the key that `assay serve` printed."""

    name: Annotated[str, Field(max_length=64)] = ""
    password: Annotated[str, Field(max_length=1000)] = ""
    key: Annotated[str, Field(max_length=200)] = ""


class PasswordBody(Body):
    """One's own password: the present one, and the one from now on."""

    present: Annotated[str, Field(max_length=1000)]
    password: Annotated[str, Field(max_length=1000)]


class UserBody(Body):
    """A user to add."""

    name: Annotated[str, Field(max_length=64)]
    password: Annotated[str, Field(max_length=1000)]
    role: Annotated[str, Field(max_length=20)]


class ChangeBody(Body):
    """What changes of a user; what is empty stays."""

    password: Annotated[str, Field(max_length=1000)] = ""
    role: Annotated[str, Field(max_length=20)] = ""


class TokenBody(Body):
    """A token to make."""

    name: Annotated[str, Field(max_length=64)]
    scopes: Annotated[list[str], Field(max_length=10)]
    days: int = 90


class VersionBody(Body):
    """A version of some data: its name, and the digest of what lies elsewhere."""

    name: Annotated[str, Field(max_length=200)]
    digest: Digest
    path: Annotated[str, Field(max_length=4096)]
    files: Annotated[int, Field(ge=1, le=10**12)] = 1
    bytes: Annotated[int, Field(ge=0, lt=2**63)] = 0


class ViewBody(Body):
    """What a saved view of the runs shows."""

    where: Annotated[list[Annotated[str, Field(max_length=1000)]], Field(max_length=50)] = []
    sort: Annotated[str, Field(max_length=500)] = "-started"
    columns: Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=200)] = []
    by: Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=20)] = []
    metric: Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=50)] = []


class StartBody(Body):
    """What a run says of itself at its start, as `start.json` holds it."""

    type: Literal["assay.run.start"]
    schema_: Annotated[Literal[1], Field(alias="schema")]
    id: Annotated[str, Field(max_length=100)]
    name: Word
    experiment: Word
    started: Annotated[float, Field(ge=0, le=1e12, strict=False)]
    host: Word
    user: Word
    pid: Annotated[int, Field(ge=-1, lt=2**63)]
    command: Words
    folder: Word
    config: Held
    seed: int | None = None
    tags: Words = []
    parent: Word = ""
    code: Digest | Literal[""] = ""
    environment: Digest | Literal[""] = ""
    launched: bool = False
    notes: Words = []
    form: Words = []

    def fields(self) -> dict[str, Any]:
        """As the record takes them."""
        return _fields(self)


class EndBody(Body):
    """What a run says of itself at its end, as `end.json` holds it."""

    type: Literal["assay.run.end"]
    schema_: Annotated[Literal[1], Field(alias="schema")]
    state: Literal["finished", "failed", "interrupted"]
    ended: Annotated[float, Field(ge=0, le=1e12, strict=False)]
    seconds: Annotated[float, Field(ge=0, strict=False)]
    exit_code: Annotated[int, Field(ge=-(2**31), lt=2**31)] | None = None
    error: Word = ""
    usage: Held = {}
    dropped: Annotated[int, Field(ge=0, lt=2**63)] = 0
    healthy: bool = True
    segments: Annotated[dict[str, Held], Field(max_length=10_000)] = {}
    output: Held = {}

    def fields(self) -> dict[str, Any]:
        """As the record takes them."""
        return _fields(self)


def _fields(body: BaseModel) -> dict[str, Any]:
    held = body.model_dump(exclude={"type", "schema_"})
    return {name: tuple(v) if isinstance(v, list) else v for name, v in held.items()}


class VerbBody(Body):
    """What a verb of the catalogue is called with, and the files that it names as uploaded blobs."""

    arguments: Held = {}
    files: Files = {}
