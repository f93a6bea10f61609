"""What the actors do on chain, act by act."""

from scripts._demo import economics
from scripts._demo.actors import DELEGATORS
from scripts._demo.chain import DemoChain

LPT = 10**18
ORCHESTRATOR_STAKES = {"orchestrator 1": 20_000 * LPT, "orchestrator 2": 15_000 * LPT}
BONDS = {
    "delegator 1": ("orchestrator 1", 4_000 * LPT),
    "delegator 2": ("orchestrator 2", 5_000 * LPT),
    "delegator 3": ("orchestrator 1", 3_333 * LPT + 333),
}
RATES_PPM = {"orchestrator 1": (100_000, 600_000), "orchestrator 2": (50_000, 800_000)}
"""Reward cut that the orchestrator keeps, fee share that it passes on."""


def distribute(chain: DemoChain) -> None:
    """Orchestrators get LPT from the deployer, delegators ask the faucet."""
    for role, stake in ORCHESTRATOR_STAKES.items():
        chain.send("deployer", "LivepeerToken", "transfer", chain.address(role), stake)
    for role in DELEGATORS:
        chain.send(role, "LivepeerTokenFaucet", "request")


def bond(chain: DemoChain) -> None:
    """In a fresh round, before its lock: stakes, rates, and the account that may reward for orchestrator 1."""
    chain.begin_round()
    manager = chain.contracts["BondingManager"].address
    bonds = {role: (role, stake) for role, stake in ORCHESTRATOR_STAKES.items()} | BONDS
    for role, (delegate, amount) in bonds.items():
        chain.send(role, "LivepeerToken", "approve", manager, amount)
        chain.send(role, "BondingManager", "bond", amount, chain.address(delegate))
    for role, rates in RATES_PPM.items():
        chain.send(role, "BondingManager", "transcoder", *rates)
    chain.send("orchestrator 1", "BondingManager", "setRewardCaller", chain.address("reward caller"))


def fund_gateway(chain: DemoChain) -> None:
    deposit, reserve = economics.DEPOSIT_WEI, economics.RESERVE_WEI
    chain.send("gateway", "TicketBroker", "fundDepositAndReserve", deposit, reserve, value=deposit + reserve)


def register_services(chain: DemoChain, urls: dict[str, str]) -> None:
    for role, url in urls.items():
        chain.send(role, "ServiceRegistry", "setServiceURI", url)


def pass_rewarded_round(chain: DemoChain) -> int:
    """The next round, in which both orchestrators reward: one through its reward caller."""
    number = chain.begin_round()
    chain.send("reward caller", "BondingManager", "rewardForTranscoder", chain.address("orchestrator 1"))
    chain.send("orchestrator 2", "BondingManager", "reward")
    return number


def claim_and_unbond(chain: DemoChain) -> None:
    """Earnings are claimed and fees withdrawn; stake moves, leaves and comes back; the gateway begins to leave."""
    pass_rewarded_round(chain)
    chain.send("delegator 1", "BondingManager", "claimEarnings", _round(chain))
    for role in ("orchestrator 1", "delegator 1"):
        withdraw_fees(chain, role)
    chain.send("delegator 1", "BondingManager", "unbond", 1_000 * LPT)
    chain.send("delegator 1", "BondingManager", "unbond", 500 * LPT)
    chain.send("delegator 1", "BondingManager", "rebond", 1)
    chain.send("delegator 2", "BondingManager", "bond", 0, chain.address("orchestrator 1"))
    all_stake = chain.view("BondingManager", "pendingStake", chain.address("delegator 3"), _round(chain))
    chain.send("delegator 3", "BondingManager", "unbond", all_stake)
    chain.send("orchestrator 2", "BondingManager", "unbond", 2_500 * LPT)
    chain.send("gateway", "TicketBroker", "unlock")


def leave(chain: DemoChain) -> int:
    """Rounds pass until locks are open; stake and the gateway's escrow are withdrawn. Returns the last round.

    Orchestrator 2's lock, its fees and those of delegators 2 and 3 are left, so that the ledger shows them.
    """
    rounds = chain.view("BondingManager", "unbondingPeriod")
    for _ in range(rounds):
        number = pass_rewarded_round(chain)
    chain.send("delegator 1", "BondingManager", "withdrawStake", 0)
    chain.send("delegator 3", "BondingManager", "withdrawStake", 0)
    chain.send("gateway", "TicketBroker", "withdraw")
    return number


def withdraw_fees(chain: DemoChain, role: str) -> None:
    """All fees that are the actor's by now, if there are any."""
    address = chain.address(role)
    fees_wei = chain.view("BondingManager", "pendingFees", address, _round(chain))
    if fees_wei:
        chain.send(role, "BondingManager", "withdrawFees", address, fees_wei)


def _round(chain: DemoChain) -> int:
    return chain.view("RoundsManager", "currentRound")
