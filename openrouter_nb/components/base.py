"""Base classes of wire objects: request models, and lenient response models. Answers are `views.json_view.JSONView`s."""

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

# First in a union with models, so that a dict is not converted to a model.
JSON = dict[str, Any]
_NULL = "null"
# A field that may be sent as null. None in any other field omits it, as in OpenRouter's Python SDK.
Nullable = Annotated[T | None, _NULL]


_RECEIVED = object()  # validation context of data received from the service


def optional(description: str, **schema: Any) -> Any:
    """Return the definition of an optional request field, with its description and JSON Schema keywords.

    The forms of the panel are built from these. Keywords such as `minimum` and `maxItems` describe what the service
    accepts; they are not validated here, because bounds are checked when the request is sent. `default` is the value
    that the service uses when the field is absent.
    """
    return Field(default=None, description=description, json_schema_extra=schema or None)


def without_unset(value: Any) -> Any:
    """Return a value without the UNSET items of its dicts, nested ones included."""
    if isinstance(value, dict):
        return {name: without_unset(item) for name, item in value.items() if item is not UNSET}
    return [without_unset(item) for item in value] if isinstance(value, list) else value


class ResponseModel(BaseModel):
    """A wire object received from the service. Unknown fields are preserved.

    OpenRouter adds fields and enum values without notice (OpenRouter docs, api_reference/versioning, August 2026).
    `model_validate()` drops fields that do not have the documented type, because one invalid field must not lose an
    answer that is already paid for. The constructor raises `ValidationError` for them.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow", protected_namespaces=(), defer_build=True)

    @classmethod
    def model_validate(cls, obj: Any, *, context: Any = None, **options: Any) -> Self:
        """Validate an object from the service. Invalid fields are dropped, see the class."""
        return super().model_validate(obj, context=_RECEIVED if context is None else context, **options)

    @classmethod
    def model_validate_json(
        cls, json_data: str | bytes | bytearray, *, context: Any = None, **options: Any
    ) -> Self:
        """Validate JSON text from the service, or from `model_dump_json()`. Invalid fields are dropped, see the class."""
        return super().model_validate_json(
            json_data, context=_RECEIVED if context is None else context, **options
        )

    @model_validator(mode="wrap")
    @classmethod
    def _drop_invalid_fields(
        cls, value: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        if info.context is not _RECEIVED:
            return handler(without_unset(value))
        try:
            return handler(value)
        except ValidationError as error:
            if not isinstance(value, dict):
                raise
            invalid = {detail["loc"][0] for detail in error.errors(include_url=False) if detail["loc"]}
            return handler({key: item for key, item in value.items() if key not in invalid})


class RequestModel(BaseModel):
    """A wire object built by the caller, named as in OpenRouter's Python SDK.

    `model_dump()` returns the wire format, in the order of declaration: constants such as a role always, other fields
    if they are set, None as null if the field is nullable. Unknown fields are preserved and come last. A dict given for
    an inner object is sent unchanged. Bounds are checked when the request is sent.
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
    def _drop_unset(cls, value: Any) -> Any:
        return without_unset(value)

    @model_validator(mode="after")
    def _set_constants(self) -> Self:
        self.__pydantic_fields_set__.update(self._constants)
        return self

    @model_serializer(mode="wrap")
    def _to_wire(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        names = self._wire_names
        absent = {
            names.get(name, name)
            for name in type(self).model_fields
            if getattr(self, name) is None
            and not (name in self._nullable and name in self.__pydantic_fields_set__)
        }
        dumped = {names.get(key, key): value for key, value in handler(self).items()}
        return {key: value for key, value in dumped.items() if key not in absent}
