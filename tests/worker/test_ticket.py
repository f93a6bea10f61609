"""Ticket hash, aux data, expected value, draw: the vectors of offchain.md 23.1, 23.4, 23.5 and payments.md 3.9.

| function | condition | outcome |
|---|---|---|
| hash | each field changed against the all-zero ticket | the published hash |
| aux_data | both zero / either non-zero | empty / 64 bytes |
| expected_value_wei | winProb ⌊MAX/2⌋ | the exact fraction |
| is_winning | draw below / equal / above the probability | wins / loses / loses |
| everything | two redeemed tickets of the live network, one derived vector | hash, signer, draw, commitment agree |
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from eth_utils import to_checksum_address

from offchain_worker.tickets.signatures import LocalSigner, require_signature
from offchain_worker.tickets.ticket import (
    MAX_WIN_PROBABILITY,
    Ticket,
    compute_draw,
    compute_recipient_rand_hash,
    encode_aux_data,
    is_winning,
)

pytestmark = pytest.mark.worker

ZERO = "0x" + "00" * 20
HASH_OF_FOO = bytes.fromhex("41b1a0649752af1b28b3dc29a1556eee781e4a4c3a1f7f53f90fa834de098c4d")
ROUND_HASH = bytes.fromhex("7624778dedc75f8b322b9fa1632a610d40b85e106c7d9bf0e743a9ce291b9c6f")
ZERO_TICKET = Ticket(ZERO, ZERO, 0, 0, 0, bytes(32), 0, bytes(32))
SENDER = LocalSigner(b"\x11" * 32)

HASHES = {
    "nonce of 32 bits": (
        {"sender_nonce": 2**32 - 1},
        "e1393fc7f6de093780674022f96cb8e3872235167d037c04d554e58c0e63d280",
    ),
    "nonce 1": ({"sender_nonce": 1}, "ce0918ba94518293e9712effbe5fca4f1f431089833a5b8c257cb1e024595f68"),
    "face value 1, probability 500": (
        {"face_value_wei": 1, "win_probability": 500},
        "87ef13f2d37e4d5352a01d3c77b8179d80e0887f1953bfabfd0bfd7b0f689ddd",
    ),
    "face value 500, probability 1": (
        {"face_value_wei": 500, "win_probability": 1},
        "aa4b35071043587992ac8b9dd1b2cf1d8311130e6458cf0b2342484e21af5f5b",
    ),
    "recipient": (
        {"recipient": "0x73AEd7b5dEb30222fa896f399d46cC99c7BEe57F"},
        "81e353ae39046e2b77b9f996abbaeed527fda559b61ef90f299c4499dd508ccc",
    ),
    "recipient rand hash": (
        {"recipient_rand_hash": HASH_OF_FOO},
        "be5eaf9a49a39540b9bb02f1a21904f61324a29819e2c032824bfaa10c100b17",
    ),
    "aux data": (
        {"creation_round": 10, "creation_round_block_hash": HASH_OF_FOO},
        "e502907c16036ab3d11b78c5a2e93c20f3d6415c67f91de4ed01348182b3b2e2",
    ),
}


@pytest.mark.parametrize(("changes", "expected"), HASHES.values(), ids=HASHES)
def test_hash__one_field_changed__is_the_published_hash(changes, expected):
    assert replace(ZERO_TICKET, **changes).hash.hex() == expected


@pytest.mark.parametrize(
    ("creation_round", "block_hash", "expected"),
    [
        (5, ROUND_HASH, (5).to_bytes(32, "big") + ROUND_HASH),
        (0, ROUND_HASH, bytes(32) + ROUND_HASH),
        (5, bytes(32), (5).to_bytes(32, "big") + bytes(32)),
        (0, bytes(32), b""),
    ],
    ids=["both set", "round zero", "hash zero", "both zero"],
)
def test_encode_aux_data__round_and_hash__empty_only_if_both_are_zero(creation_round, block_hash, expected):
    assert encode_aux_data(creation_round, block_hash) == expected


def test_expected_value_wei__half_probability__is_the_exact_fraction():
    ticket = replace(ZERO_TICKET, face_value_wei=1000, win_probability=MAX_WIN_PROBABILITY // 2)
    assert ticket.expected_value_wei == Fraction(1000 * (MAX_WIN_PROBABILITY // 2), MAX_WIN_PROBABILITY)
    assert 499 < ticket.expected_value_wei < 500


def test_is_winning__probability_around_the_draw__is_strict():
    signature = SENDER.sign(ZERO_TICKET.hash)
    draw = compute_draw(signature, 5)
    assert is_winning(signature, 5, draw + 1)
    assert not is_winning(signature, 5, draw)
    assert not is_winning(signature, 5, 0)


def test_ticket__derived_vector_of_the_payments_spec__agrees_in_all_parts():
    rand_hash = compute_recipient_rand_hash(5)
    assert rand_hash.hex() == "036b6384b5eca791c62761152d0c79bb0604c104a5fb6f4eb0703f3154bb3db0"
    ticket = Ticket(
        "0x" + "00" * 19 + "aa", SENDER.address, 1000, MAX_WIN_PROBABILITY, 0, rand_hash, 10, HASH_OF_FOO
    )
    assert SENDER.address == "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"
    assert ticket.hash.hex() == "ff85666a6aadb8aaed501009ae247d842dac10e56c36b1e379c7df5e325737a2"
    signature = SENDER.sign(ticket.hash)
    assert signature.hex() == (
        "8ca6278c5daf78acdd786bd9f743d11cfe492925bc0a36713e6ead210087fdec"
        "4ad1804248d655d309bd170ea360c9bfd01d07b189d671cb1b444b46027df9c71c"
    )
    assert (
        f"{compute_draw(signature, 5):x}"
        == "b65f8ffb13e8cc7445b1e3163644df101da3d29776b1f84d73456e453d954047"
    )


SHORT_V1_RAND = int("e1719f8d74848bd9639ba68f7916f977ba06cbc0b7bbfb134ed5eca25ca727b3", 16)
V1_PROBABILITY = 5789604461865809771178549250434395392663499233282028201972879200395660
SIGNED = [
    (
        1,
        100000000,
        V1_PROBABILITY,
        "a6324a274de96dcf71da9ed8c1224a8a5842e11cff1e3fc9c0fd01a700c6f83a",
        "e8b67d677f6728fe58e8cfa14d7204cb224ed4b5d1c4a5578bc85c053bbc19cf"
        "4403dbb6f2b35f97f1822e473063417a808390ebcc822ac191d7388d449070581c",
        "3cce98c7858d34f2112a49776027abf0418708cd54d8c91306ddb710bf99b453",
        False,
    ),
    (
        2,
        100000000,
        V1_PROBABILITY,
        "e6ac83b0fe24ff010c011364909f751ca878e00d2ddcab3bbeeaa27824d1258a",
        "c25bc11687622ccbcf05f16ab08994583a5029153aaf8f3e3e0e1f8706a62a47"
        "37c9799c671a6095737b0f533c74d33355e52a196de599d444e17e96ae45e79f1c",
        "02980cb63862176c78ae1bb5faa5ad0a48990a50fa05979ca7c3f38f5f11be44",
        False,
    ),
    (
        3,
        100000000,
        V1_PROBABILITY,
        "6791ab41747e0ca403d56abf5fa957f112ac23bcd32215559c0269f1e5b47f8f",
        "3d8843959d194ac5a244be3168c7f3222319dc65b9525be8729854f11a963e74"
        "1df8a84abe22648f963620b0db9bc372e9b43fc452e008b59e2d36d49e22228f1b",
        "1eb70e3c8532a0ac20643c271d78bfc231b894dad792618451db6f8a1af17fcf",
        False,
    ),
    (
        1,
        5,
        MAX_WIN_PROBABILITY,
        "54e460b97b57f656eb592eadcc36f0756ef47b98d85d7924975c72bff807acfb",
        "78d3115d2da58439b714e6136627b3b68359fdcb9f94a937c172b61cb9f76779"
        "670be42c2f497e0a102ed463d86f20f4ee0ff3494b5779e3ca388492cbc3b1da1c",
        None,
        True,
    ),
]


@pytest.mark.parametrize(
    ("nonce", "face_value", "probability", "ticket_hash", "signature", "draw", "wins"), SIGNED
)
def test_ticket__signed_vector__has_hash_signature_and_draw(
    nonce, face_value, probability, ticket_hash, signature, draw, wins
):
    rand_hash = compute_recipient_rand_hash(SHORT_V1_RAND)
    assert rand_hash.hex() == "1cf263268534f393bfc546c0d55f77db4f4bc0d61e28c1638c3bee9512e01c62"
    ticket = Ticket(
        "0x" + "00" * 19 + "aa", SENDER.address, face_value, probability, nonce, rand_hash, 10, HASH_OF_FOO
    )
    assert ticket.hash.hex() == ticket_hash
    assert SENDER.sign(ticket.hash).hex() == signature
    assert is_winning(bytes.fromhex(signature), SHORT_V1_RAND, probability) is wins
    if draw is not None:
        assert f"{compute_draw(bytes.fromhex(signature), SHORT_V1_RAND):064x}" == draw


REDEEMED = {
    "A": (
        "0xa5E37e0BA14655e92DEff29F32adbc7D09b8a2cF",
        10000000000000000,
        11579208923731619542357098500868790785326998466564056403945759000000000000,
        14,
        "5309662eee5608da45aaefe60433adec052acab8683dd12d78aad8a0192b3bec",
        0x653,
        "f3b1d2925fd1325a8a6ba8923fbe6de31dd93d9e85540eaf5a306f21177c3b8c",
        "90cb8a9280386cc77e9f3473bb87530cf9a1dbe5625013a9ed16675ad7607c80"
        "0bf4e32ee4cc6b9c785e1c786c9965831a8216c408b251f98d6c18bf1bf4d1621c",
        31838803992704255588716800748284438047369588248489535212488229909862636233406,
        "d5104bbecf755deaa03acf83486f2414d749f5e9d98b9feb9a0ad3791413f7e4",
        0x48748A6C474056AE4994BBF827C769BFFF306709B6A484140E4DFC8A93D65,
        10**12,
    ),
    "B": (
        "0x9C10672CEE058Fd658103d90872fE431bb6C0AFa",
        24703611594215916,
        4687253472865791949219216447262131914283161967982656133076290000000000000000,
        1,
        "d00ef48a6825d9ae93097ad55bc76057fb50afc203aa98fd4e01aa6576d71298",
        0x689,
        "a9f81d59be53a90a12cb12f627aa9e87c505320bad20a98fd98d5ed23bfe9a54",
        "5ff5265992f1a6563851d085f363b16ad65416baaee090ee368b59082437df7a"
        "0237214659511fc188d6a4ef57c988bb18faa3e99826c78e9e75eb29366745891b",
        21160157592767011607011497540409649304524524744605816319294275445072062630355,
        "63d432158a2a3a15bdb5a87712e5cf0d1655d018a615d2e8806346536c0154c0",
        0x32ACB381B86925047219E35056C8ED0DE09D7CA369A7221C1CE9F8221B37732,
        10**15,
    ),
}


@pytest.mark.parametrize("vector", REDEEMED.values(), ids=REDEEMED)
def test_ticket__redeemed_on_the_live_network__agrees_in_all_parts(vector):
    (
        recipient,
        face_value,
        probability,
        nonce,
        rand_hash,
        creation_round,
        block_hash,
        signature,
        rand,
        expected,
        draw,
        value,
    ) = vector
    sender = to_checksum_address("0x3eE860A4abA830AF84EbBCE2b381fc11DB8493e2")
    ticket = Ticket(
        recipient,
        sender,
        face_value,
        probability,
        nonce,
        bytes.fromhex(rand_hash),
        creation_round,
        bytes.fromhex(block_hash),
    )
    assert compute_recipient_rand_hash(rand).hex() == rand_hash
    assert ticket.hash.hex() == expected
    require_signature(sender, ticket.hash, bytes.fromhex(signature))
    assert compute_draw(bytes.fromhex(signature), rand) == draw
    assert is_winning(bytes.fromhex(signature), rand, probability)
    # Expected value within one unit in the last place of the probability.
    assert abs(ticket.expected_value_wei - value) <= Fraction(face_value, MAX_WIN_PROBABILITY) * 10**15
