"""Every reason for which a call fails.

Classes and their fields bear the names of the Solidity errors and of their arguments, so that a test can compare
both directly.  Roles are named by the registry's id (`"TicketBroker"`), where the chain has its hash.
"""

from reference_model.exceptions.base import *  # noqa: F403
from reference_model.exceptions.bonding import *  # noqa: F403
from reference_model.exceptions.control_plane import *  # noqa: F403
from reference_model.exceptions.governance import *  # noqa: F403
from reference_model.exceptions.tickets import *  # noqa: F403
from reference_model.exceptions.token import *  # noqa: F403
