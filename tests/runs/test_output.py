"""What is kept of a command's output."""

from __future__ import annotations

from pathlib import Path

from assay.runs.output import OutputFile


def test_a_line_of_one_stream_never_stands_within_a_line_of_the_other(tmp_path: Path) -> None:
    kept = OutputFile(tmp_path / "output.log", cap=1000)
    kept.add(b"err", "err")
    kept.add(b"out\nnext", "out")
    kept.add(b"or\n", "err")
    assert kept.close()["bytes"] == len(b"out\nerror\nnext")
    assert (tmp_path / "output.log").read_bytes() == b"out\nerror\nnext"


def test_a_secret_that_comes_in_two_pieces_between_other_output_is_redacted(tmp_path: Path) -> None:
    secret = b"AKIA" + b"Q7T3M5K9" * 2
    kept = OutputFile(tmp_path / "output.log", cap=1000)
    kept.add(b"key " + secret[:9], "err")
    kept.add(b"step 1\n", "out")
    kept.add(secret[9:] + b"\n", "err")
    assert kept.close()["secrets"] == 1
    assert secret not in (tmp_path / "output.log").read_bytes()


def test_the_start_and_the_end_are_kept_and_the_middle_is_counted(tmp_path: Path) -> None:
    kept = OutputFile(tmp_path / "output.log", cap=100)
    for number in range(100):
        kept.add(f"line {number:03}\n".encode())
    left = kept.close()["left_out"]
    text = (tmp_path / "output.log").read_text()
    note = f"\n[{left:,} bytes left out]\n"
    assert note in text
    assert text.startswith("line 000\n")
    assert text.endswith("line 099\n")
    assert len(text) - len(note) + left == 900
