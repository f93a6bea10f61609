"""Handing sources to the explorer that Ape has for a network."""

from collections.abc import Callable, Sequence

from scripts._operations.errors import OperationError
from scripts._operations.sources import Checked

PUBLISHED = "published"


def require_explorer(network):
    """Ape's explorer of the network. Raises OperationError if there is none."""
    if network.explorer is None:
        raise OperationError(
            f"--publish: Ape has no explorer for {network.ecosystem.name}:{network.name}; install its plugin "
            "(`ape plugins install etherscan`), or leave --publish out and upload the files by hand"
        )
    return network.explorer


def publish_all(
    explorer, found: Sequence[Checked], project, remember: Callable[[str, object], None] | None = None
) -> dict[str, str]:
    """What became of each by name: `published`, or the explorer's words. One that fails does not keep the others.

    `remember` tells Ape which contract stands at an address, which is what the explorer's plugin asks it.
    """
    from ape import chain
    from ape.exceptions import ApeException

    outcomes = {}
    for one in found:
        (remember or chain.contracts.__setitem__)(
            one.address, project.get_contract(one.contract).contract_type
        )
        try:
            explorer.publish_contract(one.address)
        except (ApeException, OSError) as error:
            outcomes[one.name] = f"not published: {' '.join(str(error).split())}"
        else:
            outcomes[one.name] = PUBLISHED
    return outcomes
