"""Pages are read and run as their docstring says."""

from __future__ import annotations

from pathlib import Path

import pytest
from tools.pages import blocks, plain, renewed, run_page

PAGE = """# Title

```yaml
# plan.yaml
name: x
```

```bash
cat plan.yaml
```

```text
old
```

```python
print("a", "0123456789abcdef0123")
```

Words.

```text
kept
```
"""


def page(folder: Path, text: str) -> Path:
    path = folder / "page.md"
    path.write_text(text, encoding="utf-8")
    return path


def work(folder: Path) -> Path:
    made = folder / "work"
    made.mkdir()
    return made


def test_blocks_know_their_line_and_what_they_follow() -> None:
    found = blocks(PAGE)
    assert [(b.kind, b.line, b.follows) for b in found] == [
        ("yaml", 3, False),
        ("bash", 8, True),
        ("text", 12, True),
        ("python", 16, True),
        ("text", 22, False),
    ]
    assert PAGE[found[2].start : found[2].end] == "old\n"


def test_outputs_right_after_a_snippet_are_renewed_and_no_others(tmp_path: Path) -> None:
    made = renewed(page(tmp_path, PAGE), work(tmp_path))
    assert "```text\n# plan.yaml\nname: x\n```" in made
    assert made.endswith("```text\nkept\n```\n")
    assert made.replace("# plan.yaml\nname: x\n```\n\n```python", "old\n```\n\n```python") == PAGE


def test_a_snippet_that_fails_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"page\.md:1 ends with 3"):
        renewed(page(tmp_path, "```bash\nexit 3\n```\n"), work(tmp_path))


def test_a_failure_in_the_middle_of_a_snippet_fails_it(tmp_path: Path) -> None:
    (ran,) = run_page(page(tmp_path, "```bash\nfalse | cat\necho on\n```\n"), work(tmp_path))
    assert ran.code != 0
    assert ran.out == ""


def test_a_warning_fails_a_snippet_of_python(tmp_path: Path) -> None:
    (ran,) = run_page(page(tmp_path, "```python\nimport warnings\nwarnings.warn('x')\n```\n"), work(tmp_path))
    assert ran.code == 1


def test_output_is_free_of_folders_and_digests(tmp_path: Path) -> None:
    digest = "sha256:" + "0a" * 32
    assert (
        plain(f"in {tmp_path}/a/b, {tmp_path}: {digest}, x-{'1f' * 6}, 12345", tmp_path) == "in a/b, .: …, x-…, 12345"
    )
