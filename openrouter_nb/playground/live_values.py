"""Dicts and lists that tell when they are changed in place, so that `p.params["seed"] = 1` does what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def _telling(name: str) -> Callable[..., Any]:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        plain = self._plain(self)
        result = getattr(plain, name)(*args, **kwargs)
        # The owner judges first: a value that it refuses leaves everything as it was.
        self._tell(plain)
        # Not the same call again: what was given may be an iterator, which is used up.
        self._take(plain)
        return self if name.startswith("__i") else result

    method.__name__ = name
    method.__doc__ = f"As of a plain container: `{name}`, and the owner hears of it."
    return method


class LiveDict(dict[str, Any]):
    """A dict whose owner hears of every change.

    Args:
        values: What it holds.
        tell: Called with the changed plain dict; may raise to refuse it.
    """

    _plain = dict

    def __init__(self, values: dict[str, Any], tell: Callable[[dict[str, Any]], None]) -> None:
        super().__init__(values)
        self._tell = tell

    __setitem__ = _telling("__setitem__")
    __delitem__ = _telling("__delitem__")
    __ior__ = _telling("__ior__")
    clear = _telling("clear")
    pop = _telling("pop")
    popitem = _telling("popitem")
    setdefault = _telling("setdefault")
    update = _telling("update")

    def _take(self, plain: dict[str, Any]) -> None:
        dict.clear(self)
        dict.update(self, plain)

    def __reduce__(self) -> Any:
        return dict, (dict(self),)


class LiveList(list[Any]):
    """A list whose owner hears of every change.

    Args:
        values: What it holds.
        tell: Called with the changed plain list; may raise to refuse it.
    """

    _plain = list

    def __init__(self, values: list[Any], tell: Callable[[list[Any]], None]) -> None:
        super().__init__(values)
        self._tell = tell

    __setitem__ = _telling("__setitem__")
    __delitem__ = _telling("__delitem__")
    __iadd__ = _telling("__iadd__")
    __imul__ = _telling("__imul__")
    append = _telling("append")
    clear = _telling("clear")
    extend = _telling("extend")
    insert = _telling("insert")
    pop = _telling("pop")
    remove = _telling("remove")
    reverse = _telling("reverse")
    sort = _telling("sort")

    def _take(self, plain: list[Any]) -> None:
        list.__setitem__(self, slice(None), plain)

    def __reduce__(self) -> Any:
        return list, (list(self),)
