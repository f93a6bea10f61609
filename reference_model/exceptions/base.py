"""What all errors have in common, and those of arithmetic."""

from inspect import get_annotations
from typing import Any


class ProtocolError(Exception):
    """A call that fails: it has no effect and emits nothing."""

    parameters: tuple[str, ...] = ()

    def __init_subclass__(cls) -> None:
        cls.parameters = tuple(get_annotations(cls))

    def __init__(self, *values: Any) -> None:
        self.arguments = dict(zip(self.parameters, values, strict=True))
        self.__dict__.update(self.arguments)
        super().__init__(", ".join(f"{name}={value}" for name, value in self.arguments.items()))

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.arguments == self.arguments

    def __hash__(self) -> int:
        return hash(type(self))

    @property
    def name(self) -> str:
        """The Solidity error's name."""
        return type(self).__name__


class Panic(ProtocolError):
    """A check of the compiler: 0x01 assertion, 0x11 below zero or above 2²⁵⁶ − 1, 0x12 division by zero, 0x32 index."""

    code: int


class RevertedWithoutData(ProtocolError):
    """Nobody answers: there is no code at the address, or no such function in it."""


class SafeCastOverflowedUintDowncast(ProtocolError):
    """An amount is too large to be kept."""

    bits: int
    value: int
