"""The declared fields of typed views: how they are read, and the check of their types."""

from __future__ import annotations

import math
import types
from operator import methodcaller
from typing import TYPE_CHECKING, Any, ClassVar, Final, Union, get_args, get_origin

if TYPE_CHECKING:
    from collections.abc import Callable

#: Result of a check that failed.
INVALID: Final = object()

_NOT_OBJECTS = (str, int, float, list, types.NoneType)


class Views(list[Any]):
    """A list whose objects have become views."""

    __slots__ = ()


class ViewField:
    """A declared field.

    Args:
        name: Name of the attribute. It may end in an underscore; the wire name does not.
        annotation: Its type: scalars, one class of views, a list of one class of views, or None, as a union.
        default: Its value while it is absent or null.

    Attributes:
        key: Name on the wire.
        alias: The wire name if it differs from the attribute, else None.
    """

    __slots__ = (
        "_is_list",
        "_make",
        "_scalars",
        "_view",
        "alias",
        "annotation",
        "default",
        "is_optional",
        "key",
    )

    def __init__(self, name: str, annotation: Any, default: Any = None) -> None:
        self.key = name.removesuffix("_")
        self.alias = self.key if self.key != name else None
        self.annotation = annotation
        self.default = default
        parts = get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)
        self.is_optional = types.NoneType in parts or Any in parts
        self._view: Any = None
        self._is_list = False
        self._scalars: tuple[type, ...] = ()
        for part in parts:
            inner = get_args(part)
            if _is_view(part):
                self._view = part
            elif inner and _is_view(inner[0]):
                self._view, self._is_list = inner[0], True
            elif isinstance(kind := get_origin(part) or part, type):
                self._scalars += (kind,)
        # A class without its own __init__ is called directly, which saves a third of the time of a view.
        is_plain = self._view is not None and self._view.__init__ is dict.__init__
        self._make: Callable[[Any], Any] = (
            self._view if is_plain or self._view is None else self._view.model_validate
        )

    def reader(self) -> property:
        """Return the attribute that reads this field. Reading is the hot path of streams."""
        key, default = self.key, self.default
        if self._view is None and default is None:
            return property(methodcaller("get", key))
        if self._is_list:
            return property(self._list_reader())
        if self._view is not None:
            return property(self._object_reader())

        def read(view: dict[str, Any]) -> Any:
            value = view.get(key)
            return default if value is None else value

        return property(read)

    def _object_reader(self) -> Callable[[dict[str, Any]], Any]:
        key, make, absent = self.key, self._make, None if self.is_optional else self._view

        def read(view: dict[str, Any]) -> Any:
            value = view.get(key)
            if type(value) is dict:
                value = view[key] = make(value)
            elif isinstance(value, _NOT_OBJECTS):
                return absent and absent()
            return value

        return read

    def _list_reader(self) -> Callable[[dict[str, Any]], Any]:
        key, make, is_optional, scalars = self.key, self._make, self.is_optional, self._scalars

        def read(view: dict[str, Any]) -> Any:
            value = view.get(key)
            if type(value) is list:
                if len(value) == 1 and type(item := value[0]) is dict:  # the choices of every chunk
                    view[key] = views = Views((make(item),))
                    return views
                views = Views()
                for item in value:  # a comprehension takes a third longer before Python 3.12
                    if isinstance(item, dict):
                        views.append(make(item))
                # Other items stay in the list, which is sent back unchanged.
                if len(views) == len(value):
                    view[key] = views
                return views
            if isinstance(value, (Views, *scalars)):
                return value
            return None if is_optional else []

        return read

    def check(self, value: Any, *, strict: bool) -> Any:
        """Return a value as the declared type, converted as pydantic does, or `INVALID`.

        Args:
            value: The value.
            strict: Whether an invalid field of an object inside makes the value invalid. Otherwise it is dropped there.
        """
        if strict:
            value = _as_json(value)
        if value is None:
            return None if self.is_optional else INVALID
        if self._view is not None:
            return self._check_views(value, strict=strict)
        return _converted(value, self._scalars) if self._scalars else value

    def _check_views(self, value: Any, *, strict: bool) -> Any:
        if not self._is_list:
            return self._check_view(value, strict=strict) if isinstance(value, dict) else INVALID
        if not isinstance(value, (list, tuple)):
            return _converted(value, self._scalars)
        if self._make is self._view:  # read later, and sent back unchanged
            return list(value)
        items = [self._check_view(item, strict=strict) for item in value if strict or isinstance(item, dict)]
        return INVALID if INVALID in items else Views(items)

    def _check_view(self, value: Any, *, strict: bool) -> Any:
        if not strict or not isinstance(value, dict) or self._make is self._view:
            return self._make(value) if isinstance(value, dict) else INVALID
        try:
            return self._view(value)
        except ValueError:
            return INVALID


def fields_of(cls: Any) -> dict[str, ViewField]:
    """Return the fields that a class declares itself, by attribute name."""
    return {
        name: ViewField(name, annotation, vars(cls).get(name))
        for name, annotation in cls.__annotations__.items()
        if not name.startswith("_") and get_origin(annotation) is not ClassVar
    }


def _is_view(kind: Any) -> bool:
    return isinstance(kind, type) and hasattr(kind, "model_fields") and issubclass(kind, dict)


def _as_json(value: Any) -> Any:
    """Convert models to JSON objects, as the service sends them."""
    if isinstance(value, (list, tuple)):
        return [_as_json(item) for item in value]
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else value


def _converted(value: Any, kinds: tuple[type, ...]) -> Any:
    if isinstance(value, bool):
        return value if bool in kinds else INVALID
    if isinstance(value, kinds) and not isinstance(value, float):
        return value
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return INVALID
    if not math.isfinite(number):
        return INVALID
    if int in kinds and number.is_integer():
        return int(number)
    return number if float in kinds else INVALID
