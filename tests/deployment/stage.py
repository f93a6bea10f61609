"""A finished deployment on a node, and transactions from anybody on it."""

from eth_abi import encode
from eth_utils import function_signature_to_4byte_selector, keccak

from scripts._deployment.registry import Registry
from tests.deployment.node import COMMIT, Deployer, LocalNode

ENOUGH_GAS = 8_000_000


class Stage:
    """See the module."""

    def __init__(self, local: LocalNode, deployer: Deployer, registry: Registry) -> None:
        self.local, self.deployer, self.registry = local, deployer, registry
        self.owner = deployer.signer.address

    def address(self, name: str) -> str:
        """Where a contract is."""
        return self.registry.contracts[name].address

    def send(self, name: str, signature: str, *arguments, sender: str | None = None) -> dict:
        """A transaction from anybody, which has to succeed; its receipt."""
        types = signature[signature.index("(") + 1 : -1]
        arguments = arguments if types else ()
        data = function_signature_to_4byte_selector(signature)
        data += encode(types.split(",") if types else [], arguments)
        return self.send_data(name, data, sender=sender)

    def send_data(self, name: str, data: bytes, *, sender: str | None = None) -> dict:
        """The same with calldata."""
        sender = sender or self.owner
        self.local.request("anvil_impersonateAccount", sender)
        self.local.request("anvil_setBalance", sender, hex(10**22))
        transaction = {
            "from": sender,
            "to": self.address(name),
            "data": "0x" + data.hex(),
            "gas": hex(ENOUGH_GAS),
        }
        receipt = self.local.request("eth_sendTransactionSync", transaction)
        # A snapshot does not undo it.
        self.local.request("anvil_stopImpersonatingAccount", sender)
        assert receipt["status"] == "0x1", f"{name}.0x{data[:4].hex()} failed"
        return receipt

    def register(self, name: str, address: str, commit: bytes = bytes.fromhex(COMMIT[2:])) -> None:
        """An entry of the registry."""
        self.send(
            "Controller", "setContractInfo(bytes32,address,bytes20)", keccak(text=name), address, commit
        )

    def replace_code(self, name: str, code: bytes) -> None:
        """What a deployment of something else would have left there."""
        self.local.request("anvil_setCode", self.address(name), "0x" + code.hex())

    def begin_round(self) -> None:
        """Let the round pass and initialize the next."""
        length = self.deployer.plan.parameters.rounds_manager.round_length_blocks
        self.local.request("anvil_mine", hex(length))
        self.send("RoundsManager", "initializeRound()")
