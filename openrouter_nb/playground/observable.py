"""Dicts and lists that notify their owner of changes in place, so that `p.params["seed"] = 1` takes effect.

Nested containers notify as well: `p.params["provider"]["sort"] = "price"` is a change of `p.params`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def _notifying(name: str) -> Callable[..., Any]:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        changed = self._plain(self)
        result = getattr(changed, name)(*args, **kwargs)
        # Notify first: if the owner raises, nothing has changed.
        self._notify(plain(changed))
        # Do not repeat the call: an argument may be an exhausted iterator.
        self._store(changed)
        return self if name.startswith("__i") else result

    method.__name__ = name
    method.__doc__ = f"Like `{name}` of a plain container, and notify the owner."
    return method


class ObservableDict(dict[str, Any]):
    """A dict that notifies its owner of every change, also in nested dicts and lists.

    Args:
        values: Its content.
        notify: Called with the changed plain dict; may raise to reject the change.
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
        """Like `setdefault` of a plain dict; the returned value notifies the owner too."""
        if key not in self:
            self[key] = default
        return self[key]

    def _store(self, values: dict[str, Any]) -> None:
        items = {key: _observable(value, self) for key, value in values.items()}
        dict.clear(self)
        dict.update(self, items)

    def _replaced(self, part: Any, value: Any) -> dict[str, Any]:
        return {key: value if each is part else each for key, each in self.items()}

    def __reduce__(self) -> Any:
        return dict, (dict(self),)


class ObservableList(list[Any]):
    """A list that notifies its owner of every change, also in nested dicts and lists.

    Args:
        values: Its content.
        notify: Called with the changed plain list; may raise to reject the change.
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
    """Reports a change of a nested container to the outer one, as long as that contains it."""

    def __init__(self, whole: ObservableDict | ObservableList) -> None:
        self.whole = whole
        self.part: Any = None

    def __call__(self, value: Any) -> None:
        whole = self.whole
        each = whole.values() if isinstance(whole, dict) else whole
        if any(item is self.part for item in each):
            whole._notify(plain(whole._replaced(self.part, value)))  # noqa: SLF001 - of the same module


def _observable(value: Any, whole: ObservableDict | ObservableList) -> Any:
    """Return a value as a part of `whole`. A value that already is one is returned unchanged, so references stay valid."""
    if not isinstance(value, dict | list):
        return value
    notify = getattr(value, "_notify", None)
    if isinstance(notify, _Part) and notify.whole is whole:
        return value
    notify = _Part(whole)
    notify.part = ObservableDict(value, notify) if isinstance(value, dict) else ObservableList(value, notify)
    return notify.part


def plain(value: Any) -> Any:
    """Return a value with plain dicts and lists."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value
