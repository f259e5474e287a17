"""The option that names the lab."""

from __future__ import annotations

from typing import Any

import click

from assay.base.errors import InputError
from assay.remote.address import LabPlace, place


class PlaceType(click.ParamType[LabPlace]):
    """A folder, or the address of a served lab."""

    name = "folder"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> LabPlace:
        """What was written, as a place."""
        try:
            return place(value)
        except InputError as error:
            self.fail(error.line(), param, ctx)


lab_option = click.option(
    "--lab",
    type=PlaceType(),
    default=None,
    metavar="FOLDER|URL",
    help="The folder of the lab, by default this one or the nearest above; or http://… of one that is served.",
)
