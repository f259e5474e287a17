"""What requests carry, checked at the edge."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(min_length=1, max_length=500)]
Digest = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
Files = Annotated[dict[Name, Digest], Field(max_length=1000)]


class Body(BaseModel):
    """A body with no key that is not known."""

    model_config = ConfigDict(extra="forbid", strict=True)


class PlanBody(Body):
    """A plan's text, and the predictions that it names as uploaded blobs."""

    text: Annotated[str, Field(max_length=1_000_000)]
    files: Files = {}


class FreezeBody(PlanBody):
    """A plan to freeze."""

    deviation: Annotated[str, Field(max_length=10_000)] = ""


class JudgeBody(PlanBody):
    """A frozen plan to judge."""

    stop_rules: Annotated[list[str], Field(max_length=100)] = []


class CompareBody(Body):
    """Two or more files of predictions, by name, and the options of `assay compare` as the SDK names them.

    With `page`, the result holds the page too, as blocks.
    """

    files: Files
    order: Annotated[list[Name], Field(min_length=1, max_length=100)]
    options: dict[str, Any] = {}
    page: bool = False


class ColumnsBody(Body):
    """Uploaded files whose columns are asked for."""

    files: Files


class PowerBody(PlanBody):
    """A plan whose power is asked for, from the standard deviations that it declares."""

    units: Annotated[int, Field(ge=2, le=10**12)] | None = None


class LoginBody(Body):
    """A user's name and password, or the key that `assay serve` printed."""

    name: Annotated[str, Field(max_length=64)] = ""
    password: Annotated[str, Field(max_length=1000)] = ""
    key: Annotated[str, Field(max_length=200)] = ""


class UserBody(Body):
    """A user to add."""

    name: Annotated[str, Field(max_length=64)]
    password: Annotated[str, Field(max_length=1000)]
    role: Annotated[str, Field(max_length=20)]


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
