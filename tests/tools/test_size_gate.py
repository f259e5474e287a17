"""The size gate finds what is too long, where it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from tools.size_gate import files, main, problems


def written(folder: Path, text: str) -> Path:
    path = folder / "room.py"
    path.write_text(text, encoding="utf-8")
    return path


def function(lines: int) -> str:
    return "def f() -> None:\n" + "    pass\n" * (lines - 1)


@pytest.mark.parametrize(("lines", "many"), [(60, 0), (61, 1)])
def test_a_function_has_at_most_60_lines(tmp_path: Path, lines: int, many: int) -> None:
    assert len(list(problems(written(tmp_path, function(lines))))) == many


@pytest.mark.parametrize(("lines", "many"), [(400, 0), (401, 1)])
def test_a_file_has_at_most_400_lines(tmp_path: Path, lines: int, many: int) -> None:
    assert len(list(problems(written(tmp_path, "x = 1\n" * lines)))) == many


def test_a_method_has_at_most_8_parameters_besides_itself(tmp_path: Path) -> None:
    eight = ", ".join(f"a{i}" for i in range(8))
    assert list(problems(written(tmp_path, f"class A:\n    def f(self, {eight}): ...\n"))) == []
    (line,) = problems(written(tmp_path, f"class A:\n    async def f(self, {eight}, *, last): ...\n"))
    assert "room.py:2: f has 9 parameters" in line


def test_functions_inside_functions_are_seen(tmp_path: Path) -> None:
    inner = "".join(f"    {line}\n" for line in function(61).splitlines())
    found = list(problems(written(tmp_path, f"def outer() -> None:\n{inner}")))
    assert [line.split(": ")[1].split()[0] for line in found] == ["outer", "f"]


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert files([tmp_path / "absent"]) == []


def test_the_gate_fails_where_nothing_was_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    written(tmp_path, "x = 1\n")
    assert main([str(tmp_path)]) == 0
    written(tmp_path, function(61))
    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "size gate: 1 files, 1 problems"
