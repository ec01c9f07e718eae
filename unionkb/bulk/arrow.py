"""The words of extract.model <-> Arrow: columns follow the fields of the dataclasses."""

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pyarrow as pa

_PLAIN = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_(), date: pa.date32()}


def columns(kind: type) -> list[pa.Field]:
    """A column for each field of a dataclass: structs for dataclasses in it, lists for sequences."""
    hints = get_type_hints(kind)
    return [_field(each.name, hints[each.name]) for each in fields(kind)]


def _field(name: str, hint: Any) -> pa.Field:
    bare, is_optional = _bare(hint)
    return pa.field(name, _type(bare), nullable=is_optional)


def _type(hint: Any) -> pa.DataType:
    if is_dataclass(hint) and isinstance(hint, type):
        return pa.struct(columns(hint))
    if get_origin(hint) in (tuple, Sequence):
        return pa.list_(_field("item", get_args(hint)[0]))
    if get_origin(hint) is Literal:
        return pa.string()
    return _PLAIN[hint]


def _bare(hint: Any) -> tuple[Any, bool]:
    """A type without `| None`, and whether it had it."""
    if get_origin(hint) in (Union, UnionType):
        (bare,) = (each for each in get_args(hint) if each is not NoneType)
        return bare, True
    return hint, False


def encode(value: Any) -> Any:
    """A dataclass of extract.model as what Arrow takes for its columns."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: encode(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, tuple | list):
        return [encode(each) for each in value]
    return value


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


def decode(kind: type, value: dict[str, Any]) -> Any:
    """The dataclass again."""
    return kind(**{name: make(value[name]) for name, make in _makers(kind)})


@cache
def _makers(kind: type) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    hints = get_type_hints(kind)
    return tuple((each.name, _maker(hints[each.name])) for each in fields(kind))


def _maker(hint: Any) -> Callable[[Any], Any]:
    bare, _ = _bare(hint)
    if is_dataclass(bare) and isinstance(bare, type):
        return lambda value: None if value is None else decode(bare, value)
    if get_origin(bare) in (tuple, Sequence):
        item = _maker(get_args(bare)[0])
        made = tuple if get_origin(bare) is tuple else list
        return lambda value: made(item(each) for each in value)
    return lambda value: value
