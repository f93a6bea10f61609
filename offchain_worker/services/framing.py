"""One request or answer with a JSON head and binary parts: be32(length) ‖ head ‖ part ‖ part ‖ ...

The head names the length of every part, so a reader can check the head before it looks at megabytes of video.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from offchain_worker.errors import NamedError

MEDIA_TYPE = "application/x-livepeer-envelope"
MAX_HEAD_BYTES = 1 << 20


class EnvelopeMalformed(NamedError):
    status = 400
    template = "envelope {field} is {found}, required is {required}"


def pack(head: dict[str, Any], parts: Sequence[bytes] = ()) -> bytes:
    """An envelope with `head` and `parts`."""
    encoded = json.dumps(
        {"parts": [len(part) for part in parts], "head": head}, separators=(",", ":")
    ).encode()
    return b"".join((len(encoded).to_bytes(4, "big"), encoded, *parts))


def unpack(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Head and parts of an envelope; raises `EnvelopeMalformed`."""
    length = int.from_bytes(data[:4], "big")
    if not 0 < length <= min(MAX_HEAD_BYTES, len(data) - 4):
        raise EnvelopeMalformed(
            field="head length", found=length, required=f"1 to {max(0, min(MAX_HEAD_BYTES, len(data) - 4))}"
        )
    try:
        outer = json.loads(data[4 : 4 + length])
        head, lengths = outer["head"], outer["parts"]
        if not isinstance(head, dict) or not all(type(size) is int and size >= 0 for size in lengths):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise EnvelopeMalformed(
            field="head", found="not readable", required='{"head": object, "parts": [lengths]}'
        ) from None
    offset, parts = 4 + length, []
    if offset + sum(lengths) != len(data):
        raise EnvelopeMalformed(field="length", found=len(data), required=offset + sum(lengths))
    for size in lengths:
        parts.append(data[offset : offset + size])
        offset += size
    return head, parts
