"""Each kind of secret is removed wherever text leaves the program, and ordinary words are not."""

import json
import logging
import time

import pytest
from support.heads import Head

from openrouter_nb import errors, parameters
from openrouter_nb.client.error_mapping import clean_message, error_from_payload, error_from_response
from openrouter_nb.client.log import follow_environment, logger
from openrouter_nb.notebook.cell.context import context
from openrouter_nb.notebook.session import NotebookSession
from openrouter_nb.playground.state.exchange_record import ExchangeRecord
from openrouter_nb.redaction import HIDDEN, redact, redact_and_count, redact_url, redact_values
from openrouter_nb.render.answer.text_bundle import dry_run_bundle
from openrouter_nb.render.errors.banners import banner
from openrouter_nb.tools.tool_results import error_text

DIGITS = "0123456789" * 4
SECRETS = {
    "openrouter": "sk-or-v1-0123456789abcdef",
    "openai": "sk-proj-abcDEF_123-456",
    "abbreviated": "sk-or-v1-abc…xyz",
    "masked": "sk-******",
    "bearer": "Bearer abc.def/ghi=",
    "github": "ghp_" + DIGITS,
    "github fine-grained": "github_pat_" + DIGITS,
    "hugging face": "hf_" + DIGITS,
    "slack": "xoxb-" + DIGITS,
    "aws": "AKIA0123456789ABCDEF",
    "google": "AIza" + DIGITS,
    "jwt": "eyJ0123456789.eyJ0123456789.sig_na-ture",
    "private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----",
    "account": "user_2aBcDeFgHi",
    "account in lower case": "org_01h2xcejqtf2nbrexx3vqjhp41",
    "masked account": "org_ab******",
    "environment": "hunter2hunter2",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("MY_TOKEN", SECRETS["environment"])
    monkeypatch.setenv("SOME_KEY", "true")


def _message(secret):
    return clean_message(f"a {secret} b")


def _error(secret):
    body = json.dumps(
        {"error": {"code": 400, "message": f"a {secret} b", "metadata": {"raw": [{"x": secret}]}}}
    )
    error = error_from_response(Head(400), body.encode())
    assert type(error) is errors.BadRequestError
    return repr(vars(error))


def _stream_error(secret):
    payload = {"id": secret, "error": {"code": 502, "message": "x", "metadata": {secret: secret}}}
    return repr(vars(error_from_payload(payload, Head(200))))


def _log(secret):
    records = []
    handler = logging.Handler()
    handler.emit = lambda record: records.append(record.getMessage())
    follow_environment()
    logger.addHandler(handler)
    try:
        logger.warning("a %s b", secret)
    finally:
        logger.removeHandler(handler)
    return records[0]


def _banner(secret):
    error = errors.ForbiddenError(f"a {secret} b", provider=secret, metadata={"reasons": [secret]})
    return banner(error).plain


def _dry_run(secret):
    return dry_run_bundle({"messages": [{"content": f"a {secret} b"}]}, estimate="")["text/plain"]


def _parameter(secret):
    return str(parameters.problem("temperature", f"a long value with {secret}"))


def _tool(secret):
    return error_text(ValueError(f"a {secret} b"))


def _record(secret):
    record = ExchangeRecord({})
    record.set_headers({"x-note": secret, "authorization": secret})
    record.set_failure(errors.BadGatewayError("x", body=f"a {secret} b"))
    return repr(record)


def _context(secret):
    class Shell:
        user_ns = {"Out": {1: f"a {secret} b"}}  # noqa: RUF012 - as IPython's

    shell = Shell()
    parts, note = context("last", shell, NotebookSession(shell))
    assert "1 secret removed" in note
    return parts[0]["text"]


DOORS = [
    redact,
    _message,
    _error,
    _stream_error,
    _log,
    _banner,
    _dry_run,
    _parameter,
    _tool,
    _record,
    _context,
]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
@pytest.mark.parametrize("kind", SECRETS)
def test_each_secret_is_removed_at_each_door(kind, door):
    secret = SECRETS[kind]
    shown = door(secret)
    assert HIDDEN in shown
    for piece in secret.removeprefix("Bearer ").splitlines():
        assert piece not in shown
        assert piece[-8:] not in shown or kind == "private key"


@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.parametrize(
    "around", ["{}", "x={}", '{{"a": "{}"}}', "({})", "a_{}", "a\\n{}", "key%3D{}", "{} {}"]
)
def test_secrets_are_found_between_other_characters(kind, around):
    text, count = redact_and_count(around.format(*[SECRETS[kind]] * 2))
    # The start of a JSON Web Token cannot be distinguished from the characters before it.
    expected = "{}" if (kind, around) == ("jwt", "a_{}") else around
    assert text == expected.format(HIDDEN, HIDDEN)
    assert count == around.count("{}")


@pytest.mark.parametrize(
    "start", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "bearer ", "BEARER ", "org_", "acct_"]
)
def test_each_form_of_a_secret_is_found(start):
    assert redact_and_count(f"a {start}2aBcD3{'e4F' * 8} b") == (f"a {HIDDEN} b", 1)


def test_urls_are_shown_without_user_name_password_and_secrets():
    url = f"https://user:word@host.example/api?key={SECRETS['openrouter']}"
    assert redact_url(url) == f"https://host.example/api?key={HIDDEN}"
    error = error_from_response(Head(500, request=("POST", url)), b"")
    assert error.raw_response.url == redact_url(url)


@pytest.mark.parametrize(
    "text",
    [
        "user_location is missing",
        "df.user_score2.mean()",
        "user_id",
        "org_data2024 = 1",
        "a task-or-two",
        "risk-averse-policy",
        "risk-management-strategies-2024",
        "sk-learn",
        "Bearer",
        "a bearer of news",
        "it is true",
        "eyJ",
        "AKIA",
        "https://example.org/a?b=c#d",
    ],
)
def test_ordinary_words_stay(text):
    assert redact_and_count(text) == (text, 0)


def test_values_stay_json_of_the_same_shape():
    secret = SECRETS["openrouter"]
    value = {"a": [secret, 1, None, {secret: True}], "b": 2.5}
    assert redact_values(value) == {"a": [HIDDEN, 1, None, {HIDDEN: True}], "b": 2.5}
    deep = []
    for _ in range(5_000):
        deep = [deep]
    assert HIDDEN in repr(redact_values(deep))


@pytest.mark.parametrize(
    "piece",
    [
        "sk-",
        "sk-or-v1-",
        "Bearer ",
        "bearer\t",
        " ",
        "ghp_",
        "github_pat_",
        "hf_",
        "xoxb-",
        "AKIA",
        "AIza",
        "eyJ",
        "eyJ-",
        "eyJ0123456789.",
        "\\neyJ",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY-----",
        "PRIVATE ",
        "user_",
        "user_a",
        "user_A",
        "org_a0",
        "a",
        "0",
        "A",
        "-",
        "*",
        ".",
    ],
)
def test_hostile_text_takes_linear_time(piece):
    begin = time.process_time()
    for before in ("", "Bearer", "user_", "eyJ0123456789", "-----BEGIN ", "sk-", "ghp_"):
        redact(before + piece * (400_000 // len(piece)))
    # 3 s is over ten times what it takes; with a quadratic pattern it takes minutes.
    assert time.process_time() - begin < 3
