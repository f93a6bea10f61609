"""Runtime code made comparable: without what the constructor wrote into it, and without the compiler's trailer."""

from tools.artifacts import Artifact


def mask_immutables(code: bytes, artifact: Artifact) -> bytes:
    """The code with zeros at the artifact's immutable values; as it is if it has another length."""
    if len(code) != len(artifact.runtime_bytecode):
        return code
    masked = bytearray(code)
    for references in artifact.immutable_references.values():
        for reference in references:
            start, length = reference["start"], reference["length"]
            masked[start : start + length] = bytes(length)
    return bytes(masked)


def strip_code(code: bytes, artifact: Artifact) -> bytes:
    """The same without its metadata.

    The last two bytes of the code are the length of the metadata before them (Solidity, "Contract Metadata").
    """
    if len(code) != len(artifact.runtime_bytecode):
        return code
    masked = mask_immutables(code, artifact)
    trailer = int.from_bytes(masked[-2:], "big") + 2
    return masked[:-trailer] if trailer < len(masked) else masked
