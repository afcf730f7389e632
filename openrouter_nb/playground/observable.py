"""Dicts and lists that notify when they are changed in place, so that `p.params["seed"] = 1` does what it says.

What they hold is alive as well: `p.params["provider"]["sort"] = "price"` is a change of `p.params`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def _notifying(name: str) -> Callable[..., Any]:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        changed = self._plain(self)
        result = getattr(changed, name)(*args, **kwargs)
        # The owner judges first: a value that it refuses leaves everything as it was.
        self._notify(plain(changed))
        # Not the same call again: what was given may be an iterator, which is used up.
        self._store(changed)
        return self if name.startswith("__i") else result

    method.__name__ = name
    method.__doc__ = f"As of a plain container: `{name}`, and the owner hears of it."
    return method


class ObservableDict(dict[str, Any]):
    """A dict whose owner hears of every change, also of one within the dicts and lists that it holds.

    Args:
        values: What it holds.
        notify: Called with the changed plain dict; may raise to refuse it.
    """

    _plain = dict

    def __init__(self, values: dict[str, Any], notify: Callable[[dict[str, Any]], None]) -> None:
        super().__init__()
        self._notify = notify
        self._store(values)

    __setitem__ = _notifying("__setitem__")
    __delitem__ = _notifying("__delitem__")
    __ior__ = _notifying("__ior__")
    clear = _notifying("clear")
    pop = _notifying("pop")
    popitem = _notifying("popitem")
    update = _notifying("update")

    def setdefault(self, key: str, default: Any = None) -> Any:
        """As of a plain dict: the value that is held, alive, and the owner hears of it."""
        if key not in self:
            self[key] = default
        return self[key]

    def _store(self, values: dict[str, Any]) -> None:
        held = {key: _observable(value, self) for key, value in values.items()}
        dict.clear(self)
        dict.update(self, held)

    def _replaced(self, part: Any, value: Any) -> dict[str, Any]:
        return {key: value if each is part else each for key, each in self.items()}

    def __reduce__(self) -> Any:
        return dict, (dict(self),)


class ObservableList(list[Any]):
    """A list whose owner hears of every change, also of one within the dicts and lists that it holds.

    Args:
        values: What it holds.
        notify: Called with the changed plain list; may raise to refuse it.
    """

    _plain = list

    def __init__(self, values: list[Any], notify: Callable[[list[Any]], None]) -> None:
        super().__init__()
        self._notify = notify
        self._store(values)

    __setitem__ = _notifying("__setitem__")
    __delitem__ = _notifying("__delitem__")
    __iadd__ = _notifying("__iadd__")
    __imul__ = _notifying("__imul__")
    append = _notifying("append")
    clear = _notifying("clear")
    extend = _notifying("extend")
    insert = _notifying("insert")
    pop = _notifying("pop")
    remove = _notifying("remove")
    reverse = _notifying("reverse")
    sort = _notifying("sort")

    def _store(self, values: list[Any]) -> None:
        list.__setitem__(self, slice(None), [_observable(value, self) for value in values])

    def _replaced(self, part: Any, value: Any) -> list[Any]:
        return [value if each is part else each for each in self]

    def __reduce__(self) -> Any:
        return list, (list(self),)


class _Part:
    """Tells the container that holds a part of the part's change; nobody, once it holds it no longer."""

    def __init__(self, whole: ObservableDict | ObservableList) -> None:
        self.whole = whole
        self.part: Any = None

    def __call__(self, value: Any) -> None:
        whole = self.whole
        each = whole.values() if isinstance(whole, dict) else whole
        if any(held is self.part for held in each):
            whole._notify(plain(whole._replaced(self.part, value)))  # noqa: SLF001 - of the same module


def _observable(value: Any, whole: ObservableDict | ObservableList) -> Any:
    """`value` as a part of `whole`; itself where it is one already, so that a name for it stays good."""
    if not isinstance(value, dict | list):
        return value
    notify = getattr(value, "_notify", None)
    if isinstance(notify, _Part) and notify.whole is whole:
        return value
    notify = _Part(whole)
    notify.part = ObservableDict(value, notify) if isinstance(value, dict) else ObservableList(value, notify)
    return notify.part


def plain(value: Any) -> Any:
    """Return a value without anything alive in it."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value
