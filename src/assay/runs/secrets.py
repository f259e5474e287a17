"""Secrets in text: keys of known shapes, and what is named like one and looks random. Found by line, never shown."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Shapes as their issuers publish them.
_SHAPES = {
    "AWS access key": r"\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b",
    "GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{60,255})\b",
    "GitLab token": r"\bgl(?:pat|dt|rt|ptt|cbt)-[A-Za-z0-9_-]{20,}",
    "Slack token": r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-\d-[A-Za-z0-9-]{20,}",
    "Slack webhook": r"hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9+/]{40,}",
    "Anthropic key": r"\bsk-ant-[A-Za-z0-9_-]{20,}",
    "OpenAI key": r"\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}",
    "Hugging Face token": r"\bhf_[A-Za-z0-9]{30,}\b",
    "Google key": r"\bAIza[0-9A-Za-z_-]{35}|\bya29\.[0-9A-Za-z_-]{20,}|\bGOCSPX-[0-9A-Za-z_-]{28}",
    "Stripe key": r"\b[sr]k_(?:live|test)_[0-9a-zA-Z]{16,}",
    "npm token": r"\bnpm_[A-Za-z0-9]{36}\b",
    "PyPI token": r"\bpypi-AgE[A-Za-z0-9_-]{50,}",
    "SendGrid key": r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}",
    "DigitalOcean token": r"\bdo[opr]_v1_[a-f0-9]{64}\b",
    "Azure account key": r"(?<=AccountKey=)[A-Za-z0-9+/=]{60,}",
    "JSON web token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    "private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?"
    r"(?:-----END (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----|\Z)",
    "password in an address": r"(?<=://)[^\s:/@'\"]{1,100}:[^\s/@'\"]{3,200}(?=@)",
}
_KNOWN = re.compile("|".join(f"(?P<s{i}>{shape})" for i, shape in enumerate(_SHAPES.values())))
_WORDS = tuple(_SHAPES)
# One of these stands in every secret of a known shape.
_HINTS = (
    "AKIA", "ASIA", "ABIA", "ACCA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-", "glrt-",
    "glptt-", "glcbt-", "xox", "xapp-", "hooks.slack", "sk-", "hf_", "AIza", "ya29.", "GOCSPX-", "k_live_", "k_test_",
    "npm_", "pypi-AgE", "SG.", "_v1_", "AccountKey=", "eyJ", "-----BEGIN", "://",
)  # fmt: skip
_NAMES = ("pass", "pwd", "secret", "token", "api", "access", "auth", "private", "account", "credential")
_NAMED = (
    r"(?:pass(?:word|wd|phrase)|pwd|secret|token|api[_-]?key|access[_-]?key|auth[_-]?key|private[_-]?key|"
    r"account[_-]?key|credential|authorization)"
)
# `name = `, `"name": `, `name => `, `name: str = `.
_BECOMES = r"(?::[ \t]*[A-Za-z_][\w.\[\], |]{0,40}?[ \t]*=(?!=)|::?|=>|=(?!=))"
_ASSIGNED = re.compile(
    rf"{_NAMED}[A-Za-z0-9_-]{{0,40}}[\"']?\s*{_BECOMES}\s*(?:Bearer\s+|b|f|r)?(?P<q>[\"'])(?P<value>[^\"'\s]{{12,400}})(?P=q)"
    rf"|{_NAMED}[A-Za-z0-9_-]{{0,40}}\s*[=:]\s*(?:Bearer\s+)?(?P<bare>[A-Za-z0-9+/=_.-]{{16,400}})",
    re.IGNORECASE,
)
# What people choose is shorter than what is drawn: only right behind a name that says so and nothing else.
_CHOSEN = re.compile(
    rf"(?:(?P<pass>pass(?:word|wd|phrase)|pwd)|secret|token)(?:[\"']?\s*{_BECOMES}\s*[bfr]?(?P<q>[\"'])(?P<value>[^\"'\s]{{8,100}})(?P=q)"
    r"|(?:=|[ \t]*:[ \t]+)(?P<bare>[^\s\"'#,;(){}\[\]<>]{8,100})[ \t]*(?:#.*)?$)",
    re.IGNORECASE | re.MULTILINE,
)
_WRITTEN = re.compile(r"[A-Za-z]+(?:[-_.:][A-Za-z]+)*[-_.:]?\d{0,3}")
_MEANT = re.compile(
    r"passw|secret|token|dummy|fake|sample|test|insert|replace|todo|foo|bar|none|null|[{}/\\]|%[s(]|<|>", re.I
)
_NAME = re.compile(rf"(?:^|[._\- ]|(?<=[a-z])(?=[A-Z])){_NAMED}s?(?:$|[._\- ](?:id|value|hash)?$)", re.IGNORECASE)
LEAST_BITS = 3.2


@dataclass(frozen=True, slots=True)
class Secret:
    """Where something that looks like a secret stands, and what it looks like."""

    start: int
    end: int
    line: int
    kind: str


def find(text: str) -> list[Secret]:
    """Secrets in a text, in order, none overlapping."""
    found = sorted(_spans(text))
    kept: list[Secret] = []
    for start, end, kind in found:
        if not kept or start >= kept[-1].end:
            kept.append(Secret(start, end, text.count("\n", 0, start) + 1, kind))
    return kept


def redact(text: str) -> tuple[str, int]:
    """The text with each secret replaced by its kind, and how many there were.

    >>> redact("key = 'AKIA" + "ABCDEFGHIJKLMNOP'")
    ("key = '[redacted: AWS access key]'", 1)
    """
    parts, last, found = [], 0, find(text)
    for secret in found:
        parts += [text[last : secret.start], f"[redacted: {secret.kind}]"]
        last = secret.end
    return "".join([*parts, text[last:]]), len(found)


def redact_tree(value: Any, name: str = "") -> tuple[Any, int]:
    """Plain values with secrets replaced: text that looks like one, and any text under a name that says so."""
    if isinstance(value, Mapping):
        pairs = {k: redact_tree(v, str(k)) for k, v in value.items()}
        names = {k: redact(k) if isinstance(k, str) else (k, 0) for k in pairs}
        many = sum(n for _, n in (*pairs.values(), *names.values()))
        return {names[k][0]: v for k, (v, _) in pairs.items()}, many
    if isinstance(value, list):
        items = [redact_tree(v, name) for v in value]
        return [v for v, _ in items], sum(n for _, n in items)
    if not isinstance(value, str) or not value:
        return value, 0
    if secret_name(name) and len(value) >= 6 and not _placeholder(value):
        return "[redacted: named like a secret]", 1
    return redact(value)


def redact_table(table: Mapping[str, Any]) -> dict[str, Any]:
    """Column names and rows with secrets replaced, and all text of a column whose name says that it holds them."""
    names, rows = [str(name) for name in table["columns"]], table["rows"]
    told = any(map(secret_name, names))
    # One look at all of the text first: most tables hold none, and cells are many.
    text = "\n".join([*names, *(cell for row in rows for cell in row if isinstance(cell, str))])
    nested = any(isinstance(cell, (list, Mapping)) for row in rows for cell in row)
    if not told and not nested and not find(text):
        return dict(table)
    shown = [[redact_tree(cell, name)[0] for name, cell in zip(names, row, strict=True)] for row in rows]
    return {**table, "columns": [redact(name)[0] for name in names], "rows": shown}


def redact_words(words: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """A command with secrets replaced, also those that follow an option with such a name."""
    kept, many, named = [], 0, ""
    for word in words:
        option, equals, value = word.partition("=")
        name = option.lstrip("-") if word.startswith("-") else ""
        if name and equals:
            shown, n = redact_tree(value, name)
            kept.append(f"{option}={shown}")
        else:
            shown, n = redact_tree(word, named)
            kept.append(shown)
        named, many = name if not equals else "", many + n
    return tuple(kept), many


def secret_name(name: str) -> bool:
    """Whether a setting's name says that it holds a secret.

    >>> [secret_name(n) for n in ("OPENAI_API_KEY", "db.password", "max_tokens", "pad_token_id", "tokenizer")]
    [True, True, False, False, False]
    """
    return bool(_NAME.search(name)) and not re.search(
        r"(?<![a-z])(?:max|min|num|n)_|pad|eos|bos|unk|sep|cls|mask|special|tokens$|token_id", name, re.IGNORECASE
    )


def bits(text: str) -> float:
    """Shannon entropy a character, in bits.

    >>> round(bits("aaaa"), 1), round(bits("abcd"), 1)
    (0.0, 2.0)
    """
    n = len(text)
    return sum(c / n * math.log2(n / c) for c in Counter(text).values()) if n else 0.0


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    if any(hint in text for hint in _HINTS):
        for match in _KNOWN.finditer(text):
            yield *match.span(), _WORDS[int((match.lastgroup or "s0")[1:])]
    low = text.lower()
    # Most text has no such name: looking for the words alone is a hundred times faster than the whole pattern.
    for place in sorted({p for word in _NAMES for p in _places(low, word)}):
        named = _ASSIGNED.match(text, place)
        if named is not None:
            group = "value" if named["value"] is not None else "bare"
            called = group == "bare" and text[named.end() : named.end() + 1] == "("
            if _random(named[group]) and not called:
                yield *named.span(group), "named like a secret"
                continue
        chosen = _CHOSEN.match(text, place)
        if chosen is not None and (group := _chosen(text, chosen)):
            yield *chosen.span(group), "named like a secret"


def _chosen(text: str, found: re.Match[str]) -> str:
    """The group of a match that a person chose as a secret; empty for words, references and what only looks so."""
    group = "value" if found["value"] is not None else "bare"
    value = found[group]
    start = found.start()
    while start and (text[start - 1].isalnum() or text[start - 1] in "_-."):
        start -= 1
    name = re.split(r"[\"'\s:=]", text[start : found.end()], maxsplit=1)[0]
    if not secret_name(name) or _placeholder(value) or _MEANT.search(value) or _WRITTEN.fullmatch(value):
        return ""
    # Without quotes it is one only where a line of settings says nothing else: `DB_PASSWORD=…`, `password: …`.
    line = text[text.rfind("\n", 0, start) + 1 : start]
    if group == "bare" and (line.strip() not in ("", "export", "-") or not (found["pass"] or name.isupper())):
        return ""
    digit, letter = re.search(r"\d", value), re.search(r"[A-Za-z]", value)
    mixed = digit and letter
    return group if mixed or (found["pass"] and (digit or re.search(r"[!@#$^&*+?]", value))) else ""


def _places(text: str, word: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)


def _random(value: str) -> bool:
    """Whether a value is of the sort that is drawn, not written: letters and digits mixed, no words, no reference."""
    mixed = re.search(r"\d", value) and re.search(r"[A-Za-z]", value)
    return bool(mixed) and len(value) >= 16 and bits(value) >= LEAST_BITS and not _placeholder(value)


def _placeholder(value: str) -> bool:
    return bool(
        re.match(r"[<{$%\[(]|os\.|env|(?:sha256|blake3)[:-]|https?://|[./~]", value, re.IGNORECASE)
        or re.search(r"x{6,}|example|changeme|your[_-]|placeholder|\.\.\.|redacted", value, re.IGNORECASE)
        or re.fullmatch(r"[a-z_]+(?:[.(][\w.()\[\]]*)?", value)
    )
