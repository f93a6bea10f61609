"""Which machines are worth sending after a fault: those with an action that runs the faulty code."""

from simulation.actions import ACTIONS_BY_AREA, Action
from simulation.actions.council import propose
from simulation.actions.orchestrators import slash
from simulation.actions.owners import hand_over, set_parameter, stage_something
from simulation.actions.payments import fund, redeem
from simulation.actions.polls import create_poll
from simulation.actions.registry import register, set_service_uri
from simulation.exam.catalogue.slashing import FAULTS as SLASHING_FAULTS
from simulation.exam.fault import Fault

_PAYMENTS, _CONTROL = (fund, redeem), (hand_over, register, set_parameter)
# By source; all other code is run by whatever happens.
NEEDED_ACTIONS: dict[str, tuple[Action, ...]] = {
    "TicketBroker": _PAYMENTS,
    "TicketLib": _PAYMENTS,
    "ReserveLib": _PAYMENTS,
    "RoundAmount": _PAYMENTS,
    "SenderAccount": _PAYMENTS,
    "Controller": _CONTROL,
    "Manager": _CONTROL,
    "ManagerProxy": _CONTROL,
    "ServiceRegistry": (set_service_uri,),
    "Governor": (stage_something,),
    "LivepeerGovernor": (propose,),
    "GovernorCountingOverridable": (propose,),
    "PollCreator": (create_poll,),
}


def can_reach(area: str, fault: Fault) -> bool:
    """Whether the actions of an area can run the code that the fault changes, as far as that can be told."""
    needed = {action for source in fault.sources for action in NEEDED_ACTIONS.get(source, ())}
    if fault in SLASHING_FAULTS:
        needed.add(slash)
    return not needed or any(action in needed for _, action in ACTIONS_BY_AREA[area])
