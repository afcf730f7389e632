"""Export conversations as JSON or Markdown, and read such files, which are not trusted."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from openrouter_nb.bounded_files import UnreadableFileError, parse_untrusted
from openrouter_nb.parameters import PARAMETERS, nearest
from openrouter_nb.playground.history.contents import contents_from, messages_of
from openrouter_nb.playground.history.history_errors import HistoryError
from openrouter_nb.playground.history.markdown_text import markdown_of, read_markdown
from openrouter_nb.playground.protocol import ROLES
from openrouter_nb.playground.state.messages import checked_messages
from openrouter_nb.playground.state.thread_items import PlaygroundError

if TYPE_CHECKING:
    from openrouter_nb.playground.history.contents import Contents
    from openrouter_nb.playground.history.summary import StoredConversation

FORMATS = {"json": "json", "markdown": "md"}
_MAX_MODELS = 4
_NOT_PARAMS = ("model", "messages", "stream")  # of a request body


def exported(stored: StoredConversation, format_: str) -> str:
    """Return a conversation as text: `json` has everything, `markdown` the texts that are displayed.

    Raises:
        HistoryError: an unknown format.
    """
    if format_ not in FORMATS:
        raise HistoryError(f"{format_!r} is not a format: {', '.join(FORMATS)}.{nearest(format_, FORMATS)}")
    if format_ == "json":
        return json.dumps(stored.contents, ensure_ascii=False, indent=2) + "\n"
    about = {name: stored.contents[name] for name in ("models", "params")}
    return markdown_of(stored.summary.title, about, messages_of(stored.contents))


def file_name(stored: StoredConversation, format_: str) -> str:
    """Return a name for the file of an exported conversation."""
    words = re.sub(r"[^\w]+", "-", stored.summary.title.lower()).strip("-")[:40].rstrip("-")
    return f"{words or 'conversation'}.{FORMATS[format_]}"


def imported(data: bytes) -> Contents:
    """Return the contents of an exported conversation, a request body, a list of messages, or Markdown.

    Raises:
        HistoryError: it is none of them; the message says why.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise HistoryError("The file is not text in UTF-8.") from None
    try:
        if not text.lstrip().startswith(("{", "[")):
            about, messages = read_markdown(text)
            return _from_messages(messages, about.get("models"), about.get("params"))
        value = parse_untrusted(text.encode())
        if isinstance(value, list):
            return _from_messages(value)
        if isinstance(value.get("items"), list):
            return _checked(value)
        params = {
            name: each for name, each in value.items() if name in PARAMETERS and name not in _NOT_PARAMS
        }
        return _from_messages(value.get("messages"), [value.get("model")], params)
    except UnreadableFileError as error:
        raise HistoryError(f"The file {error}.") from None
    except PlaygroundError as error:
        raise HistoryError(str(error)) from None


def _from_messages(messages: Any, models: Any = (), params: Any = None) -> Contents:
    checked_messages(messages)
    if not messages:
        raise HistoryError("The file has no messages.")
    return contents_from(messages, _models(models), _params(params))


def _checked(value: dict[str, Any]) -> Contents:
    items = [_item(item) for item in value["items"]]
    if not items:
        raise HistoryError("The file has no messages.")
    overrides = value.get("overrides")
    settings = value.get("settings")
    return {
        **contents_from([], _models(value.get("models")), _params(value.get("params"))),
        "overrides": [_params(each) for each in overrides[:_MAX_MODELS]]
        if isinstance(overrides, list)
        else [],
        "settings": settings if isinstance(settings, dict) else {},
        "items": items,
    }


def _item(item: Any) -> dict[str, Any]:
    given = item if isinstance(item, dict) else {}
    role, cards, branches, chosen = (given.get(name) for name in ("role", "cards", "branches", "chosen"))
    if role not in ROLES or not isinstance(cards, list) or not isinstance(branches, list) or not branches:
        raise HistoryError("An item of the file has no role, cards or branches.")
    return {
        "role": role,
        "chosen": chosen if isinstance(chosen, int) and 0 <= chosen < len(branches) else 0,
        "cards": [_card(card) for card in cards],
        "branches": [_branch(branch, len(cards)) for branch in branches],
    }


def _branch(branch: Any, count: int) -> dict[str, Any]:
    given = branch if isinstance(branch, dict) else {}
    cards, tail = given.get("cards"), given.get("tail", [])
    if not isinstance(cards, list) or not isinstance(tail, list):
        raise HistoryError("A branch of the file has no cards.")
    if not all(isinstance(number, int) and 0 <= number < count for number in cards):
        raise HistoryError("A branch of the file has the number of a card that is not there.")
    return {"cards": cards, "tail": [_item(each) for each in tail]}


def _card(card: Any) -> dict[str, Any]:
    if not isinstance(card, dict):
        raise HistoryError("A card of the file is not an object.")
    results = card.get("results", [])
    checked_messages([card.get("message"), *(results if isinstance(results, list) else [results])])
    kept: dict[str, Any] = {"message": card["message"]}
    if results:
        kept["results"] = results
    column = card.get("column")
    if isinstance(column, int) and not isinstance(column, bool) and column >= 0:
        kept["column"] = column
    # Statistics are displayed and summed as they were measured here: those of a file are not taken over.
    return kept


def _models(value: Any) -> list[str]:
    models = value if isinstance(value, (list, tuple)) else ()
    return [model for model in models if isinstance(model, str) and model][:_MAX_MODELS]


def _params(value: Any) -> dict[str, Any]:
    params = value if isinstance(value, dict) else {}
    for name in params:
        if name not in PARAMETERS and name != "extra_body":
            raise HistoryError(f"There is no parameter {name!r}.{nearest(name, PARAMETERS)}")
    return params
