"""What is not documented fails: verbs, commands, options, plan keys, metrics, links."""

from __future__ import annotations

import inspect
import keyword
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
from pydantic import BaseModel
from tools.pages import ROOT
from tools.reference.cli import commands

import assay.verbs
from assay.cli.main import cli
from assay.lab import Lab
from assay.metrics import METRICS, parse
from assay.readers import plan_schema
from tests.docs.known import command_paths

DOCS = ROOT / "docs"
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "design").glob("*.md")])


def verbs() -> list[str]:
    """Modules of `verbs` that a command calls: those that share their name with a command."""
    held = {m.name.rstrip("_") for m in pkgutil.iter_modules(assay.verbs.__path__)}
    return sorted(held & set(cli.list_commands(click.Context(cli))))


def options() -> Iterator[tuple[str, click.Option]]:
    for path, command, _ in commands():
        yield from ((path, p) for p in command.params if isinstance(p, click.Option))


def plan_keys() -> Iterator[tuple[str, str]]:
    for kind in vars(plan_schema).values():
        if inspect.isclass(kind) and issubclass(kind, BaseModel) and kind.__module__ == plan_schema.__name__:
            yield from ((kind.__name__, name) for name in kind.model_fields)


def test_every_command_is_a_verb_and_says_what_it_is_for() -> None:
    # To serve is a face of all verbs, none of its own.
    assert sorted([*verbs(), "serve"]) == sorted(cli.list_commands(click.Context(cli)))
    for path, command, _ in commands():
        assert command.help, path


@pytest.mark.parametrize("name", verbs())
def test_every_verb_has_a_docstring_and_stands_in_the_reference(name: str) -> None:
    # A verb that is a word of Python has a module of another name.
    module = import_module(f"assay.verbs.{name}_" if keyword.iskeyword(name) else f"assay.verbs.{name}")
    assert module.__doc__
    assert f"## assay {name}\n" in (DOCS / "cli.md").read_text("utf-8")


def test_every_command_is_in_a_hand_written_page() -> None:
    written = [p for p in sorted(DOCS.glob("*.md")) if not p.read_text("utf-8").startswith("<!-- Made by")]
    pages = [ROOT / "README.md", *written]
    text = "".join(p.read_text("utf-8") for p in pages)
    leaves = [p for p in command_paths() if not any(q.startswith(f"{p} ") for q in command_paths())]
    assert [p for p in leaves if p not in text] == []


@pytest.mark.parametrize(("path", "option"), list(options()), ids=lambda v: getattr(v, "name", v))
def test_every_option_has_help(path: str, option: click.Option) -> None:
    assert option.help, f"{path} {option.opts[0]}"


@pytest.mark.parametrize(("kind", "key"), list(plan_keys()))
def test_every_plan_key_is_documented(kind: str, key: str) -> None:
    assert re.search(rf"`[\w.]*\b{key}\b", (DOCS / "plan.md").read_text("utf-8")), f"{kind}.{key}"


@pytest.mark.parametrize("name", METRICS.names())
def test_every_metric_declares_what_the_reference_shows(name: str) -> None:
    metric = parse(METRICS.get(name).example)
    assert metric.summary
    assert metric.formula
    assert metric.citation
    assert metric.unit
    assert metric.undefined


def test_every_public_method_of_a_lab_is_documented() -> None:
    shown = (DOCS / "sdk.md").read_text("utf-8")
    public = [n for n in vars(Lab) if not n.startswith("_")]
    assert [n for n in public if f"### Lab.{n}\n" not in shown] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    broken = [t for t in LINK.findall(page.read_text("utf-8")) if not (page.parent / t).exists()]
    assert broken == []


def test_every_page_is_reachable_from_the_readme() -> None:
    linked = set(LINK.findall((ROOT / "README.md").read_text("utf-8")))
    assert [p.name for p in DOCS.glob("*.md") if f"docs/{p.name}" not in linked] == []


def test_every_page_of_a_method_is_linked_from_the_index() -> None:
    linked = set(LINK.findall((DOCS / "methods.md").read_text("utf-8")))
    assert {f"methods/{p.name}" for p in (DOCS / "methods").glob("*.md")} <= linked


def test_every_decision_is_in_the_index() -> None:
    linked = set(LINK.findall((ROOT / "design" / "README.md").read_text("utf-8")))
    assert {p.name for p in (ROOT / "design").glob("0*.md")} == linked
