"""Clock and issuance with real contracts, and stand-ins where stake and bridge would be.

The BondingManager is a mock whose stake the test sets, the TicketBroker (id JobsManager) a placeholder, the
L2LPTDataCache a mock.  Tests send calls from the addresses of these, as any address may send.
"""

from dataclasses import dataclass, field

from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from simulation.protocol import MINTER_ROLE, ControlPlane, deploy_control_plane

PPB = 10**9
INFLATION = 218_500
INFLATION_CHANGE = 500
TARGET_BONDING_RATE = 500_000_000  # 50 %
ROUND_LENGTH = 50
ROUND_LOCK_AMOUNT = 100_000  # 10 %


@dataclass(frozen=True)
class Issuance(ControlPlane):
    """See the module; the Controller's owner may mint LPT."""

    rounds_manager: Contract = field(kw_only=True)
    minter: Contract = field(kw_only=True)
    token: Contract = field(kw_only=True)
    bonding_manager: Contract = field(kw_only=True)
    broker: Contract = field(kw_only=True)
    cache: Contract = field(kw_only=True)

    def set_supply(self, l2: int, l1: int = 0) -> None:
        """Mint LPT to the owner until `l2` exist, and let the cache answer `l1`."""
        self.token.mint.send(self.owner, l2 - self.token.totalSupply(), sender=self.owner)
        self.cache.setL1CirculatingSupply.send(l1, sender=self.owner)

    def fix_reward_tokens(self):
        """What the RoundsManager calls when it initializes a round."""
        return self.minter.setCurrentRewardTokens.send(sender=self.rounds_manager)


def deploy_issuance(chain: Chain, clock: str = "RoundsManager", inflation: int = INFLATION) -> Issuance:
    """Everything registered and running; the round length is not set."""
    plane = deploy_control_plane(chain)
    rates = (inflation, INFLATION_CHANGE, TARGET_BONDING_RATE)
    minter = plane.deploy_registered("Minter", plane.controller, *rates)
    token = plane.deploy_registered("LivepeerToken")
    for holder in (plane.owner, minter):
        token.grantRole.send(MINTER_ROLE, holder, sender=plane.owner)
    return Issuance(
        chain,
        plane.owner,
        plane.controller,
        plane.targets,
        rounds_manager=plane.deploy_behind_proxy(clock, "RoundsManager"),
        minter=minter,
        token=token,
        bonding_manager=plane.deploy_registered("BondingManagerTotals__Mock", name="BondingManager"),
        broker=plane.deploy_registered("Placeholder__Mock", name="JobsManager"),
        cache=plane.deploy_registered("L2LPTDataCache__Mock", name="L2LPTDataCache"),
    )
