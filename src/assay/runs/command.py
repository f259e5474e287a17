"""What a command line says of a run: its settings, its seed, and what is left of it without the seed.

`python train.py --lr 0.1 --seed 3` of code that knows nothing of Assay is a run with the setting lr and the seed 3; the
same words with another lr are another thing, and with another seed the same one.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from assay.records.runlist import SEEDS

INTERPRETER = re.compile(r"((python|pypy)[\d.]*t?|bash|sh|dash|zsh|Rscript|julia|node|perl|ruby)(\.exe)?")
SEED = "{seed}"
_OPTION = re.compile(r"--?(?P<name>[A-Za-z][\w.-]*)(?:=(?P<value>.*))?", re.DOTALL)
_NAMED = re.compile(r"\+{0,2}(?P<name>[A-Za-z_][\w.]*)=(?P<value>.*)", re.DOTALL)
_WITHIN = re.compile(r"(?i)(seed[-_=/]?)(-?\d+)(?!\d|\.\d)")
_NOTEBOOK = "ipykernel"
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Line:
    """What a command says.

    Attributes:
        settings: Options by name, `-` within a name as `_`; a flag is true, several values are a list.
        seed: The seed that an option names.
        words: The command as it is with any seed: interpreters by kind, paths as seen from the working folder.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    words: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def read_line(command: tuple[str, ...], folder: str = "", seed: int | None = None) -> Line:
    """What a command says.

    Args:
        command: Word by word.
        folder: The working folder.
        seed: That the run is known to have; without one, the first that an option names.

    >>> said = read_line(("python", "train.py", "--lr", "0.1", "--seed=3"))
    >>> said.settings, said.seed, said.words
    ({'lr': 0.1, 'seed': 3}, 3, ('python', 'train.py', '--lr', '0.1', '--seed={seed}'))
    """
    first = _arguments(command)
    settings = _settings(command[first:])
    named = [v for n in SEEDS if isinstance(v := settings.get(n), int) and not isinstance(v, bool)]
    found = seed if seed is not None else (named[0] if named else None)
    words = [_without_folder(word, folder) for word in command]
    if any(_NOTEBOOK in word for word in command[:3]):
        # A kernel is told by a file of its own at every start.
        words = [_NOTEBOOK]
    elif words and INTERPRETER.fullmatch(os.path.basename(words[0])):
        words[0] = re.sub(r"[\d.]+t?(\.exe)?$", "", os.path.basename(words[0]))
    return Line(settings, named[0] if named else None, tuple(_without_seed(words, first, found)))


def script_at(command: Sequence[str]) -> int | None:
    """The place of the script, module or text that an interpreter executes; None where it reads standard input.

    >>> [script_at(c.split()) for c in ("python -u a.py --lr 1", "python -m pkg.train", "./fit 1", "python -W x -")]
    [2, 2, 0, None]
    """
    if not command or not INTERPRETER.fullmatch(os.path.basename(command[0])):
        return 0
    place = 1
    while place < len(command):
        word = command[place]
        if word in ("-c", "-m"):
            return min(place + 1, len(command) - 1)
        if not word.startswith("-"):
            return place
        if word == "-":
            return None
        place += 2 if word in ("-W", "-X") else 1
    return None


def _arguments(command: Sequence[str]) -> int:
    place = script_at(command)
    return len(command) if place is None else place + 1


def _settings(words: Sequence[str]) -> dict[str, Any]:
    """Options by name: `--lr 0.1`, `--lr=0.1`, `-b 32`, `lr=0.1`, `--layers 64 32`, `--fast`."""
    found: dict[str, Any] = {}
    place = 0
    while place < len(words):
        word = words[place]
        place += 1
        if word == "--":
            break
        option, named = _OPTION.fullmatch(word), _NAMED.fullmatch(word)
        if named:
            _enter(found, named["name"], [_value(named["value"])])
        elif option and option["value"] is not None:
            _enter(found, option["name"], [_value(option["value"])])
        elif option:
            values = _values(words[place:], 1 if not word.startswith("--") else len(words))
            place += len(values)
            _enter(found, option["name"], values or [True])
    return found


def _values(words: Sequence[str], most: int) -> list[Any]:
    """The values that follow an option: all numbers, or all texts, up to the next option."""
    found: list[Any] = []
    for word in words[:most]:
        if word == "--" or _OPTION.fullmatch(word) or _NAMED.fullmatch(word):
            break
        value = _value(word)
        if found and isinstance(value, str) != isinstance(found[0], str):
            break
        found.append(value)
    return found


def _enter(found: dict[str, Any], name: str, values: list[Any]) -> None:
    key = name.replace("-", "_")
    before = found.get(key, [])
    every = [*(before if isinstance(before, list) else [before]), *values]
    found[key] = every if len(every) > 1 else every[0]


def _value(text: str) -> Any:
    for kind in (int, float):
        try:
            number = kind(text)
        except ValueError:
            continue
        return number if math.isfinite(number) else text
    return _BOOLEANS.get(text.lower(), text)


def _without_folder(word: str, folder: str) -> str:
    return word.removeprefix(f"{folder}/") if len(folder) > 1 else word


def _without_seed(words: list[str], first: int, seed: int | None) -> list[str]:
    """The words with the seed taken out where it is told to be one.

    That is after an option of that name, in `seed3` and `seed-3` within a word, or as the only word besides options
    that is that number. Any other word stays: what may be a setting tells runs apart.
    """
    if seed is None:
        return words
    text = str(seed)
    made, named = list(words), False
    for place in range(min(first, len(words)), len(words)):
        word = words[place]
        option = _OPTION.fullmatch(word) or _NAMED.fullmatch(word)
        before = _OPTION.fullmatch(words[place - 1]) if place else None
        if option and option["value"] == text and _is_seed(option["name"]):
            made[place], named = word[: -len(text)] + SEED, True
        elif before and before["value"] is None and word == text and _is_seed(before["name"]):
            made[place], named = SEED, True
        else:
            made[place] = _WITHIN.sub(lambda m: m[1] + SEED if m[2] == text else m[0], word)
    alone = [i for i in range(first, len(words)) if words[i] == text and not _OPTION.fullmatch(words[i - 1])]
    if not named and len(alone) == 1:
        made[alone[0]] = SEED
    return made


def _is_seed(name: str) -> bool:
    return name.replace("-", "_") in SEEDS
