"""The importers: who may write state of another deployment behind a proxy, when, and how often.

given the caller does not own the Controller        it should revert with CallerNotControllerOwner
given the system runs                               it should revert with SystemNotPaused
given the importer is called itself                 it should revert with SystemNotPaused
given it stands behind the proxy of another         it should revert with NotBehindProxy
given a batch twice, or one too early               it should revert with BatchOutOfOrder
given the contract has a state of its own           it should revert with ContractNotEmpty
given a record that is there                        it should revert with AlreadyImported
given another number or digest of batches           it should not be sealed
given it is sealed                                  it should revert with ImportIsSealed, also when registered again
given its code is put back                          the contract should find the state in its own storage
"""

import pytest
from eth_utils import keccak

from simulation.protocol import contract_id, deploy_protocol

pytestmark = pytest.mark.unit

AMOUNT = 7 * 10**18
CLAIM_ROUND = 1
BONDED = (CLAIM_ROUND, CLAIM_ROUND)


def delegator(account: str, delegate: str, amount: int = AMOUNT) -> tuple:
    """An account with a bond, as the importer takes it."""
    return (account, (delegate, CLAIM_ROUND, CLAIM_ROUND, 0, amount, amount, 0, 0, 0))


def digest_of(*batches: bytes) -> bytes:
    """What `importDigest` is after these calls."""
    digest = bytes(32)
    for calldata in batches:
        digest = keccak(digest + keccak(calldata))
    return digest


@pytest.fixture
def orchestrator(chain):
    return chain.actor("orchestrator")


@pytest.fixture
def protocol(chain):
    return deploy_protocol(chain, unpause=False, initialize_round=False)


@pytest.fixture
def importer(chain, protocol):
    """The code, where no proxy stands before it."""
    return chain.deploy("BondingManagerImporter", protocol.controller)


@pytest.fixture
def importing(chain, protocol, importer):
    """The BondingManager while it is being imported."""
    protocol.register("BondingManagerTarget", importer)
    return chain.at("BondingManagerImporter", protocol.bonding_manager)


def test_import__caller_is_not_the_owner__reverts(chain, protocol, importing, stranger):
    with chain.reverts("CallerNotControllerOwner", caller=stranger, owner=protocol.owner):
        importing.importDelegators.send(0, [], sender=stranger)
    with chain.reverts("CallerNotControllerOwner", caller=stranger, owner=protocol.owner):
        importing.sealImport.send(0, bytes(32), sender=stranger)


def test_import__system_runs__reverts(chain, protocol, importing):
    protocol.controller.unpause.send(sender=protocol.owner)
    with chain.reverts("SystemNotPaused"):
        importing.importDelegators.send(0, [], sender=protocol.owner)


def test_import__importer_itself__reverts(chain, protocol, importer):
    with chain.reverts("SystemNotPaused"):
        importer.importDelegators.send(0, [], sender=protocol.owner)


def test_import__behind_the_proxy_of_another_contract__reverts(chain, protocol, importer):
    protocol.register("TicketBrokerTarget", importer)
    wrong = chain.at("BondingManagerImporter", protocol.ticket_broker)
    with chain.reverts(
        "NotBehindProxy",
        self=protocol.ticket_broker,
        requiredId=contract_id("BondingManager"),
        required=protocol.bonding_manager,
    ):
        wrong.importDelegators.send(0, [], sender=protocol.owner)


def test_import__batch_twice_or_too_early__reverts(chain, protocol, importing, orchestrator):
    owner = protocol.owner
    importing.importDelegators.send(0, [delegator(orchestrator, orchestrator)], sender=owner)
    with chain.reverts("BatchOutOfOrder", number=0, requiredNumber=1):
        importing.importDelegators.send(0, [delegator(orchestrator, orchestrator)], sender=owner)
    with chain.reverts("BatchOutOfOrder", number=2, requiredNumber=1):
        importing.importDelegators.send(2, [], sender=owner)


def test_import__contract_in_use__reverts(chain, protocol, importer, orchestrator):
    protocol.controller.unpause.send(sender=protocol.owner)
    protocol.start_round()
    protocol.give_lpt(orchestrator, AMOUNT)
    protocol.bonding_manager.bond.send(AMOUNT, orchestrator, sender=orchestrator)
    protocol.controller.pause.send(sender=protocol.owner)
    protocol.register("BondingManagerTarget", importer)
    importing = chain.at("BondingManagerImporter", protocol.bonding_manager)
    with chain.reverts("ContractNotEmpty", self=protocol.bonding_manager):
        importing.importDelegators.send(0, [], sender=protocol.owner)


def test_import__record_that_is_there__reverts(chain, protocol, importing, orchestrator):
    one = delegator(orchestrator, orchestrator)
    importing.importDelegators.send(0, [one], sender=protocol.owner)
    with chain.reverts("AlreadyImported", key=bytes.fromhex(orchestrator[2:]).rjust(32, b"\0")):
        importing.importDelegators.send(1, [one], sender=protocol.owner)


def test_seal_import__not_what_was_imported__reverts(chain, protocol, importing, orchestrator):
    batch = (0, [delegator(orchestrator, orchestrator)])
    receipt = importing.importDelegators.send(*batch, sender=protocol.owner)
    digest = digest_of(importing.importDelegators.encode(*batch))
    receipt.assert_events([importing.Events.BatchImported(number=0, digest=digest)])
    for count, given in ((2, digest), (1, bytes(32))):
        with chain.reverts(
            "ImportDigestMismatch", batchCount=1, requiredCount=count, digest=digest, requiredDigest=given
        ):
            importing.sealImport.send(count, given, sender=protocol.owner)
    assert (importing.nextBatch(), importing.importDigest(), importing.isImportSealed()) == (1, digest, False)


def test_seal_import__importer_registered_again__stays_sealed(chain, protocol, importing, importer):
    receipt = importing.sealImport.send(0, bytes(32), sender=protocol.owner)
    receipt.assert_events([importing.Events.ImportSealed(batchCount=0, digest=bytes(32))])
    protocol.register("BondingManagerTarget", protocol.targets["BondingManager"])
    protocol.register("BondingManagerTarget", importer)
    with chain.reverts("ImportIsSealed"):
        importing.importDelegators.send(0, [], sender=protocol.owner)
    with chain.reverts("ImportIsSealed"):
        importing.sealImport.send(0, bytes(32), sender=protocol.owner)


def test_import__code_put_back__contract_has_the_state(chain, protocol, importing, orchestrator):
    importing.importDelegators.send(0, [delegator(orchestrator, orchestrator)], sender=protocol.owner)
    importing.importPool.send(1, [orchestrator], sender=protocol.owner)
    protocol.register("BondingManagerTarget", protocol.targets["BondingManager"])

    bonding_manager = protocol.bonding_manager
    assert bonding_manager.getDelegator(orchestrator) == (AMOUNT, 0, orchestrator, AMOUNT, *BONDED, 0)
    assert bonding_manager.getFirstTranscoderInPool() == orchestrator
    assert bonding_manager.nextRoundTotalActiveStake() == AMOUNT
    assert bonding_manager.getTranscoderPoolMaxSize() == protocol.parameters.num_active_transcoders


def test_import_pool__more_members_than_places__reverts(chain, protocol, importing):
    members = [chain.actor(f"member {number}") for number in range(11)]
    importing.importDelegators.send(0, [delegator(m, m) for m in members], sender=protocol.owner)
    with chain.reverts("AlreadyImported", ...):
        importing.importPool.send(1, members, sender=protocol.owner)


def test_import_totals__round_before_the_last__reverts(chain, protocol):
    protocol.register("BondingVotesTarget", chain.deploy("BondingVotesImporter", protocol.controller))
    importing = chain.at("BondingVotesImporter", protocol.bonding_votes)
    importing.importTotals.send(0, [(5, AMOUNT)], sender=protocol.owner)
    with chain.reverts("DecreasingValues", newValue=4, lastValue=5):
        importing.importTotals.send(1, [(4, AMOUNT)], sender=protocol.owner)


def test_import_block_hashes__lists_of_different_lengths__reverts(chain, protocol):
    protocol.register("RoundsManagerTarget", chain.deploy("RoundsManagerImporter", protocol.controller))
    importing = chain.at("RoundsManagerImporter", protocol.rounds_manager)
    with chain.reverts("LengthMismatch", length=0, requiredLength=1):
        importing.importBlockHashes.send(0, [5], [], sender=protocol.owner)


def test_continued_minter__more_minted_than_mintable__is_not_created(chain, protocol):
    with chain.reverts("MintedExceedsMintable", mintedTokens=2, mintableTokens=1):
        chain.deploy("ContinuedMinter", protocol.controller, 0, 0, 0, 1, 2)
