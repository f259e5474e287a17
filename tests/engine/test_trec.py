"""Runs and qrels as trec_eval reads them, and what is neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.base.errors import InputError
from assay.engine import DuckEngine, trec


def test_a_run_and_judgements_are_told_apart_by_their_fields(tmp_path: Path) -> None:
    run, judged = tmp_path / "a.run", tmp_path / "a.qrels"
    run.write_text('# made by x\n\n 030  Q0\tZF08-175-870  0   4238   prise1\n030 Q0 D"2 1 -1e2 prise1 and more\n')
    judged.write_text("030 0 ZF08-175-870 1\r\n30 0 007 -1\r\n")
    with DuckEngine() as engine:
        table = engine.scan(run, ".trec")
        assert dict(table.columns) == {"query": "text", "document": "text", "score": "number"}
        rows = engine.connection.execute(f"SELECT * FROM {table.name}").fetchall()
        assert rows == [("030", "ZF08-175-870", 4238.0), ("030", 'D"2', -100.0)]
        table = engine.scan(judged, ".trec")
        rows = engine.connection.execute(f"SELECT * FROM {table.name}").fetchall()
        assert rows == [("030", "ZF08-175-870", 1.0), ("30", "007", -1.0)]
        assert engine.peek(run, ".trec", 3).columns == {"query": "text", "document": "text", "score": "number"}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("q Q0 d 1 0.5 t\nq Q0 d 1 0.5\n", "line 2 has 5 fields"),
        ("q 0 d 1\n\n# c\nq 0 d 1 1\n", "line 4 has 5 fields"),
        ("q 0 d one\n", "line 1 has the relevance 'one'"),
        ("q Q0 d 1 high t\n", "line 1 has the score 'high'"),
        ("query,document,score\n1,2,3\n", "line 1 has 1 fields"),
        ("# nothing\n", "has no rows"),
    ],
)
def test_what_is_no_run_is_refused_with_its_line(text: str, what: str, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(text)
    with DuckEngine() as engine, pytest.raises(InputError, match=what):
        engine.scan(file, ".trec")


def test_lines_come_in_pieces_and_their_numbers_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trec, "LINES", 4)
    file = tmp_path / "a.run"
    file.write_text("".join(f"q{i} Q0 d 1 {i} t\n" for i in range(10)))
    assert [len(p["query"]) for p in trec.pieces(file)] == [4, 4, 2]
    file.write_text(file.read_text() + "q\n")
    with pytest.raises(InputError, match="line 11 has 1 fields"):
        list(trec.pieces(file))
    file.write_bytes(b"q Q0 d 1 1 t\nq\xff Q0 d 1 1 t\n")
    with pytest.raises(InputError, match="not UTF-8"):
        list(trec.pieces(file))
