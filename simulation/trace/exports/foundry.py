"""A trace as a Solidity test for Foundry that needs nothing but the contracts.

The deployment is played transaction by transaction, so that all addresses are those of the trace; then come the steps,
with what the reference model expects of each, and at the end the views that differed, or else those of all accounts.
"""

from collections.abc import Mapping

from simulation.trace.exports.foundry_parts import CHEAT_CODES, HELPERS, PRELUDE
from simulation.trace.exports.foundry_steps import StepWriter
from simulation.trace.exports.literals import pascal_name
from simulation.trace.exports.solidity import declaration, structs_of
from simulation.trace.format import CallStep, Trace, TraceRefused
from simulation.trace.player import DeploymentFailed, Player
from simulation.trace.watched import Balance, Creation, Transaction, name_of, open_watched
from tools.artifacts import Artifact

INDENT = " " * 4


def export_foundry(trace: Trace, artifacts: Mapping[str, Artifact], *, imports: bool = True) -> str:
    """The text of the file; without `imports` the code has to come from TRACE_ARTIFACTS. Raises TraceRefused.

    The steps are played in process: block hashes are those of Foundry's, and so are signatures.
    """
    chain, watched = open_watched("pyrevm", artifacts)
    try:
        player = Player(chain, trace.deployment, recorded=trace.accounts)
        writer = StepWriter(player, artifacts)
        deployment = _Deployment(artifacts, writer)
        for happened in list(watched.history):
            deployment.add(happened)
        steps = writer.steps(trace)
    except DeploymentFailed as error:
        raise TraceRefused(f"--export foundry: the deployment fails on this build: {error}") from None
    finally:
        chain.close()
    return "\n".join(
        [
            PRELUDE,
            *(deployment.imports() if imports else []),
            *_structs(writer),
            *_interfaces(writer),
            CHEAT_CODES,
            *_contract(trace, writer, deployment.lines, steps),
        ]
    )


class _Deployment:
    """The lines of `setUp`."""

    def __init__(self, artifacts: Mapping[str, Artifact], writer: StepWriter) -> None:
        self._artifacts, self._writer = artifacts, writer
        self._names: set[str] = set()
        self._functions = {
            bytes.fromhex(selector): signature
            for artifact in artifacts.values()
            for signature, selector in artifact.method_identifiers.items()
        }
        self.lines: list[str] = []

    def add(self, happened: Creation | Transaction | Balance) -> None:
        """One more thing that the deployment did."""
        address = self._writer.address
        if isinstance(happened, Balance):
            self.lines.append(f"vm.deal({address(happened.address)}, {happened.wei});")
        elif isinstance(happened, Transaction):
            data, to = happened.data, address(happened.to)
            self.lines.append(f"// {to}: {self._functions.get(data[:4], 'payment')}")
            sender = address(happened.sender)
            self.lines.append(
                f'_send({happened.block}, {sender}, {to}, {happened.value}, hex"{data.hex()}");'
            )
        else:
            self._create(happened)

    def imports(self) -> list[str]:
        """The sources, so that Foundry compiles what is deployed by name."""
        sources = sorted((self._artifacts[name].source, name) for name in self._names)
        return [*(f'import {{{name}}} from "{source}";' for source, name in sources), ""]

    def _create(self, created: Creation) -> None:
        name = name_of(created, self._artifacts)
        if name.endswith("__Harness"):  # a tool of the observation
            return
        self._names.add(name)
        artifact, address = self._artifacts[name], self._writer.address
        file = artifact.source.rpartition("/")[2]
        arguments = created.code[len(artifact.bytecode) :].hex()
        where = f"{created.block}, {address(created.sender)}, {created.nonce}"
        self.lines.append(
            f'_create({where}, "{file}", "{name}", hex"{arguments}", {address(created.address)});'
        )


def _structs(writer: StepWriter) -> list[str]:
    items = [
        part
        for members in writer.members.values()
        for item in members.values()
        for part in (*item["inputs"], *item.get("outputs", ()))
    ]
    return [line for lines in structs_of(items).values() for line in (*lines, "")]


def _interfaces(writer: StepWriter) -> list[str]:
    lines = []
    for contract, members in sorted(writer.members.items()):
        declared = [f"{INDENT}{declaration(members[signature])}" for signature in sorted(members)]
        lines += [f"interface {contract}Like {{", *declared, "}", ""]
    return lines


def _contract(trace: Trace, writer: StepWriter, deployment: list[str], steps: list[str]) -> list[str]:
    constants = [f"address private constant {name} = {at};" for name, at in sorted(writer.constants.items())]
    constants.append('Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));')
    return [
        *(f"/// @notice {line}" for line in _notice(trace)),
        f"contract {_name(trace)}Test {{",
        f"{INDENT}/// A view answers something else than the reference model expects.",
        f"{INDENT}error Differs(string view_, bytes found, bytes expected);",
        "",
        *(f"{INDENT}{line}" for line in constants),
        "",
        f"{INDENT}/// @notice The deployment, with all that it sets.",
        f"{INDENT}function setUp() public {{",
        *(f"{2 * INDENT}{line}" for line in deployment),
        f"{INDENT}}}",
        "",
        f"{INDENT}function test_trace() public {{",
        *(f"{2 * INDENT}{line}" if line else "" for line in steps),
        f"{INDENT}}}",
        "",
        HELPERS,
    ]


def _notice(trace: Trace) -> list[str]:
    origin = trace.origin
    words = [origin.driver, origin.area, None if origin.seed is None else f"seed {origin.seed}"]
    lines = [f"Kept from a trace: {', '.join(word for word in words if word)}."]
    return lines + [line.strip() for line in trace.failure.message.splitlines()] if trace.failure else lines


def _name(trace: Trace) -> str:
    calls = [step for step in trace.steps if isinstance(step, CallStep)]
    last = calls[-1].function if calls else "deployment"
    return f"Regression{pascal_name(last)}{pascal_name(trace.failure.name if trace.failure else 'agrees')}"
