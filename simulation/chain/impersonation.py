"""Lets a contract be the sender of an in-process transaction.

revm refuses senders that have code (EIP-3607).  For the length of one transaction the contract's code is
replaced by a relay: called by RELAYER it passes the call on, so that the callee sees the contract as
`msg.sender`; called by anyone else, for instance by the callee in return, it delegates to a twin account
that holds the contract's own code, so that the contract answers as always.
"""

from eth_utils import keccak

from simulation.chain.addresses import checksum, raw_address

RELAYER = checksum(keccak(b"livepeer:relayer")[12:])
_HEADER = 64


def twin_address(contract: str) -> str:
    """Where the own code of an impersonated contract lies meanwhile."""
    return checksum(keccak(b"livepeer:twin:" + raw_address(contract))[12:])


def relay_calldata(to: str, value: int, data: bytes) -> bytes:
    """What RELAYER sends to the relay: callee, value, calldata."""
    return raw_address(to).rjust(32, b"\0") + value.to_bytes(32, "big") + data


def relay_code(twin: str) -> bytes:
    """The relay's runtime code; both branches leave a success flag, then return or revert alike."""
    delegate = bytes.fromhex(
        "365f5f37"  # calldatacopy(0, 0, calldatasize)
        "5f5f365f73" + raw_address(twin).hex() + "5af4"  # delegatecall(gas, twin, 0, calldatasize, 0, 0)
    )
    relay = bytes.fromhex(
        f"60{_HEADER:02x}3603"  # calldatasize - header
        f"8060{_HEADER:02x}5f37"  # calldatacopy(0, header, size)
        "5f5f82"  # no output area; size of the input
        "5f602035"  # input at 0; value
        "5f355af1"  # call(gas, callee, value, 0, size, 0, 0)
    )
    finish = bytes.fromhex("3d5f5f3e")  # returndatacopy(0, 0, returndatasize)
    start = bytes.fromhex("3373" + raw_address(RELAYER).hex() + "1460")
    # start ‖ relay_at JUMPI ‖ delegate ‖ PUSH1 end_at JUMP ‖ JUMPDEST relay ‖ JUMPDEST finish …
    relay_at = len(start) + 2 + len(delegate) + 3
    end_at = relay_at + 1 + len(relay)
    success_at = end_at + 1 + len(finish) + 6
    return b"".join(
        [
            start + bytes([relay_at, 0x57]),
            delegate + bytes([0x60, end_at, 0x56]),
            b"\x5b" + relay,
            b"\x5b" + finish + bytes([0x60, success_at, 0x57]),
            bytes.fromhex("3d5ffd"),  # revert(0, returndatasize)
            bytes.fromhex("5b3d5ff3"),  # return(0, returndatasize)
        ]
    )
