"""Named errors, the only kind that leaves a service.

Every error class is one condition. It carries an HTTP status (design notes, section 9), a sentence with the found
value and what would be right, and the values as data, so that a caller never has to parse text (weakness W12).
"""

from __future__ import annotations

from typing import Any, ClassVar


class NamedError(Exception):
    """Base of all errors with a name. `template` is filled from the keyword arguments, which are also the `details`."""

    status: ClassVar[int] = 500
    template: ClassVar[str] = "{reason}"

    def __init__(self, **details: Any) -> None:
        self.details = details
        super().__init__(self.template.format(**details))

    @property
    def name(self) -> str:
        return type(self).__name__

    def to_json(self) -> dict[str, Any]:
        """The body of a refusal: `{"error": name, "message": sentence, "details": values}`."""
        return {
            "error": self.name,
            "message": str(self),
            "details": {key: _plain(value) for key, value in self.details.items()},
        }


def _plain(value: Any) -> Any:
    """JSON form of a detail; integers past 2^53 become decimal strings because many JSON readers round them."""
    if isinstance(value, (bytes, bytearray)):
        return "0x" + bytes(value).hex()
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**53:
        return str(value)
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(inner) for inner in value]
    return str(value)
