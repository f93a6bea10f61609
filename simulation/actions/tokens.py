"""What is done with LPT besides bonding it, and what asks for it."""

from reference_model.constants import MAX_UINT256, ZERO_ADDRESS
from reference_model.token import ADMIN_ROLE, BURNER_ROLE, MINTER_ROLE
from simulation.actions.who import anybody, staker, staker_who
from simulation.amounts import part_of
from simulation.calls import Call
from simulation.cast import Stage
from simulation.chain.engine import CHAIN_ID
from simulation.choices import Choices, one_in
from simulation.cryptography import TOKEN_NAME, TOKEN_VERSION
from simulation.signing import domain_separator, sign_permit
from simulation.tickets import CURVE_ORDER

TOKEN, FAUCET = "LivepeerToken", "LivepeerTokenFaucet"


def approve(world: Stage, choices: Choices) -> Call:
    """The BondingManager's allowance mostly: plenty, or too little for the next bond."""
    amount = choices.pick((MAX_UINT256, MAX_UINT256, 10**18, 0, 5))
    spender = choices.pick((world.model.bonding_manager.address, *world.cast.stakers[:2]))
    return Call(staker(world, choices), TOKEN, "approve", (spender, amount))


def move_tokens(world: Stage, choices: Choices) -> Call:
    """Transfers, also by those who were allowed to, or were not."""
    token, cast = world.model.token, world.cast
    owner = staker(world, choices)
    other = choices.pick((*cast.stakers, cast.attacker, ZERO_ADDRESS))
    if one_in(choices, 2):
        sender = ZERO_ADDRESS if one_in(choices, 10) else owner
        amount = part_of(choices, token.balances[owner] // 4)
        return Call(sender, TOKEN, "transfer", (other, amount))
    spenders = [account for account in cast.stakers if token.allowance(owner, account) > 0]
    spender = choices.pick(spenders) if spenders else other
    amount = part_of(choices, min(token.allowance(owner, spender), token.balances[owner] // 4))
    return Call(spender, TOKEN, "transferFrom", (owner, other, amount))


def change_allowance(world: Stage, choices: Choices) -> Call:
    """One step up or down, also past either end."""
    cast = world.cast
    # Mostly the same two: so one change comes after another.
    owner, spender = cast.attacker, cast.stakers[0]
    if one_in(choices, 3):
        owner = choices.pick((*cast.stakers[:2], ZERO_ADDRESS))
        spender = choices.pick((*cast.stakers, cast.attacker, ZERO_ADDRESS))
    if one_in(choices, 2):
        added = choices.pick((10**18, 1, 0, MAX_UINT256))
        return Call(owner, TOKEN, "increaseAllowance", (spender, added))
    allowed = world.model.token.allowance(owner, spender)
    subtracted = min(part_of(choices, allowed), MAX_UINT256)
    return Call(owner, TOKEN, "decreaseAllowance", (spender, subtracted))


def permit(world: Stage, choices: Choices) -> Call:
    """An allowance that somebody else brings: signed as it should be mostly."""
    token, now = world.model.token, world.model.timestamp
    owner = staker(world, choices)
    spender = choices.pick((world.model.bonding_manager.address, *world.cast.stakers, ZERO_ADDRESS))
    value = choices.pick((10**18, 0, MAX_UINT256, 7))
    deadline = now + choices.integer(12, 10_000) if not one_in(choices, 6) else now - choices.integer(0, 12)
    nonce, signer = token.nonces[owner], owner
    kind = choices.integer(0, 9)
    if kind == 6:
        nonce += 1
    elif kind == 7:
        signer = world.cast.attacker
    separator = domain_separator(TOKEN_NAME, TOKEN_VERSION, CHAIN_ID, token.address)
    terms = {"spender": spender, "value": value, "nonce": nonce, "deadline": deadline}
    v, r, s = sign_permit(signer, separator, **terms)
    if kind == 8:
        v = choices.pick((26, 29, 0))
    elif kind == 9:
        v, s = 55 - v, (CURVE_ORDER - int.from_bytes(s, "big")).to_bytes(32, "big")
    return Call(anybody(world, choices), TOKEN, "permit", (owner, spender, value, deadline, v, r, s))


def change_supply(world: Stage, choices: Choices) -> Call:
    """Who has no role tries mostly; now and then somebody has been given one."""
    token, cast = world.model.token, world.cast
    holders = (*cast.stakers, cast.attacker)
    kind = choices.integer(0, 2)
    role = MINTER_ROLE if kind == 0 else BURNER_ROLE
    sender = staker_who(world, choices, lambda account: token.has_role(role, account))
    owner = choices.pick(holders)
    if kind == 0:
        amount = choices.pick((10**18, 0, 1, MAX_UINT256))
        return Call(sender, TOKEN, "mint", (choices.pick((owner, owner, ZERO_ADDRESS)), amount))
    if kind == 1:
        return Call(sender, TOKEN, "burn", (part_of(choices, token.balances[sender] // 8),))
    allowed = min(token.allowance(owner, sender), token.balances[owner] // 8)
    return Call(sender, TOKEN, "burnFrom", (owner, part_of(choices, allowed)))


def change_roles(world: Stage, choices: Choices) -> Call:
    """The admin gives roles to stakers and takes them away; those who have one may give it up."""
    token, cast = world.model.token, world.cast
    role = choices.pick((MINTER_ROLE, BURNER_ROLE, BURNER_ROLE, ADMIN_ROLE))
    account = staker_who(world, choices, lambda one: token.has_role(role, one))
    kind = choices.integer(0, 3)
    if kind == 3:
        confirmation = account if not one_in(choices, 4) else cast.attacker
        return Call(account, TOKEN, "renounceRole", (role, confirmation))
    if kind <= 1:
        account = staker(world, choices)
    sender = staker(world, choices) if one_in(choices, 6) else cast.owner
    return Call(sender, TOKEN, "grantRole" if kind <= 1 else "revokeRole", (role, account))


def use_faucet(world: Stage, choices: Choices) -> Call:
    """A request, or a change of who need not wait."""
    cast, faucet = world.cast, world.model.faucet
    # Few, so that one comes back before its time.
    account = choices.pick((*cast.stakers[:2], cast.attacker))
    if not one_in(choices, 3):
        return Call(account, FAUCET, "request")
    sender = account if one_in(choices, 5) else faucet.owner
    kind = choices.integer(0, 3)
    if kind == 3:
        heirs = (cast.owner, cast.owner, cast.stakers[0], ZERO_ADDRESS)
        return Call(sender, FAUCET, "transferOwnership", (choices.pick(heirs),))
    function = "removeFromWhitelist" if kind == 2 else "addToWhitelist"
    return Call(sender, FAUCET, function, (account,))
