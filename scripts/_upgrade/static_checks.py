"""What can be said of an upgrade without running it: layout, selectors, size, constructor."""

from collections.abc import Iterator

from scripts._deployment.builds import Build
from scripts._upgrade.findings import Finding
from tools.artifacts import Artifact
from tools.layout_changes import breaking, compare_layouts
from tools.solidity import RUNTIME_LIMIT

# Every manager has them; the proxy's answer is the one meant (control-plane.md 2.4).
SHARED = frozenset(["controller()", "setController(address)", "targetContractId()"])
INHERITED = "contractDependencies()"


def static_findings(
    deployed: dict | None,
    candidate: Build,
    proxy: Artifact,
    deployed_abi: dict[str, str] | None,
    argument_types: list[str],
    *,
    is_rollback: bool,
) -> list[Finding]:
    """Everything about a candidate for the place of code whose layout is `deployed`, None for what has no proxy.

    `deployed_abi` has the selectors of that code by signature, None if they are not known; `argument_types` are those
    that the constructor must take.
    """
    if deployed is None:
        return [
            *_removed_functions(candidate.artifact, deployed_abi),
            *_size_findings(candidate.artifact, argument_types),
        ]
    return [
        *layout_findings(deployed, candidate.layout, is_rollback=is_rollback),
        *_selector_findings(candidate.artifact, proxy),
        *_removed_functions(candidate.artifact, deployed_abi),
        *_size_findings(candidate.artifact, argument_types),
        *_shape_findings(candidate.artifact),
    ]


def layout_findings(deployed: dict, candidate: dict, *, is_rollback: bool = False) -> Iterator[Finding]:
    """Changes of the layout. Code that goes back need not know fields that were added since: it leaves them alone."""
    if is_rollback and not breaking(compare_layouts(candidate, deployed)):
        for change in compare_layouts(candidate, deployed):
            words = f"{change.place}: {change.words}; added since, and left alone by the code of before"
            yield Finding(f"layout: {change.kind}", words, False)
        return
    for change in compare_layouts(deployed, candidate):
        yield Finding(f"layout: {change.kind}", f"{change.place}: {change.words}", change.breaks)


def _selector_findings(candidate: Artifact, proxy: Artifact) -> Iterator[Finding]:
    by_proxy = {selector: signature for signature, selector in proxy.method_identifiers.items()}
    for signature, selector in candidate.method_identifiers.items():
        own = by_proxy.get(selector)
        if own and not (own == signature and signature in SHARED):
            words = (
                f"{signature} has the selector 0x{selector} of the proxy's {own}, which answers in its place"
            )
            yield Finding("selector clash", words, True)


def _removed_functions(candidate: Artifact, deployed: dict[str, str] | None) -> Iterator[Finding]:
    if deployed is None:
        words = "the ABI of the code on the chain is not known, so functions that go are not seen"
        yield Finding("functions unknown", words, False)
        return
    kept = set(candidate.method_identifiers.values())
    for signature, selector in sorted(deployed.items()):
        if selector not in kept:
            words = f"{signature} (0x{selector}) is gone: whoever calls it would fail"
            yield Finding("function removed", words, True)
    for signature in sorted(set(candidate.method_identifiers) - set(deployed)):
        yield Finding("function added", signature, False)


def _size_findings(candidate: Artifact, required: list[str]) -> Iterator[Finding]:
    if (size := len(candidate.runtime_bytecode)) > RUNTIME_LIMIT:
        yield Finding("code too large", f"{size:,} bytes, at most {RUNTIME_LIMIT:,} (EIP-170)", True)
    constructor = next((item for item in candidate.abi if item["type"] == "constructor"), {"inputs": []})
    types = [argument["type"] for argument in constructor["inputs"]]
    if types != required:
        first = ", the Controller first" if required else ""
        words = f"takes ({', '.join(types)}), must take ({', '.join(required)}){first}"
        yield Finding("constructor", words, True)


def _shape_findings(candidate: Artifact) -> Iterator[Finding]:
    if INHERITED not in candidate.method_identifiers:
        yield Finding("not a target", f"{INHERITED} is missing, which a proxy asks its target", True)
