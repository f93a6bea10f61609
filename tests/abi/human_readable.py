"""One-line ABI items, as in `data/abi-*.txt`, to and from the compiler's JSON form.

    function getContractInfo(bytes32 _id) external view returns (address, bytes20)
    event Burn(address indexed burner, uint256 amount)
    error StringTooLong(string str)
    constructor(address _controller)
    receive() external payable

Only what clients can see is kept: kind, name, types with the names of parameters and of struct components,
indexed flags, mutability.  `render` gives one text for one meaning, so items can be compared as text.
"""

import re

KINDS = ("function", "event", "error", "constructor", "receive", "fallback")
MUTABILITIES = ("view", "pure", "payable")
# Words of the long form that say nothing about the interface of an external function.
NOISE = ("external", "public", "virtual", "override", "memory", "calldata")

_TOKEN = re.compile(r"\s*([(),]|(?:\[\d*\])+|[A-Za-z_$][\w$]*)")


class ParseError(Exception):
    """A line that is not an ABI item."""


def parse(line: str) -> dict:
    """The item of one line in the compiler's form; raises ParseError."""
    tokens = _tokens(line)
    kind = tokens.pop(0)
    if kind not in KINDS:
        raise ParseError(f"{line!r}: found {kind!r}, must start with one of {', '.join(KINDS)}")
    item = {"type": kind}
    if kind in ("function", "event", "error"):
        item["name"] = tokens.pop(0)
    inputs = _parameters(tokens, line)
    if kind not in ("receive", "fallback"):
        item["inputs"] = inputs
    if kind == "event":
        item["anonymous"] = _take(tokens, "anonymous")
        for part in inputs:
            part.setdefault("indexed", False)
    elif kind != "error":
        words = [word for word in _words_before_returns(tokens) if word not in NOISE]
        if len(words) > 1 or not set(words) <= set(MUTABILITIES):
            raise ParseError(f"{line!r}: found the mutability {' '.join(words)!r}")
        item["stateMutability"] = words[0] if words else "nonpayable"
    if kind == "function":
        item["outputs"] = _parameters(tokens, line) if _take(tokens, "returns") else []
    if tokens:
        raise ParseError(f"{line!r}: found {' '.join(tokens)!r} after the end")
    return item


def render(item: dict) -> str:
    """The item in one line, always in the same way."""
    kind = item["type"]
    text = f"{kind} {item['name']}" if "name" in item else kind
    text += f"({_render_all(item.get('inputs', []))})"
    mutability = item.get("stateMutability", "nonpayable")
    if mutability != "nonpayable":
        text += f" {mutability}"
    if item.get("outputs"):
        text += f" returns ({_render_all(item['outputs'])})"
    return text + (" anonymous" if item.get("anonymous") else "")


def identity(item: dict) -> str:
    """What makes two items the same one: kind and signature, for a constructor only the kind."""
    if item["type"] in ("function", "event", "error"):
        return f"{item['type']} {item['name']}({','.join(_canonical(part) for part in item['inputs'])})"
    return item["type"]


def _tokens(line: str) -> list[str]:
    found, at, line = [], 0, line.strip()
    while at < len(line):
        match = _TOKEN.match(line, at)
        if match is None:
            raise ParseError(f"{line!r}: found {line[at:]!r}")
        found.append(match[1])
        at = match.end()
    if len(found) < 3:
        raise ParseError(f"{line!r}: found too little for an item")
    return found


def _take(tokens: list[str], word: str) -> bool:
    if tokens[:1] == [word]:
        tokens.pop(0)
        return True
    return False


def _words_before_returns(tokens: list[str]) -> list[str]:
    words = []
    while tokens and tokens[0] != "returns":
        words.append(tokens.pop(0))
    return words


def _parameters(tokens: list[str], line: str) -> list[dict]:
    if not _take(tokens, "("):
        raise ParseError(f"{line!r}: found {tokens[:1]}, must be an opening parenthesis")
    parts = []
    while not _take(tokens, ")"):
        if not tokens:
            raise ParseError(f"{line!r}: a parenthesis is not closed")
        if parts and not _take(tokens, ","):
            raise ParseError(f"{line!r}: found {tokens[0]!r}, must be a comma")
        parts.append(_parameter(tokens, line))
    return parts


def _parameter(tokens: list[str], line: str) -> dict:
    part = {"type": tokens.pop(0), "name": ""}
    if part["type"] == "tuple":
        part["components"] = _parameters(tokens, line)
    if tokens and tokens[0].startswith("["):
        part["type"] += tokens.pop(0)
    while tokens and tokens[0] not in (",", ")"):
        word = tokens.pop(0)
        if word == "indexed":
            part["indexed"] = True
        elif word not in NOISE:
            part["name"] = word
    return part


def _canonical(part: dict) -> str:
    if not part["type"].startswith("tuple"):
        return part["type"]
    return f"({','.join(_canonical(c) for c in part['components'])}){part['type'][5:]}"


def _render_all(parts: list[dict]) -> str:
    return ", ".join(_render(part) for part in parts)


def _render(part: dict) -> str:
    kind = part["type"]
    if kind.startswith("tuple"):
        kind = f"tuple({_render_all(part['components'])}){kind[5:]}"
    return " ".join(filter(None, [kind, "indexed" if part.get("indexed") else "", part["name"]]))
