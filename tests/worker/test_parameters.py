"""Ticket economics: value, probability, commitment, count, float (offchain.md 6, 7.3, 9, 23.3, 23.6).

| function | condition | outcome |
|---|---|---|
| compute_recipient_rand | V1 to V4, fixed-width encoding | published numbers |
| compute_face_value_wei | gas price high / higher / capped by float or setting / float short | published or error |
| compute_win_probability | published cases, any ev < f | ev <= value < ev + ev f / MAX |
| compute_tickets_needed | published cases | published counts |
| compute_max_float_wei | nothing pending / ratio just below, at 3 | alloc / alloc - P / alloc |
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain_worker.tickets.balance import (
    UNITS_PER_WEI,
    compute_fee_units,
    compute_fee_wei_up,
    compute_ticket_units,
    compute_tickets_needed,
)
from offchain_worker.tickets.errors import SenderUnderfunded
from offchain_worker.tickets.floats import compute_max_float_wei, is_redeemable
from offchain_worker.tickets.parameters import (
    TicketEconomics,
    compute_face_value_wei,
    compute_recipient_rand,
    compute_win_probability,
)
from offchain_worker.tickets.ticket import MAX_WIN_PROBABILITY, compute_recipient_rand_hash

pytestmark = pytest.mark.worker

SENDER = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"
FOO = bytes.fromhex("41b1a0649752af1b28b3dc29a1556eee781e4a4c3a1f7f53f90fa834de098c4d")
V1 = {
    "secret": b"\x03" + bytes(31),
    "seed": int.from_bytes(bytes(range(1, 33)), "big"),
    "face_value_wei": 100000000,
    "win_probability": 5789604461865809771178549250434395392663499233282028201972879200395660,
    "expiration_block": 140,
    "price_wei": 1,
    "price_unit_pixels": 1,
    "creation_round": 10,
    "creation_round_block_hash": FOO,
}
RANDS = {
    "V1": (
        V1,
        "5d52fff3ba48db22f4393ce87e474033edf689486d0b470f491d56713f7b5cfe",
        "8c9742e45565eb52060ad4e4ec5dd5aaa6b118c8bd7d3f65f5331f47c55387c2",
    ),
    "V2, seed with a leading zero byte": (
        V1 | {"seed": int.from_bytes(bytes(range(32)), "big")},
        "2480fd54e5dd634836c257ef489ea8b47c9299bcda6381847b27cf8c2d824a2b",
        "14b02fe552d3773def507c84ab4df127a20d241c40fec6ab2486cfd916e1f543",
    ),
    "V3": (
        {
            "secret": b"\xaa" * 32,
            "seed": 12345,
            "face_value_wei": 24703611594215916,
            "win_probability": 4687253472865791949219216447262131914283161967982656133076290000000000000000,
            "expiration_block": 20538300,
            "price_wei": 1043,
            "price_unit_pixels": 500,
            "creation_round": 1673,
            "creation_round_block_hash": bytes.fromhex(
                "a9f81d59be53a90a12cb12f627aa9e87c505320bad20a98fd98d5ed23bfe9a54"
            ),
        },
        "83be2ee90324fce88f6cd112a6368e4d53c8f7a7bea1af25e5725385fe17a1c3",
        "e99eeb0342d235f29d387486e3d901f0c717e6691cddd40b97776e1df749b3bd",
    ),
    "V4, zeros": (
        {
            "secret": b"\xaa" * 32,
            "seed": 1,
            "face_value_wei": 0,
            "win_probability": 0,
            "expiration_block": 41,
            "price_wei": 0,
            "price_unit_pixels": 1,
            "creation_round": 0,
            "creation_round_block_hash": bytes(32),
        },
        "2d72e8fd3f129ccefb36415281fc80e1b1f4f63af2b7e55892669e503c94cf8c",
        "190a090680307f597c4e3efebaee1bd74c307e8ba7804d53b247b2c482e3f3e9",
    ),
}


@pytest.mark.parametrize(("inputs", "rand", "rand_hash"), RANDS.values(), ids=RANDS)
def test_compute_recipient_rand__published_inputs__gives_rand_and_hash(inputs, rand, rand_hash):
    inputs = dict(inputs)
    found = compute_recipient_rand(inputs.pop("secret"), sender=SENDER, **inputs)
    assert f"{found:064x}" == rand
    assert compute_recipient_rand_hash(found).hex() == rand_hash


@pytest.mark.parametrize(
    "field", [name for name in V1 if name not in ("secret", "creation_round_block_hash")]
)
def test_compute_recipient_rand__one_field_changed__changes_the_rand(field):
    inputs = dict(V1)
    secret = inputs.pop("secret")
    before = compute_recipient_rand(secret, sender=SENDER, **inputs)
    assert compute_recipient_rand(secret, sender=SENDER, **(inputs | {field: inputs[field] + 1})) != before


ECONOMICS = TicketEconomics(ticket_expected_value_wei=5, redeem_gas=10_000, transaction_cost_multiplier=100)


@pytest.mark.parametrize(
    ("gas_price", "max_float", "face_value", "probability"),
    [
        (100, 10**18, 100000000, 5789604461865809771178549250434395392663499233282028201972879200395660),
        (777, 10**18, 777000000, 745122839364969082519761808292714979750772102095499125093034646125570),
        (1, 10001, 10001, 57890255593098787833002192285115442382396752657554526567072084795477017120),
    ],
    ids=["gas price 100", "gas price 777", "bounded by the float"],
)
def test_compute_face_value_wei__published_case__gives_value_and_probability(
    gas_price, max_float, face_value, probability
):
    assert compute_face_value_wei(SENDER, ECONOMICS, gas_price, max_float) == face_value
    assert compute_win_probability(face_value, 5) == probability


def test_compute_face_value_wei__free_gas__is_a_hundred_expected_values():
    assert compute_face_value_wei(SENDER, ECONOMICS, 0, 10**18) == 500


def test_compute_face_value_wei__own_maximum__bounds_it():
    assert (
        compute_face_value_wei(SENDER, replace(ECONOMICS, max_face_value_wei=12_345_678), 100, 10**18)
        == 12_345_678
    )


@pytest.mark.parametrize(
    ("gas_price", "max_float"),
    [(0, 9), (1, 9999), (1, 0), (1, -90)],
    ids=["below twice ev", "below cost", "zero", "negative"],
)
def test_compute_face_value_wei__float_too_small__raises_sender_underfunded(gas_price, max_float):
    with pytest.raises(SenderUnderfunded):
        compute_face_value_wei(SENDER, ECONOMICS, gas_price, max_float)


def test_compute_face_value_wei__gas_price_spike__still_sells_above_the_long_run_cost():
    # Cost at 10 gwei is 10^14 wei; a float of 5·10^13 is below it, yet above 10,000 gas at 3 gwei = 3·10^13.
    assert compute_face_value_wei(SENDER, ECONOMICS, 10**10, 5 * 10**13) == 5 * 10**13
    with pytest.raises(SenderUnderfunded):
        compute_face_value_wei(SENDER, ECONOMICS, 10**10, 3 * 10**13 - 1)


@given(st.integers(1, 10**24), st.integers(1, 10**24))
def test_compute_win_probability__any_value_below_the_face_value__is_met_and_barely_exceeded(first, second):
    expected_value, face_value = sorted((first, second + 10**24))
    value = Fraction(face_value * compute_win_probability(face_value, expected_value), MAX_WIN_PROBABILITY)
    assert (
        expected_value <= value < expected_value + Fraction(expected_value * face_value, MAX_WIN_PROBABILITY)
    )


def test_compute_win_probability__edges__never_and_always():
    assert compute_win_probability(0, 5) == 0
    assert compute_win_probability(5, 5) == MAX_WIN_PROBABILITY


@pytest.mark.parametrize(
    ("balance", "min_credit", "value", "count"),
    [
        (2, 1, 1, 0),
        (2, 2, 1, 0),
        (1, 5, 1, 4),
        (Fraction(1, 4), 2, 1, 2),
        (-5, 2, 1, 7),
        (0, 2, 1, 2),
        (0, 2, 0, 0),
    ],
)
def test_compute_tickets_needed__published_case__gives_the_count(balance, min_credit, value, count):
    scale = 4
    assert compute_tickets_needed(int(balance * scale), min_credit * scale, value * scale) == count


def test_balance_units__ticket_and_fee__are_exact():
    # A certain ticket of 3 wei is worth exactly 3 wei; 7 pixels at 5 wei per million are 35 millionths of a wei.
    assert compute_ticket_units(3, MAX_WIN_PROBABILITY) == 3 * UNITS_PER_WEI
    assert compute_fee_units(7, 5) * 10**6 == 35 * UNITS_PER_WEI
    assert compute_fee_wei_up(7, 5) == 1
    assert compute_fee_wei_up(10**6, 5) == 5


@pytest.mark.parametrize(
    ("deposit", "pending", "expected"),
    [(0, 0, 100), (299, 100, 0), (300, 100, 100), (1000, 100, 100), (0, 130, -30)],
    ids=["nothing pending", "ratio below 3", "ratio of 3", "ratio above 3", "negative"],
)
def test_compute_max_float_wei__deposit_against_pending__counts_pending_below_three(
    deposit, pending, expected
):
    assert compute_max_float_wei(100, deposit, pending) == expected


def test_is_redeemable__deposit_and_share__must_cover_the_whole_face_value():
    assert is_redeemable(100, 60, 40)
    assert not is_redeemable(101, 60, 40)
