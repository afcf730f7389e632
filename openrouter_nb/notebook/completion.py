"""Tab completion for `%%chat` and the other magics: options, models, chats, variables, files. Sends no request.

The keywords of `chat(…)` and the other Python calls are in `call_completion`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core import completer as ipython_completer
from traitlets import Bool, Enum

from openrouter_nb.notebook.call_completion import call_keywords
from openrouter_nb.notebook.options.parser import WORD
from openrouter_nb.notebook.options.table import BY_FLAG, Option
from openrouter_nb.parameters import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from IPython.core.completer import CompletionContext, SimpleMatcherResult
    from traitlets import TraitType

    from openrouter_nb.notebook.session import NotebookSession

_MAX = 200
_LINE = re.compile(r"\s*(?:[A-Za-z_]\w*\s*=\s*)?%%?(?P<name>\w+)[ \t]+(?P<rest>.*)$", re.DOTALL)
_OPEN_BRACES = re.compile(r"\{\{\s*(?P<name>[A-Za-z_]\w*)?$")
_ALIKE = ("chat_retry", "chat_play")


def completer(
    shell: Any, session: NotebookSession, names: tuple[str, ...], known: Mapping[str, TraitType[Any, Any]]
) -> Callable[..., Any]:
    """Return a matcher for IPython's completer.

    Before IPython 8.6 a matcher gets only the text of the line, so that calls of several lines have no completions there.

    Args:
        shell: The IPython shell.
        session: Session with the catalog and the conversations.
        names: Magics with the options of `%%chat`.
        known: The settings of `%chat_config`.
    """

    def complete(before: str, lines: list[str]) -> tuple[str, list[tuple[str, str]], bool]:
        """Return the typed fragment, its completions with their kinds, and whether the cursor is in a call."""
        fragment, found = _found(lines[0] if lines else before, before, len(lines))
        if found:
            return fragment, found, False
        fragment, keywords = call_keywords("\n".join([*lines, before]), shell.user_ns)
        return fragment, _with(fragment, keywords, "param"), True

    def match_context(context: CompletionContext) -> SimpleMatcherResult:
        lines = context.full_text.split("\n")
        before = lines[context.cursor_line][: context.cursor_position]
        fragment, found, is_call = complete(before, lines[: context.cursor_line])
        return {
            "completions": [
                ipython_completer.SimpleCompletion(text=text, type=kind) for text, kind in found[:_MAX]
            ],
            "matched_fragment": fragment,
            # In a call, variables are candidates as well.
            "suppress": bool(found) and not is_call,
            "ordered": True,
        }

    def match_text(text: str) -> list[str]:
        # IPython replaces `text`, which is shorter or longer than the fragment: it ends at other delimiters.
        fragment, found, _ = complete(shell.Completer.text_until_cursor, [])
        if text.endswith(fragment):
            return [text.removesuffix(fragment) + each for each, _ in found[:_MAX]]
        before = fragment.removesuffix(text)
        return [each.removeprefix(before) for each, _ in found[:_MAX] if each.startswith(before)]

    def _found(first: str, before: str, line: int) -> tuple[str, list[tuple[str, str]]]:
        if line and re.match(rf"%%(?:{'|'.join(names)})\b", first):
            braces = _OPEN_BRACES.search(before)
            fragment = (braces["name"] or "") if braces else ""
            return fragment, _with(fragment, _variables(shell), "variable") if braces else []
        here = _LINE.match(before)
        if here is None:
            return "", []
        name, rest = here["name"], here["rest"]
        if name in (*names, *_ALIKE):
            return _option(rest, shell, session)
        word = rest.rpartition(" ")[2]
        if name in ("chat_history", "chat_reset"):
            return word, _with(word, session.conversations, "chat")
        if name == "chat_config":
            setting, equals, typed = word.partition("=")
            if not equals:
                return word, _with(word, (f"{setting}=" for setting in known), "setting")
            if setting == "model":
                return typed, _with(typed, session.catalog.ids, "model", within=True)
            return typed, _with(typed, _choices(known.get(setting)), "value")
        if name == "chat_models" and word.startswith("-"):
            from openrouter_nb.notebook.commands.model_search import SWITCHES

            return word, _with(word, SWITCHES, "option")
        if name == "chat_key" and word.startswith("-"):
            return word, _with(word, ("--store", "--forget", "--source"), "option")
        return "", []

    if not hasattr(ipython_completer, "context_matcher"):
        return match_text
    return ipython_completer.context_matcher(identifier="openrouter_nb", priority=1000)(match_context)  # type: ignore[no-any-return]


def _option(rest: str, shell: Any, session: NotebookSession) -> tuple[str, list[tuple[str, str]]]:
    """Return the completions at the end of the line: options, or values of the option before it."""
    position, incomplete = 0, None
    while match := WORD.match(rest, position):
        word, position = match[1], match.end()
        if position == len(rest):
            break
        if incomplete is not None:
            incomplete = None
            continue
        option = BY_FLAG.get(word.partition("=")[0])
        if option is None:
            return "", []  # the prompt has started
        incomplete = option if option.needs_value and "=" not in word else None
    else:
        word = ""
    if incomplete is not None:
        return _value(incomplete, word, shell, session)
    flag, equals, value = word.partition("=")
    if equals and (option := BY_FLAG.get(flag)):
        return _value(option, value, shell, session)
    if word and not word.startswith("-"):
        return "", []
    flags = sorted(BY_FLAG, key=lambda flag: (not flag.startswith("--"), flag.lstrip("-")))
    return word, _with(word, flags, "option")


def _choices(trait: TraitType[Any, Any] | None) -> list[str]:
    if isinstance(trait, Bool):
        return ["true", "false"]
    return [str(value) for value in trait.values or ()] if isinstance(trait, Enum) else []


def _value(
    option: Option, typed: str, shell: Any, session: NotebookSession
) -> tuple[str, list[tuple[str, str]]]:
    typed = typed.lstrip("\"'")
    if option.choices:
        return typed, _with(typed, option.choices, "value")
    if "model" in option.completes:
        typed = typed.rpartition(",")[2]
        return typed, _with(typed, session.catalog.ids, "model", within=True)
    if option.kind == "words":
        typed = typed.rpartition(",")[2]
    if "{{" in typed:
        typed = typed.rpartition("{{")[2].lstrip()
        return typed, _with(typed, _variables(shell), "variable")
    sources: dict[str, Callable[[], Iterable[str]]] = {
        "chat": lambda: session.conversations,
        "variable": lambda: _variables(shell),
        "file": lambda: _files(typed.removeprefix("@")),
        "parameter": lambda: (f"{name}=" for name in PARAMETERS),
    }
    typed = typed.removeprefix("@")
    return typed, [pair for kind in option.completes for pair in _with(typed, sources[kind](), kind)]


def _with(fragment: str, words: Iterable[str], kind: str, *, within: bool = False) -> list[tuple[str, str]]:
    """Return the words that start with a fragment and, if `within` is true, those that contain it."""
    given = list(words)
    found = [word for word in given if word.startswith(fragment)]
    if within and fragment:
        found += [word for word in given if fragment.lower() in word.lower() and word not in found]
    return [(word, kind) for word in found]


def _variables(shell: Any) -> list[str]:
    hidden = shell.user_ns_hidden
    return sorted(name for name in shell.user_ns if not name.startswith("_") and name not in hidden)


def _files(typed: str) -> list[str]:
    """Return the paths below the working directory that start with the typed text, without hidden files."""
    folder, _, _ = typed.rpartition("/")
    if typed.startswith(("/", "~", "..")):
        return []
    try:
        entries = sorted(Path(folder or ".").iterdir())
    except OSError:
        return []
    prefix = f"{folder}/" if folder else ""
    return [
        f"{prefix}{entry.name}{'/' if entry.is_dir() else ''}" for entry in entries if entry.name[:1] != "."
    ]
