"""TOKEN: the ERC-20, its permits and its faucet (rounds-and-issuance.md 4.8 and 6.19, deployment.md 4)."""

from collections.abc import Iterator

from reference_model.constants import MAX_UINT256, SECONDS_PER_HOUR, ZERO_ADDRESS
from reference_model.token import ADMIN_ROLE, BURNER_ROLE, MINTER_ROLE
from reference_model.types import Permit
from simulation.invariants.catalogue import invariant
from simulation.invariants.moment import Moment


@invariant(
    "MINT-4", "LPT supply = Σ balances (6.19)", why="tokens are moved, minted and burnt, each time in both"
)
def supply_is_all_balances(moment: Moment) -> Iterator[str]:
    if sum(moment.now.lpt.values()) != moment.now.supply:
        yield f"{sum(moment.now.lpt.values())} held, supply {moment.now.supply}"


@invariant(
    "TOKEN-1",
    "supply changes by what Mint and Burn report (6.19)",
    why="bridge and explorers count supply by these events",
)
def supply_changes_by_event(moment: Moment) -> Iterator[str]:
    minted = sum(given["amount"] for given in moment.events_named("Mint"))
    burnt = sum(given["amount"] for given in moment.events_named("Burn"))
    if moment.now.supply - moment.before.supply != minted - burnt:
        yield f"{moment.before.supply} → {moment.now.supply}, {minted} minted, {burnt} burnt"


@invariant(
    "TOKEN-2",
    "balances are what Transfer events say",
    why="every wallet keeps this book",
)
def balances_are_what_events_say(moment: Moment) -> Iterator[str]:
    for account, balance in moment.now.lpt.items():
        if moment.client.lpt.get(account, 0) != balance:
            yield f"{account}: {balance}, {moment.client.lpt.get(account, 0)} by events"


@invariant(
    "TOKEN-3",
    "an allowance is what Approval says, less what its spender has taken; 2²⁵⁶ − 1 never runs out",
    why="nobody takes more than was allowed, nor without being allowed",
)
def allowances_are_used_up(moment: Moment) -> Iterator[str]:
    if moment.now.allowances == moment.before.allowances:
        return
    for key in moment.now.allowances.keys() | moment.before.allowances.keys():
        was, now = moment.before.allowances.get(key, 0), moment.now.allowances.get(key, 0)
        if was == now:
            continue
        owner, spender = key
        approval = next(
            (
                given
                for given in moment.events_named("Approval")
                if (given["owner"], given["spender"]) == (owner, spender)
            ),
            None,
        )
        taken = moment.sum_of("Transfer", "value", "from", owner)
        if now != (approval["value"] if approval else was - taken) or (was == MAX_UINT256 and not approval):
            yield f"{owner} to {spender}: {was} → {now}, {taken} taken, told {approval}"


@invariant(
    "TOKEN-4",
    "who takes tokens of another was allowed to",
    why="as TOKEN-3; a spender with an endless allowance leaves no trace in it",
    on=("Transfer",),
)
def nobody_takes_unallowed(moment: Moment) -> Iterator[str]:
    call, model = moment.call, moment.model
    for given in moment.events_named("Transfer"):
        owner, amount = given["from"], given["value"]
        # The faucet gives of its own to whoever asks.
        is_own = owner in (moment.actor, ZERO_ADDRESS, model.minter.address, model.faucet.address)
        # A bond of a caller's own LPT is taken by the BondingManager.
        spender = model.bonding_manager.address if call.contract == "BondingManager" else moment.actor
        if is_own and call.contract != "BondingManager":
            continue
        if owner in (ZERO_ADDRESS, model.minter.address):
            continue
        if moment.before.allowances.get((owner, spender), 0) < amount:
            yield f"{spender} took {amount} of {owner}"


@invariant(
    "TOKEN-5",
    "the zero address holds nothing",
    why="tokens sent there would be burnt without being counted",
)
def nobody_holds_nothing(moment: Moment) -> Iterator[str]:
    if moment.now.lpt.get(ZERO_ADDRESS, 0):
        yield f"{moment.now.lpt[ZERO_ADDRESS]}"


@invariant(
    "TOKEN-6",
    "roles change by RoleGranted and RoleRevoked, of an admin's call or of who gives up its own",
    why="who mints is decided by the owner of the protocol",
)
def roles_are_given_by_admins(moment: Moment) -> Iterator[str]:
    roles = {role for role, has in moment.model.token.roles.items() if has}
    if roles != moment.client.roles:
        yield f"{sorted(roles ^ moment.client.roles)}"
    revoked_by_others = [one for one in moment.events_named("RoleRevoked") if one["account"] != one["sender"]]
    for given in (*moment.events_named("RoleGranted"), *revoked_by_others):
        if (ADMIN_ROLE, given["sender"]) not in roles and given["role"] != ADMIN_ROLE:
            yield f"{given}"


@invariant(
    "TOKEN-7",
    "tokens are minted and burnt only by holders of the roles (R7)",
    why="a burn takes from its caller, or from who allowed it",
    on=("Mint", "Burn"),
)
def roles_mint_and_burn(moment: Moment) -> Iterator[str]:
    call, roles = moment.call, moment.model.token.roles
    actor = call.sender if call.contract == "LivepeerToken" else moment.model.minter.address
    for name, role in (("Mint", MINTER_ROLE), ("Burn", BURNER_ROLE)):
        if moment.events_named(name) and not roles[role, actor]:
            yield f"{name} by {actor}"


@invariant(
    "TOKEN-8",
    "on a network that is set up nobody but the Minter has the role to mint (deployment 4)",
    why="the bridge's gateway is the only other one, and is not part of this",
)
def the_minter_mints_alone(moment: Moment) -> Iterator[str]:
    holders = {
        account for (role, account), has in moment.model.token.roles.items() if has and role == MINTER_ROLE
    }
    if holders != {moment.model.minter.address}:
        yield f"{sorted(holders)}"


@invariant(
    "TOKEN-9",
    "a permit counts for the next nonce of its owner, who has signed it; nonces change by nothing else (ERC-2612)",
    why="a signature that could be brought twice would allow twice",
)
def permits_count_once(moment: Moment) -> Iterator[str]:
    call = moment.call
    if call and call.contract == "LivepeerToken" and call.function == "permit":
        owner, spender, value, deadline, *signature = call.model_arguments
        nonce = moment.before.nonces.get(owner, 0)
        permit = Permit(owner, spender, value, nonce, deadline)
        token, cryptography = moment.model.token, moment.model.cryptography
        if cryptography.recover_permit_signer(token.address, permit, *signature) != owner:
            yield f"not signed by {owner}"
        if moment.now.nonces != {**moment.before.nonces, owner: nonce + 1}:
            yield f"{moment.before.nonces} → {moment.now.nonces}"
    elif moment.now.nonces != moment.before.nonces:
        yield f"{moment.before.nonces} → {moment.now.nonces} by {moment.step}"


@invariant(
    "TOKEN-10",
    "the faucet gives its amount to who asks, whitelisted or after the wait since the last time (4.9)",
    why="test networks run dry otherwise",
    on=("Request",),
)
def the_faucet_waits(moment: Moment) -> Iterator[str]:
    faucet = moment.model.faucet
    for given in moment.events_named("Request"):
        account = given["to"]
        received = moment.now.lpt.get(account, 0) - moment.before.lpt.get(account, 0)
        if (account, received) != (moment.call.sender, faucet.request_amount):
            yield f"{given}, {received} received"
        if moment.before.whitelist.get(account):
            continue
        if moment.model.timestamp < moment.before.next_requests.get(account, 0):
            yield f"{account} before {moment.before.next_requests[account]}"
        wait = moment.now.next_requests.get(account, 0) - moment.model.timestamp
        if wait != faucet.request_wait * SECONDS_PER_HOUR:
            yield f"{account} waits {wait} seconds"


@invariant(
    "TOKEN-11",
    "who need not wait at the faucet is decided by its owner (4.9)",
    why="as TOKEN-10",
)
def the_whitelist_is_the_owners(moment: Moment) -> Iterator[str]:
    if moment.now.whitelist != moment.before.whitelist:
        call = moment.call
        if (
            call is None
            or not call.function.endswith("Whitelist")
            or call.sender != moment.model.faucet.owner
        ):
            yield f"{moment.before.whitelist} → {moment.now.whitelist} by {moment.step}"
