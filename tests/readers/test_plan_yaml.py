"""YAML for plans: values, lines, and everything that is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.base.errors import AssayError, PlanError
from assay.readers import plan_yaml
from assay.readers.plan_yaml import DEEPEST, LARGEST, Document, load, scalar
from assay.readers.planfile import examine, template


def loaded(folder: Path, text: str | bytes) -> Document:
    path = folder / "plan.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(path)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # YAML 1.2.2, 10.3.2 (core schema)
        ("null", None),
        ("~", None),
        ("", None),
        ("true", True),
        ("False", False),
        ("-12", -12),
        ("+3", 3),
        ("0.5", 0.5),
        (".5", 0.5),
        ("1e-3", 0.001),
        ("-2.E+4", -20000.0),
        # what YAML 1.1 would change silently stays text
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2026-01-31", "2026-01-31"),
        ("0x1f", "0x1f"),
        (".nan", ".nan"),
        (".inf", ".inf"),
    ],
)
def test_plain_scalars(text: str, value: object) -> None:
    assert scalar(text) == value
    assert type(scalar(text)) is type(value)


def test_every_value_knows_its_line(tmp_path: Path) -> None:
    found = loaded(tmp_path, "a: 1\nb:\n  - x: 2\n    y: 3\n  - 4\n'c': {d: 5}\n")
    assert found.value == {"a": 1, "b": [{"x": 2, "y": 3}, 4], "c": {"d": 5}}
    lines = {(): 1, ("a",): 1, ("b",): 2, ("b", 0): 3, ("b", 0, "y"): 4, ("b", 1): 5, ("c",): 6, ("c", "d"): 6}
    assert {path: found.lines[path] for path in lines} == lines
    assert found.where(("b", 0, "missing")) == "plan.yaml:3"


def test_quoted_text_stays_text(tmp_path: Path) -> None:
    assert loaded(tmp_path, "a: '1'\nb: \"true\"\nc: |\n  two\n  lines\n").value == {
        "a": "1",
        "b": "true",
        "c": "two\nlines\n",
    }


def test_a_byte_order_mark_and_windows_lines_are_fine(tmp_path: Path) -> None:
    assert loaded(tmp_path, b"\xef\xbb\xbfa: 1\r\nb: 2\r\n").value == {"a": 1, "b": 2}


LAUGHS = "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        (LAUGHS, "anchor or alias 'a'", 1),
        ("a: 1\nb: *x\n", "anchor or alias 'x'", 2),
        ("a: &x 1\n", "anchor or alias 'x'", 1),
        ("&x a: 1\n", "anchor or alias 'x'", 1),
        ("a: !!python/object/apply:os.system ['id']\n", "tag", 1),
        ("a: !!str 1\n", "tag", 1),
        ("a: 1\n!!str b: 1\n", "tag", 2),
        ("a: 1\n---\nb: 2\n", "second document", 2),
        ("? [a]\n: 1\n", "a key is a list", 1),
        ("{a: 1}: 2\n", "a key is a list", 1),
        ("a: " + "[" * 30 + "]" * 30, "nested deeper", 1),
        ("[" * 100_000, "nested deeper", 1),
        ("{a: " * 100_000, "nested deeper", 1),
        ("- " * 100_000, "nested deeper", 1),
        ("a: 1\n\tb: 2\n", "tab", 2),
        ("a: [1\nb: 2\n", "not YAML", 2),
        ("a: 'open\n", "not YAML", 2),
        ("a: @x\n", "not YAML", 1),
        ("a: b: c\n", "not YAML", 1),
        ("a: \x00\n", "not YAML", 1),
        ("a: [" + "1, " * 30_000 + "]\n", "more than", 1),
        (b"a: \xff\n", "0xff is not UTF-8", 1),
        (b"a: 1\nb: \xe2\x28\xa1\n", "not UTF-8", 2),
        ("a: x\n".encode("utf-16"), "not UTF-8", 1),
        (b" " * (LARGEST + 1), "larger than", 1),
    ],
)
@pytest.mark.parametrize("loader", [yaml.CSafeLoader, yaml.SafeLoader])
def test_what_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loader: type, text: str | bytes, said: str, line: int
) -> None:
    monkeypatch.setattr(plan_yaml, "_Loader", loader)
    with pytest.raises(PlanError, match=said) as caught:
        loaded(tmp_path, text)
    where = caught.value.where.split(":")
    assert where[0] == "plan.yaml"
    assert where[1:2] == [str(line)]
    assert caught.value.rule
    assert caught.value.fix


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "the key 'a' is there twice, first on line 1", 3),
        ("a: {b: 1, b: 2}\n", "the key 'b' is there twice", 1),
        ("a: 1e999\n", "too large", 1),
        ("a: 99999999999999999999\n", "too large", 1),
        ("a: " + "9" * 5_000 + "\n", "too large", 1),
        ('a: "\\0"\n', "character '\\\\x00'", 1),
        ('a: "\\e[31m"\n', "character", 1),
        ('"\\a": 1\n', "character", 1),
    ],
)
def test_what_is_noted_while_reading_goes_on(tmp_path: Path, text: str, said: str, line: int) -> None:
    problems = loaded(tmp_path, text).problems
    assert len(problems) == 1
    assert problems[0].where == f"plan.yaml:{line}"
    assert said.replace("\\\\", "\\") in problems[0].what


@pytest.mark.parametrize(("number", "count"), [(2**63 - 1, 0), (2**63, 1), (-(2**63), 0), (-(2**63) - 1, 1)])
def test_whole_numbers_fit_in_64_bits(tmp_path: Path, number: int, count: int) -> None:
    found = loaded(tmp_path, f"a: {number}\n")
    assert len(found.problems) == count
    assert found.value == {"a": number}


def test_the_first_of_two_values_is_kept_and_lines_stay_its_own(tmp_path: Path) -> None:
    found = loaded(tmp_path, "a: 1\na: [2]\n")
    assert (found.value, found.lines[("a",)]) == ({"a": 1}, 1)


def test_the_deepest_that_is_allowed(tmp_path: Path) -> None:
    found = loaded(tmp_path, "[" * DEEPEST + "]" * DEEPEST)
    assert isinstance(found.value, list)


@pytest.mark.parametrize("name", ["missing.yaml", ".", "a\0b"])
def test_a_path_that_is_no_file(tmp_path: Path, name: str) -> None:
    problems = examine(tmp_path / name).problems
    assert [type(p) for p in problems] == [PlanError]
    assert "cannot be read" in problems[0].what


FUZZ = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
TOKENS = st.one_of(
    st.sampled_from("[]{}:,-?&*!|>'\"%@`#~\t\n \x85\ufeff€\x07\\"),
    st.sampled_from(["\n  ", "- ", ": ", "<<: ", "!!", "&a ", "*a", "---\n", "...\n"]),
    st.sampled_from(["1e9", "0", "null", "claims", "slice", "name", "assay: 1\n", '"\\ud800"']),
)


def only_assay_errors(path: Path) -> None:
    found = examine(path)
    problems, warnings = list(found.problems), list(found.warnings)
    assert all(isinstance(p, AssayError) and p.what and p.where for p in problems)
    assert all(isinstance(w, str) for w in warnings)
    for problem in problems:
        problem.line().encode()


@FUZZ
@given(st.binary(max_size=200))
def test_random_bytes_never_escape(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes(data)
    only_assay_errors(path)


@FUZZ
@given(st.lists(TOKENS, max_size=40).map("".join))
def test_random_yaml_never_escapes(tmp_path: Path, text: str) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    only_assay_errors(path)


@FUZZ
@given(st.data())
def test_a_damaged_template_never_escapes(tmp_path: Path, data: st.DataObject) -> None:
    lines = template().splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        i = data.draw(st.integers(0, len(lines) - 1))
        lines[i] = data.draw(st.sampled_from(["", lines[i] * 2, "  " + lines[i], lines[i].replace(": ", ": [", 1)]))
        lines[i] += data.draw(st.lists(TOKENS, max_size=4).map("".join))
    path = tmp_path / "plan.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    only_assay_errors(path)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-2, 2) | st.text("ab*<>", max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "id", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@FUZZ
@given(st.data())
def test_a_wrong_value_anywhere_never_escapes(tmp_path: Path, data: st.DataObject) -> None:
    value = yaml.safe_load(template())
    place = value
    key = data.draw(st.sampled_from(sorted(place)))
    while isinstance(place[key], (dict, list)) and place[key] and data.draw(st.booleans()):
        place = place[key]
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
    place[key] = data.draw(JUNK)
    path = tmp_path / "plan.yaml"
    path.write_text(yaml.safe_dump(value), encoding="utf-8")
    only_assay_errors(path)


@pytest.mark.parametrize(
    "text", ["!" + "x" * 9_999 + " a", "&" + "x" * 9_999 + " a", "k" * 900 + ": 1", "a: " + "x" * 9_999]
)
def test_an_error_stays_short_however_long_the_value(tmp_path: Path, text: str) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    problems = examine(path).problems
    assert problems
    assert max(len(p.line()) for p in problems) < 500
