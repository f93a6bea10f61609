"""Who lives on a devnet: one test account of Ape for each role, so that each is `TEST::n` in every command."""

from dataclasses import dataclass

LPT = 10**18
ETHER = 10**18


@dataclass(frozen=True)
class Role:
    """An account and what it starts with; `delegate` is the name of the orchestrator that it bonds to."""

    name: str
    purse_lpt: int = 0
    bond_lpt: int = 0
    delegate: str | None = None
    reward_cut_ppm: int = 0
    fee_share_ppm: int = 0
    deposit_eth: int = 0
    reserve_eth: int = 0

    @property
    def is_orchestrator(self) -> bool:
        return self.delegate == self.name


def _orchestrator(number: int, bond_lpt: int, reward_cut_ppm: int, fee_share_ppm: int) -> Role:
    name = f"orchestrator {number}"
    return Role(name, 5_000, bond_lpt, name, reward_cut_ppm, fee_share_ppm)


KEEPER = "keeper"
DEPLOYER = "deployer"
ROLES = (
    Role(DEPLOYER),
    _orchestrator(1, 40_000, 100_000, 600_000),
    _orchestrator(2, 30_000, 50_000, 800_000),
    _orchestrator(3, 20_000, 0, 500_000),
    Role("delegator 1", 5_000, 10_000, "orchestrator 1"),
    Role("delegator 2", 5_000, 8_000, "orchestrator 2"),
    Role("delegator 3", 5_000, 5_000, "orchestrator 1"),
    Role("gateway 1", deposit_eth=10, reserve_eth=5),
    Role("gateway 2", deposit_eth=2, reserve_eth=1),
    # Initializes the rounds, and rewards for the orchestrators (LIP-118).
    Role(KEEPER),
)
TREASURY_LPT = 10_000
TREASURY_ETH = 10
NEEDED_LPT = TREASURY_LPT + sum(role.purse_lpt + role.bond_lpt for role in ROLES)


@dataclass(frozen=True)
class Actor:
    """A role with its account. The keys are those of a published mnemonic: good for a development chain only."""

    role: Role
    account: str
    address: str
    private_key: str


def open_actors() -> dict[str, Actor]:
    """The actors by name."""
    from ape import accounts

    actors = {}
    for number, role in enumerate(ROLES):
        account = accounts.test_accounts[number]
        actors[role.name] = Actor(role, f"TEST::{number}", str(account.address), account.private_key)
    return actors
