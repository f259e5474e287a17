"""Secrets are found where they are, and ordinary code is left alone."""

from __future__ import annotations

import pytest

from assay.runs.secrets import find, redact, redact_tree, redact_words, secret_name

# Keys of the published shapes, put together here so that no scanner takes this file for a leak.
FAKE = {
    "AWS access key": "AKIA" + "IOSFODNN7EXAMPLF",
    "GitHub token": "ghp_" + "aB3dE5gH7j" * 4,
    "GitLab token": "glpat-" + "aB3dE5gH7jK9mN1pQ3rS",
    "Slack token": "xoxb-" + "123456789012-abcdefABCDEF",
    "Anthropic key": "sk-ant-" + "api03-" + "aB3dE5gH7j" * 5,
    "OpenAI key": "sk-proj-" + "aB3dE5gH7j" * 4,
    "Hugging Face token": "hf_" + "aBcDeFgHiJ" * 4,
    "Google key": "AIza" + "SyA1234567890abcdefghijklmnopqrstuv",
    "Stripe key": "sk_live_" + "aB3dE5gH7jK9mN1p",
    "npm token": "npm_" + "aB3dE5gH7j" * 3 + "aB3dE5",
    "PyPI token": "pypi-AgE" + "IcHlwaS5vcmc" * 6,
    "SendGrid key": "SG." + "aB3dE5gH7jK9mN1pQ3rS5t" + "." + "aB3dE5gH7j" * 4 + "aB3",
    "JSON web token": "eyJhbGciOiJIUzI1NiJ9" + "." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0" + "." + "dozjgNryP4J3jVmNHl0w5N",
}


@pytest.mark.parametrize("kind", FAKE)
@pytest.mark.parametrize("around", ["{}", "key = '{}'  # mine", "curl -H 'X: {}' example.org", '{{"a": "{}"}}'])
def test_keys_of_known_shapes_are_redacted(kind: str, around: str) -> None:
    text = "first line\n" + around.format(FAKE[kind]) + "\nlast line\n"
    shown, many = redact(text)
    assert many == 1
    assert FAKE[kind] not in shown
    assert f"[redacted: {kind}]" in shown
    assert find(text)[0].line == 2
    assert shown.splitlines()[0::2] == ["first line", "last line"]
    assert redact(shown) == (shown, 0)


def test_private_keys_are_redacted_whole() -> None:
    key = "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE " + "KEY-----"
    assert redact(f"a\n{key}\nb") == ("a\n[redacted: private key]\nb", 1)


@pytest.mark.parametrize(
    "line",
    [
        "DB_PASSWORD = 'xK9mP2qR7tV4wZ8a'",
        "api_key: 'a8f5f167f44f4964e6c998dee827110c'",
        "SECRET_TOKEN=Zm9vYmFyYmF6cXV4MTIzNDU2",
        "postgresql://user:" + "s3cretpw@db/x",
        "Authorization: Bearer abcdefghij1234567890ABCD",
        "api_key: str = 'a8f5f167f44f4964e6c998dee827110c'",
        'password = "hunter2hunter2"',
        "connect(host='db', passwd='Summer2024')",
        '{"user": "ann", "db.password": "tr0ub4dor"}',
        "password: str = 'hunter2hunter2'",
        "admin_token = 'k7m2p9qx'",
        "client_secret='9f3kq2zz'",
        "DB_PASSWORD=hunter2hunter2",
        "export SMTP_TOKEN=a8f5f167",
        "  password: hunter2hunter2  # of the test server",
        "passphrase = 'correct!horse'",
    ],
)
def test_what_is_named_like_a_secret_and_looks_drawn_is_redacted(line: str) -> None:
    assert redact(line)[1] == 1, redact(line)


@pytest.mark.parametrize(
    "line",
    [
        "max_tokens = 4096",
        "pad_token = '<|endoftext|>'",
        "tokenizer = AutoTokenizer.from_pretrained('bert-base-uncased')",
        "password = os.environ['DB_PASSWORD']",
        "token = getattr(config, 'token', None)",
        "api_key = '<your-api-key-here>'",
        "secret = 'changeme-changeme-1'",
        "def token_accuracy(tokens, next_token_logits): ...",
        "commit = '3f786850e387550fdab836ed7e6dc881de23001b'",
        "digest = 'sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae'",
        "https://example.org/path?x=1",
        "learning_rate = 0.001  # author: someone",
        "special_tokens_map: {'mask_token': '[MASK]'}",
        "password = 'changeme'",
        "password = 'password1'",
        "password='required'",
        "password = 'PasswordInput'",
        "passwd = '<from vault>'",
        "password = f'{user}123456'",
        "password = '$DB_PASSWORD1'",
        "token = 'bert-base-v2'",
        "token = 'hello'",
        "token = 'Sentence_17'",
        "eos_token = '</s>12345'",
        "token_type = 'k7m2p9qx'",
        "secret: Int64Array",
        "token: np.int64",
        "def login(password: SecretStr256): ...",
        "if token == 'k7m2p9qx': pass",
        "token = token2index",
        "password = base64.b16encode(bytes(x)[:8])",
        "password = read_password1(path)",
        "tokens = ['ab12cd34', 'ef56gh78']",
    ],
)
def test_ordinary_lines_are_left_alone(line: str) -> None:
    assert redact(line) == (line, 0)


def test_configurations_commands_and_names() -> None:
    config = {"db": {"password": "letmein!"}, "list": [FAKE["GitHub token"], "b"], "api_key": "", "lr": 0.1}
    shown, many = redact_tree(config)
    assert many == 2
    assert (shown["lr"], shown["api_key"], shown["list"][1]) == (0.1, "", "b")
    words, many = redact_words(("prog", "--password", "letmein!", "--api-key=letmein!", "--lr", "0.1"))
    assert (many, words[-2:]) == (2, ("--lr", "0.1"))
    assert "letmein!" not in " ".join(words)
    assert [secret_name(n) for n in ("wandbApiKey", "HF_TOKEN", "n_tokens", "secretary")] == [True, True, False, False]
