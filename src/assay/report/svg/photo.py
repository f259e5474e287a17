"""An image that a run logged, within a picture as others are: its bytes stand in the page itself."""

from __future__ import annotations

import base64

from assay.report.svg.drawing import picture
from assay.report.svg.markup import element

FORMS = frozenset({"png", "jpeg", "gif", "webp"})


def photo(content: bytes, form: str, title: str, description: str) -> tuple[str, str]:
    """The image for a page and for a phone, whole and in its proportions.

    Args:
        content: Of the file.
        form: One of `FORMS`.

    Raises:
        ValueError: another form, which a browser might execute.
    """
    if form not in FORMS:
        raise ValueError(f"{form!r} is no form of an image that is shown")
    source = f"data:image/{form};base64,{base64.b64encode(content).decode()}"
    made = []
    for kind, width, height in (("wide", 560.0, 320.0), ("narrow", 350.0, 240.0)):
        shown = element("image", {"href": source, "width": width, "height": height})
        made.append(picture(kind, (width, height), title, description, [shown]))
    return made[0], made[1]
