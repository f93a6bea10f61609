"""What a contract said when it refused a step."""

from collections.abc import Mapping

from eth_abi.exceptions import DecodingError

from scripts._deployment.errors import NodeRefused
from tools.artifacts import Artifact


def describe_revert(error: NodeRefused, artifacts: Mapping[str, Artifact]) -> str:
    """`Name(argument=value, …)` of the custom error that came back; the node's words if there is none."""
    from eth_abi import decode
    from eth_utils import function_abi_to_4byte_selector

    if error.data is None or len(error.data) < 10:
        return str(error)
    raw = bytes.fromhex(error.data[2:])
    for artifact in artifacts.values():
        for item in artifact.abi:
            if item["type"] != "error" or function_abi_to_4byte_selector(item) != raw[:4]:
                continue
            try:
                values = decode([argument["type"] for argument in item["inputs"]], raw[4:])
            except DecodingError:
                continue
            return _spell(item, values)
    return str(error)


def _spell(item: dict, values: tuple) -> str:
    named = zip(item["inputs"], values, strict=True)
    words = [
        f"{argument['name']}={value.hex() if isinstance(value, bytes) else value}"
        for argument, value in named
    ]
    return f"{item['name']}({', '.join(words)})"
