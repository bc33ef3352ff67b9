"""Values: equal where they are of one class and their fields are, and shown by their fields.

attrs writes such methods for each class and compiles them, while it is imported; for the three
classes of values that are always loaded that took as long as twenty modules of this package.
"""

from __future__ import annotations

from typing import Any, ClassVar


class Value:
    """The base of attrs classes with `eq=False` and `repr=False`: their fields say what counts."""

    __slots__ = ()
    __attrs_attrs__: ClassVar[Any]

    def _key(self) -> tuple[Any, ...]:
        fields = [field for field in self.__attrs_attrs__ if field.eq]
        values = [getattr(self, field.name) for field in fields]
        return tuple(
            value if field.eq_key is None else field.eq_key(value)
            for field, value in zip(fields, values)
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Value) or type(other) is not type(self):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        names = [field.name for field in self.__attrs_attrs__ if field.repr]
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__name__}({fields})"
