"""Who takes part: one development account of the embedded chain for each role."""

ROLES = (
    "deployer",
    "orchestrator 1",
    "orchestrator 2",
    "delegator 1",
    "delegator 2",
    "delegator 3",
    "gateway",
    "redeemer",
    "reward caller",
    "round initializer",
)
ORCHESTRATORS = ROLES[1:3]
DELEGATORS = ROLES[3:6]
STAKERS = ORCHESTRATORS + DELEGATORS

Actors = dict
"""Role to Ape account."""


def open_actors() -> Actors:
    """The accounts. Their keys are those of a public mnemonic, good for a chain that ends with the command."""
    from ape import accounts

    return {role: accounts.test_accounts[index] for index, role in enumerate(ROLES)}
