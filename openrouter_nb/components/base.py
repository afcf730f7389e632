"""How wire objects are typed: models to send, and lenient models of results. Chunks of a stream are views: `view.py`."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    ValidationInfo,
    model_serializer,
    model_validator,
)

if TYPE_CHECKING:
    from pydantic.functional_validators import ModelWrapValidatorHandler

from openrouter_nb.components.unset import UNSET

T = TypeVar("T")

# First in a union with models, so that a dict stays the dict it is.
JSON = dict[str, Any]
_NULL = "null"
# A field that may be sent as null. None of any other field leaves it out, as in OpenRouter's Python SDK.
Nullable = Annotated[T | None, _NULL]


_RECEIVED = object()  # the context of what came over the wire


def optional(description: str, **schema: Any) -> Any:
    """Return the definition of an optional request field, with its description and JSON Schema keywords.

    The forms of the panel are built from these. Keywords such as `minimum` and `maxItems` describe what the service
    accepts; they are not validated here, because bounds are checked when the request is sent. `default` is the value
    that the service uses when the field is absent.
    """
    return Field(default=None, description=description, json_schema_extra=schema or None)


def without_unset(value: Any) -> Any:
    """Return keywords without those that are UNSET, in plain objects inside them as well: they were not given."""
    if isinstance(value, dict):
        return {name: without_unset(item) for name, item in value.items() if item is not UNSET}
    return [without_unset(item) for item in value] if isinstance(value, list) else value


class ResponseModel(BaseModel):
    """A wire object as received. It keeps fields newer than this package.

    OpenRouter adds fields and enum values without notice (OpenRouter docs, api_reference/versioning, August 2026). A
    field of another type than documented is left out by `model_validate()`: an answer that is paid for is not lost for one
    odd field. Whoever builds one by hand is told.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow", protected_namespaces=(), defer_build=True)

    @classmethod
    def model_validate(cls, obj: Any, *, context: Any = None, **options: Any) -> Self:
        """Take what the service sent; see the class for what becomes of odd fields."""
        return super().model_validate(obj, context=_RECEIVED if context is None else context, **options)

    @classmethod
    def model_validate_json(
        cls, json_data: str | bytes | bytearray, *, context: Any = None, **options: Any
    ) -> Self:
        """Take the JSON text that the service sent, or that `model_dump_json()` wrote."""
        return super().model_validate_json(
            json_data, context=_RECEIVED if context is None else context, **options
        )

    @model_validator(mode="wrap")
    @classmethod
    def _leave_out_the_odd(
        cls, value: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        if info.context is not _RECEIVED:
            return handler(without_unset(value))
        try:
            return handler(value)
        except ValidationError as error:
            if not isinstance(value, dict):
                raise
            odd = {problem["loc"][0] for problem in error.errors(include_url=False) if problem["loc"]}
            return handler({key: item for key, item in value.items() if key not in odd})


class RequestModel(BaseModel):
    """A wire object as a caller builds it, named as in OpenRouter's Python SDK.

    `model_dump()` is what goes over the wire, in the order of declaration: constants such as a role always, other
    fields once they are given, None as null where the field is nullable. Fields newer than this package are kept and
    follow. A dict given for an inner object stays as it is. Bounds are checked when the request is sent.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="allow", protected_namespaces=(), populate_by_name=True, defer_build=True
    )

    _constants: ClassVar[frozenset[str]] = frozenset()
    _nullable: ClassVar[frozenset[str]] = frozenset()
    _wire_names: ClassVar[dict[str, str]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        fields = cls.model_fields
        cls._constants = frozenset(
            n for n, f in fields.items() if not f.is_required() and f.get_default() is not None
        )
        cls._nullable = frozenset(n for n, f in fields.items() if _NULL in f.metadata)
        cls._wire_names = {n: f.alias for n, f in fields.items() if f.alias}
        described = {n: f.description for n, f in fields.items() if f.description}
        if cls.__doc__ and described:
            attributes = "\n".join(f"    {name}: {text}" for name, text in described.items())
            cls.__doc__ = f"{inspect.cleandoc(cls.__doc__)}\n\nAttributes:\n{attributes}\n"

    @model_validator(mode="before")
    @classmethod
    def _leave_out_unset(cls, value: Any) -> Any:
        return without_unset(value)

    @model_validator(mode="after")
    def _set_constants(self) -> Self:
        self.__pydantic_fields_set__.update(self._constants)
        return self

    @model_serializer(mode="wrap")
    def _as_sent(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        names = self._wire_names
        absent = {
            names.get(name, name)
            for name in type(self).model_fields
            if getattr(self, name) is None
            and not (name in self._nullable and name in self.__pydantic_fields_set__)
        }
        dumped = {names.get(key, key): value for key, value in handler(self).items()}
        return {key: value for key, value in dumped.items() if key not in absent}
