"""The same calls on both engines give the same results, events, errors, return data, balances and blocks.

A scenario is a function of a chain that notes everything it observes; it is run on a fresh state of each
engine and the notes are compared.  Addresses are compared as they are: both engines count nonces alike.

Gas is compared where it can be: a first transaction to untouched storage costs the same to the unit.  In
process later ones are cheaper, because storage stays warm within its one endless transaction, so gas is
measured on Anvil (tests/gas).
"""

import pytest

from simulation.chain.engine import CHAIN_ID, GENESIS_TIMESTAMP
from simulation.chain.facade import Chain
from simulation.chain.receipts import Receipt
from simulation.chain.reverts import Reverted

pytestmark = pytest.mark.unit

HARNESS = "EngineConformance__Harness"
DIGEST = b"\x5a" * 32


class Notes(list):
    """What a scenario observed, in order."""

    def receipt(self, receipt: Receipt) -> None:
        """Everything of a receipt except gas."""
        self.append(
            (receipt.events, receipt.return_value, receipt.logs, receipt.block_number, receipt.timestamp)
        )

    def failure(self, call, *args, **options) -> None:
        """How a call fails."""
        with pytest.raises(Reverted) as caught:
            call(*args, **options)
        failure = caught.value
        self.append((failure.error_name, failure.args_by_name, failure.raw, failure.halt, str(failure)))


def storage_and_events(chain: Chain, notes: Notes) -> None:
    harness, gateway = chain.deploy(HARNESS, 3, value=4), chain.actor("gateway")
    notes.append((harness.address, harness.creator(), harness.value()))
    notes.receipt(harness.store.send(9, sender=gateway))
    notes.append(harness.store.call(11, sender=gateway))
    notes.receipt(harness.storeTwice.send(5, 6, sender=gateway))
    notes.receipt(harness.note.send("subject", DIGEST, b"text", (gateway, 7, b"row"), sender=gateway))
    notes.receipt(harness.credit.send(gateway, 2**255, sender=gateway, value=10))
    notes.append((chain.storage(harness, 0), chain.storage(harness, 99), harness.amountOf(gateway)))
    notes.append((chain.code(harness), chain.code(gateway)))


def failures(chain: Chain, notes: Notes) -> None:
    harness, attacker = chain.deploy(HARNESS, 3), chain.actor("attacker")
    block = chain.block_number
    notes.failure(harness.refuse, 1, sender=attacker)
    notes.failure(harness.refuse.send, 1, sender=attacker)
    notes.failure(harness.refuseWithText, "reason", b"\1\2\3")
    notes.failure(harness.refuseWithString, "a reason longer than one word of thirty-two bytes")
    notes.failure(harness.refuseSilently)
    notes.failure(harness.divide, 1, 0)
    notes.failure(harness.add, 2**256 - 1, 1)
    notes.failure(harness.burnAllGas)
    notes.failure(harness.burnAllGas.send, sender=attacker)
    notes.failure(harness.store.send, 1, sender=attacker, value=1)
    for gas in (20_000, 21_000, 23_000):
        notes.failure(harness.store.send, 1, sender=attacker, gas=gas)
    notes.failure(harness.storeThenRefuse.send, 8, sender=attacker)
    notes.failure(chain.transact, harness, b"\1\2\3\4", sender=attacker)
    notes.append(
        (chain.block_number == block, chain.nonce(attacker), chain.balance(attacker), harness.value())
    )
    notes.receipt(harness.storeAndCatch.send(8, sender=attacker))
    notes.append(harness.value())


def blocks_and_time(chain: Chain, notes: Notes) -> None:
    harness, gateway = chain.deploy(HARNESS, 3), chain.actor("gateway")
    notes.append((chain.block_number, chain.timestamp, harness.environment()))
    notes.append(harness.environmentOfTransaction.call(sender=gateway))
    notes.receipt(harness.environmentOfTransaction.send(sender=gateway))
    chain.mine(3)
    chain.set_timestamp(chain.timestamp + 1_000)
    notes.append(harness.environmentOfTransaction.call(sender=gateway))
    notes.receipt(harness.environmentOfTransaction.send(sender=gateway))
    notes.receipt(harness.environmentOfTransaction.send(sender=gateway))
    chain.set_timestamp(chain.timestamp + 500)
    chain.mine(4)
    chain.mine_to(chain.block_number + 2_000)
    notes.append((chain.block_number, chain.timestamp, harness.environment()))
    notes.append(harness.environment(block=chain.block_number + 50).blockNumber)


def block_hashes(chain: Chain, notes: Notes) -> None:
    """The hashes differ between engines: what is compared is which blocks have one, and that it is right."""
    harness, gateway = chain.deploy(HARNESS, 3), chain.actor("gateway")
    chain.mine(600)
    latest = chain.block_number
    for age in (0, 1, 2, 255, 256, 257):
        found = harness.hashOfBlock(latest - age)
        notes.append((age, found == chain.block_hash(latest - age), found == bytes(32)))
    notes.append(harness.hashOfPreviousBlock.call(sender=gateway) == chain.block_hash(latest))
    receipt = harness.hashOfPreviousBlock.send(sender=gateway)
    notes.append(receipt.return_value == chain.block_hash(latest))
    notes.append(len({chain.block_hash(block) for block in range(latest - 10, latest + 1)}))


def balances_and_payments(chain: Chain, notes: Notes) -> None:
    harness, gateway = chain.deploy(HARNESS, 3), chain.actor("gateway")
    redeemer = chain.actor("redeemer")
    notes.receipt(chain.transact(harness, sender=gateway, value=100))
    notes.receipt(harness.pay.send(redeemer, 40, sender=gateway))
    notes.failure(harness.pay.send, redeemer, 61, sender=gateway)
    notes.append([chain.balance(account) for account in (harness, gateway, redeemer)])
    for wei in (7, 0, 10**24):
        chain.set_balance(harness, wei)
        chain.set_balance(redeemer, wei)
        notes.append((chain.balance(harness), chain.balance(redeemer), chain.block_number))


def senders_that_are_contracts(chain: Chain, notes: Notes) -> None:
    caller, callee = chain.deploy(HARNESS, 30), chain.deploy(HARNESS, 40)
    chain.set_balance(caller, 100)
    notes.append(callee.caller(sender=caller))
    notes.receipt(callee.store.send(41, sender=caller))
    # The callee asks its caller in return, and sends it money.
    notes.receipt(callee.callBack.send(caller, 31, sender=caller))
    notes.receipt(callee.credit.send(caller, 5, sender=caller, value=60))
    notes.receipt(callee.pay.send(caller, 10, sender=caller))
    notes.failure(callee.refuse.send, 5, sender=caller)
    notes.append((chain.balance(caller), chain.balance(callee), caller.value(), callee.value()))
    notes.append((chain.code(caller) == chain.code(callee), caller.store.call(5, sender=callee)))
    notes.append([chain.nonce(contract) for contract in (caller, callee)])


def created_contracts(chain: Chain, notes: Notes) -> None:
    harness, gateway = chain.deploy(HARNESS, 3), chain.actor("gateway")
    harness.store.send(1, sender=gateway)
    harness.store.send(2, sender=gateway)
    receipt = harness.create.send(8, sender=gateway, value=9)
    notes.receipt(receipt)
    child = chain.at("EngineConformanceChild__Harness", receipt.return_value)
    notes.append((child.value(), chain.balance(child), chain.nonce(harness), chain.nonce(gateway)))
    # Between calls, so that its address depends on the number of transactions sent.
    notes.append(chain.deploy(HARNESS, 4, sender=gateway).address)
    with chain.isolate():
        notes.append(chain.deploy(HARNESS, 5, sender=gateway).address)
    notes.append(chain.deploy(HARNESS, 6, sender=gateway).address)
    notes.append(chain.nonce(gateway))


def opcodes_and_precompiles(chain: Chain, notes: Notes) -> None:
    harness, orchestrator = chain.deploy(HARNESS, 3), chain.actor("orchestrator")
    for first, second in ((1, 2), (3, 4)):
        notes.append(harness.swapTransientTwice.send(first, second, sender=orchestrator).return_value)
    notes.append(harness.swapTransient.call(5, sender=orchestrator))
    notes.append(harness.swapTransient.call(6, sender=orchestrator))
    notes.append((harness.copyMemory(bytes(range(100))), harness.pushZero()))
    signature = orchestrator.sign_digest(DIGEST)
    signer = harness.recover(DIGEST, signature[64], signature[:32], signature[32:64])
    notes.append((signer, signer == orchestrator, harness.hashWithSha256(b"abc")))


def encodings(chain: Chain, notes: Notes) -> None:
    harness = chain.deploy(HARNESS, 3)
    rows = [(harness, 1, b""), {"holder": harness, "amount": 2**256 - 1, "note": b"n" * 70}]
    notes.append((harness.echoRows([]), harness.echoRows(rows)))
    notes.append(harness.echoWords(-(2**63), True, b"\1\2\3\4", [1, 2, 255], "žluťoučký"))
    notes.append((harness.unnamed(), harness.overloaded(), harness.overloaded(5)))


SCENARIOS = [
    storage_and_events,
    failures,
    blocks_and_time,
    block_hashes,
    balances_and_payments,
    senders_that_are_contracts,
    created_contracts,
    opcodes_and_precompiles,
    encodings,
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_scenario__on_both_engines__observes_the_same(both_chains, scenario):
    observed = {}
    for engine, chain in both_chains.items():
        with chain.isolate():
            notes = observed[engine] = Notes()
            scenario(chain, notes)
    for position, pair in enumerate(zip(*observed.values(), strict=True)):
        assert pair[0] == pair[1], f"observation {position}"
    assert len(observed["pyrevm"]) > 0


def test_environment__fresh_chain__is_the_stated_one(chain):
    harness = chain.deploy(HARNESS, 0)
    environment = harness.environment()
    assert (environment.chainId, environment.blockNumber, environment.baseFee) == (CHAIN_ID, 1, 0)
    assert environment.timestamp == GENESIS_TIMESTAMP + 12


def test_results__scenarios_compared_with_each_other__are_also_right(chain):
    """Equal notes could be equally wrong: a few values that are known beforehand."""
    harness, gateway = chain.deploy(HARNESS, 3), chain.actor("gateway")
    assert harness.swapTransientTwice.send(1, 2, sender=gateway).return_value == (0, 1)
    assert harness.swapTransient.call(9, sender=gateway) == 0
    # FIPS 180-2, appendix B.1
    assert harness.hashWithSha256(b"abc").hex().startswith("ba7816bf8f01cfea414140de5dae2223b00361a3")
    assert harness.storeAndCatch.send(8, sender=gateway).return_value is True
    assert harness.value() == 3


def test_gas__first_use_of_storage__is_the_same_on_both_engines(both_chains):
    gas = {}
    for engine, chain in both_chains.items():
        with chain.isolate():
            # A sender of its own, and a contract whose constructor writes no storage that is used later.
            harness, delegator = chain.deploy(HARNESS, 0), chain.actor("delegator of the gas test")
            gas[engine] = [
                harness.credit.send(delegator, 1, sender=delegator).gas_used,
                harness.note.send("s", DIGEST, b"n", (delegator, 7, b""), sender=delegator).gas_used,
            ]
    assert gas["pyrevm"] == gas["anvil"]


def test_gas__repeated_use_of_storage__is_cheaper_in_process(both_chains):
    """The reason why gas is recorded on Anvil; if this fails, pyrevm has learned to close transactions."""
    gas = {}
    for engine, chain in both_chains.items():
        with chain.isolate():
            harness, gateway = chain.deploy(HARNESS, 3), chain.actor("gateway")
            harness.store.send(5, sender=gateway)
            gas[engine] = harness.store.send(6, sender=gateway).gas_used
    assert gas["pyrevm"] < gas["anvil"]
