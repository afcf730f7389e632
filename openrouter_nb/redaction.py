"""Remove secrets from text before it is shown, logged, saved or sent to a model.

A secret is an API key that this process has sent, an API key or token of a known format, a bearer token, a private key, the value
of an environment variable with a name such as `MY_TOKEN`, or an account id of OpenRouter, which its error messages contain.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

#: Replaces each secret.
HIDDEN = "[hidden]"

# A token starts where no letter or digit precedes it; `\n` of a repr or of JSON and `%3D` of a URL also precede one.
_START = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))"
# Each pattern takes linear time: where a repetition may fail after many characters, it starts only at the first of them.
_SECRETS = re.compile(
    "|".join(
        (
            # OpenAI, Anthropic and OpenRouter keys, also as their servers abbreviate them: `sk-or-v1-abc…xyz`, `sk-****`.
            rf"{_START}sk-[A-Za-z0-9_\-*.…]{{5,}}[A-Za-z0-9_\-*…]",
            r"sk-or-v\d-[A-Za-z0-9]{6,}",
            rf"{_START}[Bb](?:earer|EARER)\s+[A-Za-z0-9_\-.~+/=*…]{{5,}}[A-Za-z0-9_\-~+/=*…]",
            # GitHub, Hugging Face, Slack, AWS and Google.
            r"gh[pousr]_[A-Za-z0-9]{20,}",
            r"github_pat_\w{20,}",
            rf"{_START}hf_[A-Za-z0-9]{{20,}}",
            r"xox[abpr]-[A-Za-z0-9-]{10,}",
            r"AKIA[0-9A-Z]{16}",
            r"AIza[0-9A-Za-z_-]{30,}",
            # JSON Web Tokens, with what precedes them without a separator.
            r"(?:(?<![\w\\%-])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))[\w-]{13,}\.eyJ[\w-]{10,}\.[\w-]+",
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
            # Account ids such as user_2aBcD3. A digit and a capital, a star, or a digit and the length distinguish them
            # from names such as user_location and user_score2.
            rf"{_START}(?:user|org|acct)_(?=[a-z0-9]*[A-Z*])(?=[A-Za-z]*[0-9*])[A-Za-z0-9*]{{6,}}",
            rf"{_START}(?:user|org|acct)_(?=[A-Za-z]*[0-9])[A-Za-z0-9]{{16,}}",
        )
    )
)
# Each match of `_SECRETS` contains one of these. To look for them in 1 MiB takes 10 ms, the patterns take 300 ms.
_MARKS = (
    "sk-", "earer", "EARER", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "hf_", "xox", "AKIA", "AIza", ".eyJ",
    "PRIVATE KEY", "user_", "org_", "acct_",
)  # fmt: skip
# Base64 of media, in which a pattern would match by chance. No key has this length.
_ENCODED = re.compile(r"(?:data:[\w.+/-]+(?:;[\w=.+-]+)*;base64,)?[A-Za-z0-9+/]{1000,}={0,2}")
_SECRET_NAMES = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL", re.IGNORECASE)
_USER_INFO = re.compile(r"//[^/]*@")
_MIN_VALUE_LENGTH = 8  # shorter values are words such as `true`
_MAX_DEPTH = 100


# Functions that return the keys that were sent: no attribute walk or traceback with local variables prints a closure.
_sent: list[Callable[[], str]] = []
_sent_lock = threading.Lock()
_MAX_SENT = 16


def remember(reveal: Callable[[], str]) -> None:
    """Treat a key that is sent as a secret: a server may echo it, and it may have no known format.

    Args:
        reveal: Returns the key.
    """
    with _sent_lock:  # of two threads, each would drop the other's key
        if not any(known() == reveal() for known in _sent):
            _sent[:] = [*_sent[-_MAX_SENT + 1 :], reveal]


def redact(text: str) -> str:
    """Return text without secrets. Takes linear time, also on hostile text."""
    return redact_and_count(text)[0]


def redact_url(url: str) -> str:
    """Return a URL without user name, password and secrets."""
    return redact(_USER_INFO.sub("//", url))


def redact_and_count(text: str) -> tuple[str, int]:
    """Return text without secrets, and the number of secrets removed."""
    return _redact(text, _known_secrets())


def redact_values(value: Any) -> Any:
    """Return a copy of parsed JSON without secrets in its strings and keys."""
    return _redact_values(value, _known_secrets(), 0)


def _known_secrets() -> list[str]:
    """Return the keys that were sent and the values of environment variables with the name of a secret, the longest first."""
    values = {os.environ.get(name, "") for name in list(os.environ) if _is_name_of_secret(name)}
    values.update(reveal() for reveal in _sent)
    return sorted((value for value in values if len(value) >= _MIN_VALUE_LENGTH), key=len, reverse=True)


@lru_cache(maxsize=4096)
def _is_name_of_secret(name: str) -> bool:
    return _SECRET_NAMES.search(name) is not None


def _redact(text: str, known: list[str]) -> tuple[str, int]:
    total = 0
    for value in known:
        if found := text.count(value):
            total += found
            text = text.replace(value, HIDDEN)
    if not any(mark in text for mark in _MARKS) or _ENCODED.fullmatch(text):
        return text, total
    text, found = _SECRETS.subn(HIDDEN, text)
    return text, total + found


def _redact_values(value: Any, known: list[str], depth: int) -> Any:
    if isinstance(value, str):
        return _redact(value, known)[0]
    if isinstance(value, (Mapping, list)) and depth >= _MAX_DEPTH:
        return HIDDEN
    if isinstance(value, Mapping):
        return {
            _redact_values(key, known, depth): _redact_values(item, known, depth + 1)
            for key, item in value.items()
        }
    return [_redact_values(item, known, depth + 1) for item in value] if isinstance(value, list) else value
