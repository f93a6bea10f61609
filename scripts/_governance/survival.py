"""What has to hold after a proposal, or votes decide nothing ever again.

The treasury obeys the LivepeerGovernor alone, and owns the Governor, which owns the Controller: if the LivepeerGovernor
stops working, nobody is left who could mend it.
"""

from scripts._deployment.plan import TREASURY_ROLES
from scripts._deployment.reader import UNREADABLE, Reader

# Nothing sensible is longer; what is may as well be for ever.
LONGEST_DELAY_SECONDS = 30 * 86_400
MOST_ROUNDS = 100


def find_losses(reader: Reader) -> list[str]:
    """What keeps proposals from being made, decided or executed."""
    return [*_losses_of_code(reader), *_losses_of_power(reader), *_losses_of_settings(reader)]


def _losses_of_code(reader: Reader) -> list[str]:
    proxy = reader.address("LivepeerGovernor")
    losses = []
    # Not that of the registry file while a proposal moves everything to a new one.
    controller = reader.view_at(proxy, "ManagerProxy", "controller")
    if reader.view_at(controller, "Controller", "isAttached", proxy) is not True:
        losses.append("LivepeerGovernor: the Controller does not keep it current")
    owner, required = (
        reader.view_at(one, "Controller", "owner") for one in (controller, reader.address("Controller"))
    )
    if owner != required:
        losses.append(f"LivepeerGovernor: obeys {controller}, which belongs to {owner}, not to {required}")
    if reader.view_at(proxy, "ManagerProxy", "implementation") in (UNREADABLE, "0x" + "00" * 20):
        losses.append("LivepeerGovernor: there is no code behind its proxy")
    clock = reader.view("LivepeerGovernor", "clock")
    if not isinstance(clock, int):
        return [*losses, "LivepeerGovernor.clock: does not answer"]
    if not isinstance(reader.view("LivepeerGovernor", "quorum", max(0, clock - 1)), int):
        losses.append("LivepeerGovernor.quorum: does not answer")
    return losses


def _losses_of_power(reader: Reader) -> list[str]:
    governor, treasury = reader.address("LivepeerGovernor"), reader.address("Treasury")
    losses = []
    if (timelock := reader.view("LivepeerGovernor", "timelock")) != treasury:
        losses.append(f"LivepeerGovernor.timelock: {timelock}, not the treasury")
    for role, role_id in TREASURY_ROLES.items():
        if reader.view("Treasury", "hasRole", role_id, governor) is not True:
            losses.append(f"Treasury: the LivepeerGovernor is no {role.lower()}")
    return losses


def _losses_of_settings(reader: Reader) -> list[str]:
    losses = []
    for name, function, most in (
        ("Treasury", "getMinDelay", LONGEST_DELAY_SECONDS),
        ("LivepeerGovernor", "votingDelay", MOST_ROUNDS),
        ("LivepeerGovernor", "votingPeriod", MOST_ROUNDS),
        # More than all stake together, and nobody can propose.
        ("LivepeerGovernor", "proposalThreshold", reader.view("BondingManager", "getTotalBonded")),
    ):
        found = reader.view(name, function)
        if not isinstance(found, int) or not isinstance(most, int) or found > most:
            losses.append(f"{name}.{function}: {found}, more than {most}")
    return losses
