"""Scales, sentinels and states of the protocol.

Three scales of fixed point appear, each in one place: parts per million for what orchestrators set, parts per
billion for issuance, 27 decimals ("ray") for factors and the treasury's share.
"""

PPM_WHOLE = 10**6
PPB_WHOLE = 10**9
RAY_WHOLE = 10**27

MAX_UINT256 = 2**256 - 1
NEVER = MAX_UINT256
"""Deactivation round of an orchestrator that is in the pool."""

STORED_AMOUNT_BITS = 112
"""LPT and ETH amounts that the protocol keeps fit this many bits."""
STORED_ROUND_BITS = 32
"""Rounds that the protocol keeps, and periods counted in rounds that are added to them."""

STATUS_PENDING, STATUS_BONDED, STATUS_UNBONDED = 0, 1, 2
"""States of a delegator: bonded from a later round on, bonded, without a bond."""

ZERO_ADDRESS = "0x" + "0" * 40

PANIC_ASSERT = 0x01
PANIC_OVERFLOW = 0x11
PANIC_DIVISION = 0x12
PANIC_INDEX = 0x32

BLOCK_HASHES_KEPT = 256
"""How many past blocks have a hash."""

SECONDS_PER_HOUR = 3_600

AUX_DATA_LENGTH = 64
SIGNATURE_LENGTH = 65
