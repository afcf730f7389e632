"""Typed views over parsed JSON, for stream chunks and results.

They avoid pydantic, whose import takes longer than a first token, and whose models take twenty times as long as parsing.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NoReturn, Self

from openrouter_nb.components.unset import UNSET
from openrouter_nb.components.views.view_dump import dump
from openrouter_nb.components.views.view_fields import INVALID, ViewField, fields_of

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler


class JSONView(dict[str, Any]):
    """A JSON object whose fields are attributes, too.

    A subclass declares its known fields as annotations. A known field that was not received reads its default, usually None;
    unknown fields are read as received. Objects inside become views when they are first read. A declared name may end in an
    underscore, as in OpenRouter's Python SDK: `format_` reads `format`.

    It is a dict: `view["field"]` and `json.dumps(view)` work, and nothing is added to what was received. A field with the
    name of a dict method, such as `items`, is read by its key.
    """

    __slots__ = ()

    #: The known fields by attribute name.
    model_fields: ClassVar[dict[str, ViewField]] = {}

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        declared = fields_of(cls)
        cls.model_fields = {**cls.model_fields, **declared}
        for name, field in declared.items():
            setattr(cls, name, field.reader())

    def __getattr__(self, name: str) -> Any:
        # Python looks up dunder names for its protocols; a server must not implement them.
        if not name.startswith("__"):
            key = name if name in self else name.removesuffix("_")
            if key in self:
                return self._read_unknown(key)
        raise AttributeError(f"{type(self).__name__} has no field {name!r}")

    def _read_unknown(self, key: str) -> Any:
        value = self[key]
        if type(value) is dict:
            value = self[key] = JSONView(value)
        elif type(value) is list and any(type(item) is dict for item in value):
            value = self[key] = [JSONView(item) if type(item) is dict else item for item in value]
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            object.__setattr__(self, name, value)
        else:
            field = self.model_fields.get(name)
            self[field.key if field else name] = value

    def __delattr__(self, name: str) -> None:
        field = self.model_fields.get(name)
        try:
            del self[field.key if field else name]
        except KeyError:
            raise AttributeError(f"{type(self).__name__} has no field {name!r}") from None

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.keys()})  # a subclass has its own __iter__

    def __repr__(self) -> str:
        names = {field.key: name for name, field in self.model_fields.items()}
        fields = ", ".join(
            f"{key}={getattr(self, names[key]) if key in names else value!r}" for key, value in self.items()
        )
        return f"{type(self).__name__}({fields})"

    def __copy__(self) -> Self:
        return self.copy()

    def copy(self) -> Self:
        """Return a shallow copy."""
        copied = type(self).__new__(type(self))
        copied.update(self)
        return copied

    @property
    def model_fields_set(self) -> set[str]:
        """The names of the fields that are present."""
        return set(self.keys())

    @property
    def model_extra(self) -> dict[str, Any]:
        """The present fields that this class does not declare."""
        known = {field.key for field in self.model_fields.values()}
        return {key: value for key, value in self.items() if key not in known}

    def model_dump(
        self,
        *,
        mode: str = "python",
        include: Any = None,
        exclude: Any = None,
        exclude_none: bool = False,
        exclude_defaults: bool = False,
        **_: Any,
    ) -> dict[str, Any]:
        """Return a deep copy as plain dicts and lists: the present fields, under their wire names.

        Args:
            mode: `json` dumps infinities and NaN as None; JSON has no numbers for them.
            include: Only these fields: a set of names, or a dict of names to what is included below them.
            exclude: Not these fields, likewise.
            exclude_none: Omit fields that are null, except inside reasoning details, images, annotations and audio, which
                are sent back unmodified.
            exclude_defaults: The same: the default of a field is None.
            _: Other options of pydantic's method. `exclude_unset` and `by_alias` are always in effect; absent fields are
                not dumped.
        """
        dumped: dict[str, Any] = dump(
            self, mode=mode, include=include, exclude=exclude, exclude_none=exclude_none or exclude_defaults
        )
        return dumped

    def model_dump_json(
        self, *, indent: int | None = None, ensure_ascii: bool = False, **options: Any
    ) -> str:
        """Return the JSON text of `model_dump(mode="json")` with the same options."""
        separators = None if indent else (",", ":")
        dumped = self.model_dump(**{**options, "mode": "json"})
        return json.dumps(dumped, indent=indent, ensure_ascii=ensure_ascii, separators=separators)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with some fields changed."""
        copied = copy.deepcopy(self) if deep else self.copy()
        copied.update(update or {})
        return copied

    @classmethod
    def model_validate(cls, obj: Any, **_: Any) -> Self:
        """Return a view of an object; one that is of this class is returned itself.

        Raises:
            ValidationError: it is not an object.
        """
        if isinstance(obj, cls):
            return obj
        if not isinstance(obj, Mapping):
            cls._raise_invalid({"": obj}, "a JSON object is required")
        return cls._received(obj)

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **_: Any) -> Self:
        """Return a view of the object in JSON text.

        Raises:
            ValueError: the text is not JSON, or not an object.
        """
        return cls.model_validate(json.loads(json_data))

    @classmethod
    def _received(cls, obj: Mapping[str, Any]) -> Self:
        return cls(obj)

    @classmethod
    def _raise_invalid(cls, fields: Mapping[str, Any], reason: str) -> NoReturn:
        from pydantic import ValidationError

        wrong = ValueError(reason)
        raise ValidationError.from_exception_data(
            cls.__name__,
            [
                {"type": "value_error", "loc": (name,), "input": value, "ctx": {"error": wrong}}
                for name, value in fields.items()
            ],
        )

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, handler: GetCoreSchemaHandler) -> Any:
        """Support fields of this type in pydantic models."""
        from pydantic import AfterValidator

        return handler(Annotated[dict[str, Any], AfterValidator(cls.model_validate)])


class CheckedView(JSONView):
    """A view whose declared types are checked once, when the object is received or built.

    OpenRouter adds fields and enum values without notice (OpenRouter docs, api_reference/versioning, August 2026).
    `model_validate()` drops fields that do not have the documented type, because one invalid field must not lose an answer
    that is already paid for. The constructor raises `ValidationError` for them. Unknown fields are preserved.
    """

    __slots__ = ()

    # Fields that every object of the class has.
    _constants: ClassVar[dict[str, Any]] = {}

    def __init__(self, received: Mapping[str, Any] | None = None, /, **fields: Any) -> None:
        given = {key: value for key, value in {**(received or {}), **fields}.items() if value is not UNSET}
        checked = self._check(given, strict=True)
        if invalid := {key: given[key] for key, value in checked.items() if value is INVALID}:
            self._raise_invalid(invalid, "the value does not have the documented type")
        super().__init__({**self._constants, **checked})

    @classmethod
    def _received(cls, obj: Mapping[str, Any]) -> Self:
        view = cls.__new__(cls)
        view.update(cls._constants)
        checked = cls._check(obj, strict=False)
        view.update({key: value for key, value in checked.items() if value is not INVALID})
        return view

    @classmethod
    def _check(cls, obj: Mapping[str, Any], *, strict: bool) -> dict[str, Any]:
        """Return the fields by wire name, each as its declared type or `INVALID`."""
        fields = {field.key: field for field in cls.model_fields.values()}
        keys = {name: field.key for name, field in cls.model_fields.items()}
        return {
            (key := keys.get(name, name)): fields[key].check(value, strict=strict) if key in fields else value
            for name, value in obj.items()
        }
