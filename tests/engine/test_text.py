"""CSV and JSON Lines: header, delimiter, the wrong line."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.base.errors import InputError
from assay.engine import DuckEngine
from assay.engine.text import dialect, refuse_repeats, wrong_line


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_read_from_the_header(delimiter: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(delimiter.join(["id", '"a, b; c|d\te"', "y"]) + "\n")
    found = dialect(path, ".csv")
    assert found.delimiter == delimiter
    assert found.header == ("id", "a, b; c|d\te", "y")


def test_one_column_has_commas() -> None:
    path = Path(__file__)
    assert dialect(path, ".csv").delimiter in ",;\t|"


def test_repeated_names_are_told() -> None:
    with pytest.raises(InputError, match="has the column 'p' 3 times"):
        refuse_repeats(["id", "p", "p", "p"], "t.csv")
    with pytest.raises(InputError, match=r"has the columns \['Id', 'ID'\]"):
        refuse_repeats(["Id", "ID"], "t.csv")
    refuse_repeats(["id", "", "", "p_1", "p"], "t.csv")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\n1,2\n", ""),
        (b"a,b\n1,2\n3\n", "line 3 has 1 values, the header 2"),
        (b"a,b\n1,2\n\n3,4,5\n", "line 4 has 3 values, the header 2"),
        (b'a,b\n"x\ny",2\n3\n', "line 4 has 1 values, the header 2"),
        (b"a,b\n1,\xe9\n", "it holds bytes that are not UTF-8"),
    ],
)
def test_the_wrong_line_is_found(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    assert wrong_line(path, ".csv") == said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"a": 1}\n\n{"a": 2}\n', ""),
        (b'{"a": 1}\n{"a": 2\n{"a": 3}\n', "line 2 is no JSON: expecting ',' delimiter at character 8"),
        (b'{"a": 1}\n\n\n{"a" 2}\n', "line 4 is no JSON: expecting ':' delimiter at character 6"),
        (b'{"a": 1}\n{"a"', "line 2 is no JSON: expecting ':' delimiter at character 5"),
        (b'{"a": 1}\n[1]\n', "line 2 holds no object"),
        (b'{"a": "\xe9"}\n', "line 1 holds bytes that are not UTF-8"),
        (b'{"a": 1}\n{"a": "\\ud800"}\n', "line 2 holds half of a surrogate pair"),
        (b'{"a": ' + b"[" * 100_000, "line 1 holds a value that is too long or too deep"),
    ],
)
def test_the_wrong_line_of_json_is_the_one_an_editor_shows(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(content)
    assert wrong_line(path, ".jsonl") == said
    if said:
        with DuckEngine() as engine, pytest.raises(InputError) as refused:
            engine.scan(path, ".jsonl")
        assert refused.value.what == said


TYPES = [
    ('{"v": 1}\n{"v": null}', "integer", [1, None]),
    ('{"v": 1}\n{"v": 0.5}', "number", [1.0, 0.5]),
    ('{"v": true}\n{"v": false}', "boolean", [True, False]),
    ('{"v": "2024-01-01"}\n{"v": "2024-01-02"}', "text", ["2024-01-01", "2024-01-02"]),
    ('{"v": "10:30:00"}\n{"w": 1}', "text", ["10:30:00", None]),
    ('{"v": "550E8400-e29b-41d4-a716-446655440000"}', "text", ["550E8400-e29b-41d4-a716-446655440000"]),
    ('{"v": "1"}\n{"v": "02"}', "text", ["1", "02"]),
    ('{"v": 12345678901234567890}', "text", ["12345678901234567890"]),
    ('{"v": 9223372036854775807}', "integer", [2**63 - 1]),
    ('{"v": 99999999999999999991}\n{"v": 99999999999999999992}', "text", [f"9999999999999999999{i}" for i in (1, 2)]),
    ('{"v": 99999999999999999991}\n{"v": 0.5}', "number", [1e20, 0.5]),
    ('{"v": 1e300}\n{"v": null}', "number", [1e300, None]),
]


@pytest.mark.parametrize(("content", "kind", "values"), TYPES)
def test_json_values_keep_their_types(content: str, kind: str, values: list[object], tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text(content + "\n")
    with DuckEngine(1) as engine:
        table = engine.scan(path, ".jsonl")
        found = engine.connection.execute(f"SELECT v FROM {table.name}").fetchall()
    assert table.columns["v"] == kind
    assert [row[0] for row in found] == values


CSV_TYPES = [
    ("1\n2", "integer", [1, 2]),
    ("1\n2.5", "number", [1.0, 2.5]),
    ("yes\nno", "text", ["yes", "no"]),
    ("t\nf", "text", ["t", "f"]),
    ("2024-01-01\n2024-01-02", "text", ["2024-01-01", "2024-01-02"]),
    ("#1\n#2", "text", ["#1", "#2"]),
    ("12345678901234567890\n12345678901234567891", "text", ["12345678901234567890", "12345678901234567891"]),
    ("9223372036854775807\n1", "integer", [1, 2**63 - 1]),
    ("1" * 60 + "\n" + "1" * 59 + "2", "text", ["1" * 60, "1" * 59 + "2"]),
    ("99999999999999999991\n0.5", "number", [0.5, 1e20]),
    ("1e300\n", "number", [1e300, None]),
    ("NULL\nNA", "text", ["NULL", "NA"]),
    ("1e3\n-2.5E-1", "number", [1000.0, -0.25]),
]


@pytest.mark.parametrize(("content", "kind", "values"), CSV_TYPES)
def test_csv_values_keep_their_types(content: str, kind: str, values: list[object], tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("v,w\n" + "".join(f"{line},x\n" for line in content.split("\n")))
    with DuckEngine(1) as engine:
        table = engine.scan(path, ".csv")
        found = engine.connection.execute(f"SELECT v FROM {table.name}").fetchall()
    assert table.columns["v"] == kind
    assert sorted((row[0] for row in found), key=str) == sorted(values, key=str)
