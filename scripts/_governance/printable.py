"""Text from the chain made fit for a terminal."""

import unicodedata


def printable(text: str) -> str:
    """The text without control characters, which could move the cursor, hide words, or turn their order around."""
    return "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in text)
