"""`%chat_config`: show the settings of `%config ChatMagics` as a table, and change them."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from traitlets import Bool, Enum, Float, Int, TraitError

from openrouter_nb.notebook.options.typo_hints import CURLY_QUOTES
from openrouter_nb.parameters import nearest
from openrouter_nb.render.html.markdown import to_html

if TYPE_CHECKING:
    from traitlets import HasTraits, TraitType

_NOTHING = ("none", "")
_NOT_IN_AN_ID = frozenset("{}" + CURLY_QUOTES)
_YES, _NO = ("true", "on", "yes", "1"), ("false", "off", "no", "0")


def settings(magics: HasTraits) -> dict[str, TraitType[Any, Any]]:
    """Return the settings by name."""
    return dict(sorted(magics.class_traits(config=True).items()))


def table(magics: HasTraits) -> dict[str, str]:
    """Return the mime bundle of all settings, with their values and origins."""
    rows = ["| setting | value | from | meaning |", "|:---|:---|:---|:---|"]
    for name, trait in settings(magics).items():
        value, origin = getattr(magics, name), "default"
        if value != trait.default_value:
            origin = "set"
        elif name == "model" and (value := os.environ.get("OPENROUTER_NB_MODEL")):
            origin = "OPENROUTER_NB_MODEL"
        rows.append(f"| {name} | {_shown(value)} | {origin} | {trait.help} |")
    rows.append("\nSet one: `%chat_config model=openai/gpt-5-mini budget=1`; `none` restores the default.")
    text = "\n".join(rows)
    return {"text/html": to_html(text), "text/plain": text}


def change(magics: HasTraits, line: str) -> list[str]:
    """Change settings from a line of `name=value` pairs: all of them, or none if one is not valid.

    Returns:
        Lines `name = value` to print.

    Raises:
        UsageError: a setting does not exist, or does not accept the value.
    """
    known = settings(magics)
    values: dict[str, Any] = {}
    for word in line.split():
        name, equals, text = word.partition("=")
        name = name.replace("-", "_")
        if name not in known:
            hint = nearest(name, known) or f" Settings: {', '.join(known)}."
            raise UsageError(f"There is no setting {name!r}.{hint}")
        if not equals:
            raise UsageError(f"%chat_config takes NAME=VALUE, not {word!r}.")
        if name in values:
            raise UsageError(f"%chat_config: {name} is given twice.")
        values[name] = _value(known[name], name, text)
    before = {name: getattr(magics, name) for name in values}
    try:
        for name, value in values.items():
            setattr(magics, name, value)
    except TraitError:
        for name, value in before.items():
            setattr(magics, name, value)
        raise UsageError(f"{name} does not take {values[name]!r}: {known[name].help}") from None
    return [f"{name} = {_shown(getattr(magics, name))}" for name in values]


def _value(trait: TraitType[Any, Any], name: str, text: str) -> Any:
    word = text.strip("\"'")
    if word.lower() in _NOTHING:
        return trait.default_value
    if isinstance(trait, Bool):
        if word.lower() not in (*_YES, *_NO):
            raise UsageError(f"{name} takes true or false, not {word!r}.{nearest(word, ('true', 'false'))}")
        return word.lower() in _YES
    if isinstance(trait, Enum):
        choices = [str(choice) for choice in trait.values or ()]
        if word not in choices:
            raise UsageError(f"{name} takes {', '.join(choices)}, not {word!r}.{nearest(word, choices)}")
        return word
    if isinstance(trait, (Int, Float)):
        try:
            number = int(word) if isinstance(trait, Int) else float(word)
            if math.isfinite(number):  # no cost is higher than NaN
                return number
        except ValueError:
            pass
        noun = "a whole number" if isinstance(trait, Int) else "a number"
        raise UsageError(f"{name} takes {noun} or none, not {word!r}.")
    if not word.isprintable() or not _NOT_IN_AN_ID.isdisjoint(word):
        raise UsageError(f"{name} takes the id of a model, not {word!r}.")
    return word


def _shown(value: Any) -> str:
    return "none" if value in (None, "") else str(value).lower() if isinstance(value, bool) else str(value)
