"""Which runs are the same but for their seed: of one experiment, one command and one configuration."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assay.base.canonical import digest, encoded, plain
from assay.records.runlist import SEEDS
from assay.records.runs import RunStart
from assay.runs.command import read_line
from assay.runs.config import flat

SWEPT = "sweep"
"""The tag of runs that a plan's sweep has begun: the plan says their settings, and their command follows from these."""


AGAIN, AGAIN_OF = "reproduce", "again "
"""The experiment of runs that were made again, and what their names begin with, before the id of the run."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a run is set to.

    Attributes:
        settings: The configuration; where the code told none, with the options of the command. What is told wins.
        seed: As the run or its configuration was told, else as an option of the command says.
        group: A digest that runs share which differ by nothing but their seed.
    """

    settings: Mapping[str, Any]
    seed: int | None
    group: str


def identify(start: RunStart, told: Iterable[Mapping[str, Any]] = ()) -> Identity:
    """What a run is set to.

    Args:
        start: Its record.
        told: Configuration that was told after the start.
    """
    config = dict(start.config)
    resolved = False
    for more in told:
        resolved = resolved or any(name not in SEEDS for name in more)
        config.update(more)
    known = start.seed if start.seed is not None else _seed(config)
    said = read_line(start.command, start.folder, known)
    seed = known if known is not None else said.seed
    settings = config
    if start.launched and not resolved and SWEPT not in start.tags and said.settings:
        taken = dict(flat(config))
        settings = {**{k: v for k, v in said.settings.items() if k not in taken}, **config}
    # A sweep's command is filled in from its settings, which stand in the key already, and from the seed.
    words = start.form if SWEPT in start.tags else said.words
    return Identity(settings, seed, _group(start.experiment, words, config))


def _seed(config: Mapping[str, Any]) -> int | None:
    for name in SEEDS:
        said = config.get(name)
        if isinstance(said, int) and not isinstance(said, bool):
            return said
    return None


def _group(experiment: str, words: tuple[str, ...], config: Mapping[str, Any]) -> str:
    held = [experiment, list(words), {k: v for k, v in config.items() if k not in SEEDS}]
    try:
        return digest(encoded(held))
    except (ValueError, TypeError):
        # A word that is no text of UTF-8, as a file may be called, or a setting that JSON has no form for.
        return digest(json.dumps(plain(held), sort_keys=True).encode())
