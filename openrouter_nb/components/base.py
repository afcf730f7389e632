"""How wire objects are typed: models to send, lenient models of results, and thin views of stream chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)

if TYPE_CHECKING:
    from pydantic.functional_validators import ModelWrapValidatorHandler

T = TypeVar("T")
V = TypeVar("V", bound="View")

# First in a union with models, so that a dict stays the dict it is.
JSON = dict[str, Any]
_NULL = "null"
# A field that may be sent as null. None of any other field leaves it out, as in OpenRouter's Python SDK.
Nullable = Annotated[T | None, _NULL]


class Open(BaseModel):
    """A wire object as received. It keeps fields newer than this package.

    OpenRouter adds fields and enum values without notice (OpenRouter docs, api_reference/versioning, August 2026). A
    field of another type than documented is left out: an answer that is paid for is not lost for one odd field.
    """

    model_config = ConfigDict(extra="allow", protected_namespaces=(), defer_build=True)

    @model_validator(mode="wrap")
    @classmethod
    def _leave_out_the_odd(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(value)
        except ValidationError as error:
            if not isinstance(value, dict):
                raise
            odd = {problem["loc"][0] for problem in error.errors(include_url=False) if problem["loc"]}
            return handler({key: item for key, item in value.items() if key not in odd})


class Given(BaseModel):
    """A wire object as a caller builds it, named as in OpenRouter's Python SDK.

    `model_dump()` is what goes over the wire, in the order of declaration: constants such as a role always, other
    fields once they are given, None as null where the field is nullable. Fields newer than this package are kept and
    follow. A dict given for an inner object stays as it is. Bounds are checked when the request is sent.
    """

    model_config = ConfigDict(extra="allow", protected_namespaces=(), populate_by_name=True, defer_build=True)

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


class View:
    """A typed view over a parsed JSON object: no validation and no copy.

    Validating every chunk of a stream with nested models costs twenty times what parsing it does, and a stream is
    read chunk by chunk by code that needs two fields of it. Unknown fields are attributes like the known ones.
    """

    __slots__ = ("_data",)

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data

    def __getattr__(self, name: str) -> Any:
        try:
            return self._data[name]
        except KeyError:
            raise AttributeError(f"{type(self).__name__} has no field {name!r}") from None

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._data == other._data

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        fields = ", ".join(f"{key}={value!r}" for key, value in self._data.items())
        return f"{type(self).__name__}({fields})"

    def __reduce__(self) -> tuple[type[View], tuple[dict[str, Any]]]:
        return type(self), (self._data,)

    def model_dump(self) -> dict[str, Any]:
        """Return the JSON object as received. It is shared with this view, not a copy."""
        return self._data


def views(kind: type[V], items: Any) -> list[V]:
    """Wrap each object of a JSON array; anything else is passed over."""
    return [kind(item) for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def as_object(value: Any) -> dict[str, Any]:
    """Return a JSON object as it is, and anything else as an empty one."""
    return value if isinstance(value, dict) else {}
