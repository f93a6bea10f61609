"""Tickets in words: who signed what and how, so that any engine can sign them again over its own block hashes.

A ticket of a trace says "block hash of the round" where it holds the one that the chain recorded, and who signed it in
which form, instead of the signature.  Signatures are deterministic (RFC 6979), so the engine that made a trace makes
the same ones again.  On another engine the signature is another, and so is the draw: it is then signed with further
nonces until the draw falls on the side on which it fell when the trace was made.
"""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Literal

import coincurve
from eth_utils import keccak

from simulation.chain.actors import Actor
from simulation.cryptography import recover_signer
from simulation.tickets import (
    ALWAYS_WINS,
    CURVE_ORDER,
    SignedTicket,
    Ticket,
    compact,
    compute_draw,
    twin,
    uint256,
)
from simulation.trace.format import Address, Hexadecimal, Part

PLAIN, COMPACT, TWIN, RECOVERY, RAW = "plain", "compact", "twin", "recovery byte", "raw"


class Signing(Part):
    """How a signature came about: who signed, and what was made of it.

    `form`: plain, compact (ERC-2098), twin (n - s), recovery byte (the last byte is `recovery`), or raw (nobody known
    made it).
    """

    form: Literal["plain", "compact", "twin", "recovery byte", "raw"]
    signer: Address | None = None
    recovery: int | None = None
    raw: Hexadecimal | None = None


def read_signature(ticket: Ticket, signature: bytes, signers: dict[str, Actor]) -> Signing:
    """Who of `signers` (by address) made the signature, and in which form."""
    for form, plain in _plain_forms(signature):
        if (signer := recover_signer(ticket.digest, plain)) in signers:
            recovery = signature[64] if form == RECOVERY else None
            return Signing(form=form, signer=signer, recovery=recovery)
    return Signing(form=RAW, raw=signature)


def sign_again(
    ticket: Ticket, signing: Signing, signer: Actor | None, *, recipient_rand: int, wins: bool
) -> SignedTicket:
    """The ticket signed over the hashes of this engine, with a draw on the given side."""
    if signing.form == RAW:
        return SignedTicket(ticket, signing.raw, recipient_rand)
    signatures = (_in_form(sign_with(signer, ticket, attempt), signing) for attempt in count())
    # Every draw is below the largest number but that number itself, and none is below 0.
    is_settled = ticket.win_prob in (0, ALWAYS_WINS)
    signature = next(
        signature
        for signature in signatures
        if is_settled or (compute_draw(signature, recipient_rand) < ticket.win_prob) == wins
    )
    return SignedTicket(ticket, signature, recipient_rand)


def sign_for_draw(ticket: Ticket, signer: Actor, *, wins: bool) -> SignedTicket:
    """The ticket with a signature with which it wins, or does not.

    For tickets with a chance: `ticket.sign` gives one that depends on the block hash, and so on the engine.
    """
    return sign_again(ticket, Signing(form=PLAIN), signer, recipient_rand=ticket.recipient_rand, wins=wins)


def sign_with(signer: Actor, ticket: Ticket, attempt: int) -> bytes:
    """r, s, v: at first as wallets sign; further attempts take another nonce and give another signature."""
    if attempt == 0:
        return signer.sign_message(ticket.hash)
    digest = ticket.digest
    nonce = int.from_bytes(keccak(signer.key + digest + uint256(attempt)), "big") % CURVE_ORDER
    x, y = coincurve.PrivateKey.from_int(nonce).public_key.point()
    r = x % CURVE_ORDER
    key, message = int.from_bytes(signer.key, "big"), int.from_bytes(digest, "big")
    s = pow(nonce, -1, CURVE_ORDER) * (message + r * key) % CURVE_ORDER
    odd = y & 1
    if s > CURVE_ORDER // 2:
        s, odd = CURVE_ORDER - s, 1 - odd
    return uint256(r) + uint256(s) + bytes([27 + odd])


def _plain_forms(signature: bytes) -> Iterator[tuple[str, bytes]]:
    """The plain signatures out of which the given one may have been made."""
    if len(signature) == 64:
        s = int.from_bytes(signature[32:], "big")
        yield COMPACT, signature[:32] + uint256(s & (2**255 - 1)) + bytes([27 + (s >> 255)])
    if len(signature) != 65:
        return
    if signature[64] in (27, 28):
        is_high = int.from_bytes(signature[32:64], "big") > CURVE_ORDER // 2
        yield (TWIN, twin(signature)) if is_high else (PLAIN, signature)
    else:
        for v in (27, 28):
            yield RECOVERY, signature[:64] + bytes([v])


def _in_form(plain: bytes, signing: Signing) -> bytes:
    forms: dict[str, Callable[[bytes], bytes]] = {
        PLAIN: lambda signature: signature,
        COMPACT: compact,
        TWIN: twin,
        RECOVERY: lambda signature: signature[:64] + bytes([signing.recovery]),
    }
    return forms[signing.form](plain)
