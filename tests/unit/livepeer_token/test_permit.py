"""permit(owner, spender, value, deadline, v, r, s) of ERC-2612, checks in order:

1. the block's time ≤ `deadline`, else ERC2612ExpiredSignature
2. the signature over value, nonce and deadline is the owner's, else ERC2612InvalidSigner or ECDSA's error

Sets the allowance and uses the nonce up.
"""

import pytest
from eth_utils import keccak

from simulation.protocol import LPT

PERMIT_TYPE = keccak(
    text="Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
)


def word(value) -> bytes:
    number = value if isinstance(value, int) else int(value, 16)
    return number.to_bytes(32, "big")


def signed(token, signer, owner, spender, value, nonce, deadline):
    """The arguments of `permit`, signed over the given fields."""
    fields = b"".join(map(word, (owner, spender, value, nonce, deadline)))
    digest = keccak(b"\x19\x01" + token.DOMAIN_SEPARATOR() + keccak(PERMIT_TYPE + fields))
    signature = signer.sign_digest(digest)
    return owner, spender, value, deadline, signature[64], signature[:32], signature[32:64]


@pytest.fixture
def deadline(chain):
    """An hour from now."""
    return chain.timestamp + 3_600


def test_permit__past_its_deadline__reverts(chain, token, holder, spender):
    deadline = chain.timestamp
    arguments = signed(token, holder, holder, spender, LPT, 0, deadline)

    with chain.reverts("ERC2612ExpiredSignature", deadline=deadline):
        token.permit.send(*arguments, sender=spender)


def test_permit__signed_by_another__reverts(chain, token, holder, spender, stranger, deadline):
    arguments = signed(token, stranger, holder, spender, LPT, 0, deadline)

    with chain.reverts("ERC2612InvalidSigner", signer=stranger, owner=holder):
        token.permit.send(*arguments, sender=spender)


def test_permit__at_its_deadline__sets_the_allowance(chain, token, holder, spender, deadline):
    arguments = signed(token, holder, holder, spender, 3 * LPT, 0, deadline)
    chain.set_timestamp(deadline)

    receipt = token.permit.send(*arguments, sender=spender)

    assert token.allowance(holder, spender) == 3 * LPT
    assert token.nonces(holder) == 1
    receipt.assert_events([token.Events.Approval(owner=holder, spender=spender, value=3 * LPT)])


def test_permit__used_again__reverts(chain, token, holder, spender, deadline):
    arguments = signed(token, holder, holder, spender, 3 * LPT, 0, deadline)
    token.permit.send(*arguments, sender=spender)

    with chain.reverts("ERC2612InvalidSigner", ...):
        token.permit.send(*arguments, sender=spender)


def test_permit__for_another_token__reverts(chain, token, holder, spender, deadline):
    other = chain.deploy("LivepeerToken")
    arguments = signed(other, holder, holder, spender, LPT, 0, deadline)

    with chain.reverts("ERC2612InvalidSigner", ...):
        token.permit.send(*arguments, sender=spender)
