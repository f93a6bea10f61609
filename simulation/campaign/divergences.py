"""What differs in a failure, without accounts and amounts: failures that look the same are reported once."""

import re

# `BondingManager.pendingStake(staker 1 …): found 5, expected 4` and `expected success, found Minter.withdraw failed`
FUNCTION = re.compile(r"\b([A-Z]\w*\.[A-Za-z]\w*)")
# `! expected ('0x…', 'Transfer', {…})`, and the line below it
EVENT = re.compile(r"'0x[0-9a-fA-F]+', '(\w+)', \{")
ERROR = re.compile(r"\bexpected (\w+)\(|reverted with (\w+)|\b(halted, \w+)")
RESULT = re.compile(r"^(\w+) returned ")


def signature_of(message: str) -> tuple[str, ...]:
    """Names of the views, events, errors and results that differ, in order of the alphabet."""
    text = message.partition("\nafter:")[0]
    if text.startswith("events differ"):
        lines = text.splitlines()[1:]
        differing = [pair for pair in zip(lines[::2], lines[1::2], strict=True) if pair[0].startswith("  !")]
        return tuple(sorted({f"event {name}" for pair in differing for name in EVENT.findall("".join(pair))}))
    found = {name for names in ERROR.findall(text) for name in names if name}
    found.update(f"{name} result" for name in RESULT.findall(text))
    found.update(name for name in FUNCTION.findall(text))
    return tuple(sorted(found)) or (text.partition("\n")[0],)
