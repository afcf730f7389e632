"""The contents of a stored conversation: taken from the state of a playground, and turned into its items again."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from openrouter_nb.playground.history.history_errors import HistoryError
from openrouter_nb.playground.history.media_limit import with_small_media
from openrouter_nb.playground.history.summary import PreparedConversation
from openrouter_nb.playground.state.messages import content_text
from openrouter_nb.playground.state.thread_items import Branch, MessageCard, ThreadItem
from openrouter_nb.redaction import redact_values
from openrouter_nb.surrogates import well_formed_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from openrouter_nb.playground.state.state import PlaygroundState

VERSION = 1
_MAX_TITLE = 120
_MAX_TEXT = 1_000_000
_MAX_BYTES = 32 * 1024 * 1024
#: Sizes beyond which an attachment is not stored, in characters: the first one with which the conversation fits.
_MEDIA_SIZES = (4 * 1024 * 1024, 64 * 1024, 0)

Contents = dict[str, Any]


def setup_of(state: PlaygroundState) -> Contents:
    """Return the models and parameters. Call it with the lock acquired."""
    return {
        "models": [column.model for column in state.columns],
        "overrides": [copy.deepcopy(column.overrides) for column in state.columns],
        "params": copy.deepcopy(state.params),
        "settings": dict(state.settings),
    }


def contents_of(state: PlaygroundState) -> Contents:
    """Return the models, the parameters and the messages with their branches. Call it with the lock acquired.

    It is fast: messages are not copied, because they are never changed in place.
    """
    columns = [column.id for column in state.columns]
    return {"version": VERSION, **setup_of(state), "items": _items(state.thread.items, columns)}


def _items(items: Sequence[ThreadItem], columns: list[str]) -> list[Contents]:
    found = []
    for item in items:
        # Branches share the cards of columns in which they do not differ.
        cards = {id(card): card for branch in item.branches for card in branch.cards if card.run is None}
        numbers = {id_: number for number, id_ in enumerate(cards)}
        branches = [
            {
                "cards": [numbers[id(card)] for card in branch.cards if card.run is None],
                "tail": _items(branch.tail, columns),
            }
            for branch in item.branches
        ]
        if cards:
            stored = [_card(card, columns) for card in cards.values()]
            found.append({"role": item.role, "chosen": item.chosen, "cards": stored, "branches": branches})
    return found


def _card(card: MessageCard, columns: list[str]) -> Contents:
    message, *results = card.request_messages()
    stored: Contents = {"message": message}
    if results:
        stored["results"] = results
    if card.column is not None:
        if card.column not in columns:  # of a column that was removed
            columns.append(card.column)
        stored["column"] = columns.index(card.column)
    if stats := card.answer.stats if card.answer is not None else card.stats:
        stored["stats"] = stats
    if card.is_object:
        stored["is_object"] = True
    return stored


def items_of(
    contents: Mapping[str, Any], columns: Sequence[str], new_item: Callable[..., ThreadItem]
) -> list[ThreadItem]:
    """Return the items of stored contents.

    Args:
        contents: The contents.
        columns: Ids of the columns.
        new_item: Returns an item with a new id.
    """

    def column(index: int | None) -> str | None:
        return None if index is None else columns[index] if index < len(columns) else f"removed{index}"

    def cards(stored: Iterable[Mapping[str, Any]]) -> list[MessageCard]:
        found = []
        for each in stored:
            stats = {**each["stats"], "has_logprobs": False} if each.get("stats") else None
            message, results = dict(each["message"]), tuple(each.get("results") or ())
            found.append(
                MessageCard(
                    column(each.get("column")),
                    message,
                    results=results,
                    stats=stats,
                    is_object=bool(each.get("is_object")),
                )
            )
        return found

    def items(stored: Iterable[Mapping[str, Any]]) -> list[ThreadItem]:
        found = []
        for each in stored:
            item = new_item(each["role"], [])
            shared = cards(each["cards"])
            item.branches = [
                Branch([shared[number] for number in branch["cards"]], items(branch["tail"]))
                for branch in each["branches"]
            ]
            item.chosen = each["chosen"]
            found.append(item)
        return found

    return items(contents["items"])


def displayed_cards(contents: Mapping[str, Any]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """Yield the role and the cards of each item that is displayed."""
    for item in contents["items"]:
        yield item["role"], [item["cards"][number] for number in item["branches"][item["chosen"]]["cards"]]


def messages_of(contents: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the messages that the first column would send."""
    found: list[dict[str, Any]] = []
    for _, cards in displayed_cards(contents):
        card = next((card for card in cards if card.get("column") in (0, None)), cards[0] if cards else None)
        if card is not None:
            found += [card["message"], *card.get("results", ())]
    return found


def contents_from(messages: Sequence[Mapping[str, Any]], models: Sequence[str] = (), params: Mapping[str, Any] | None = None) -> Contents:  # fmt: skip
    """Return the contents of a conversation that is a list of messages."""
    branch = {"cards": [0], "tail": ()}
    items = [
        {"role": message["role"], "chosen": 0, "cards": [{"message": dict(message)}], "branches": [branch]}
        for message in messages
    ]
    return {"version": VERSION, "models": list(models), "overrides": [], "params": dict(params or {}), "settings": {}, "items": items}  # fmt: skip


def prepare(contents: Contents) -> PreparedConversation:
    """Return a conversation as it is written to the file: without secrets and large attachments.

    Raises:
        HistoryError: it is too large.
    """
    setup = {name: value for name, value in contents.items() if name != "items"}
    contents = {**_clean(setup), "items": changed_items(contents["items"], _clean)}
    for size in _MEDIA_SIZES:
        small = changed_items(contents["items"], lambda card, size=size: with_small_media(card, size))  # type: ignore[misc]
        text = json.dumps(
            {**contents, "items": small}, ensure_ascii=False, separators=(",", ":"), default=repr
        )
        if len(text.encode()) <= _MAX_BYTES:
            break
    else:
        raise HistoryError(f"A conversation of more than {_MAX_BYTES // 2**20} MiB is not stored.")
    cards = list(_all_cards(contents["items"]))
    stats = [card["stats"] for card in cards if card.get("stats")]
    costs = [each["cost"] for each in stats if each.get("cost") is not None]
    texts = [content_text(card["message"].get("content"), "\n") for card in cards]
    return PreparedConversation(
        title=_title(contents),
        models=tuple(contents["models"]),
        messages=sum(bool(cards) for _, cards in displayed_cards(contents)),
        cost=round(sum(costs), 10) if costs else None,
        tokens_in=sum(each.get("tokens_in") or 0 for each in stats),
        tokens_out=sum(each.get("tokens_out") or 0 for each in stats),
        text="\n".join([*contents["models"], *texts])[:_MAX_TEXT],
        contents=text,
    )


def _clean(value: Any) -> Any:
    return redact_values(well_formed_values(value))


def changed_items(items: Iterable[Mapping[str, Any]], change: Callable[[Any], Any]) -> list[Contents]:
    """Return stored items with each card replaced by what `change` returns for it."""
    return [
        {
            **item,
            "cards": [change(card) for card in item["cards"]],
            "branches": [
                {**branch, "tail": changed_items(branch["tail"], change)} for branch in item["branches"]
            ],
        }
        for item in items
    ]


def _all_cards(items: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for item in items:
        yield from item["cards"]
        for branch in item["branches"]:
            yield from _all_cards(branch["tail"])


def _title(contents: Contents) -> str:
    texts = [
        (role, content_text(card["message"].get("content"), " "))
        for role, cards in displayed_cards(contents)
        for card in cards
    ]
    asked = next((text for role, text in texts if role == "user" and text.strip()), "")
    title = " ".join((asked or next((text for _, text in texts if text.strip()), "")).split())
    return title if len(title) <= _MAX_TITLE else f"{title[:_MAX_TITLE]}…"
