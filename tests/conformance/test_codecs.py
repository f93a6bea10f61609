"""The compiled codecs against eth_abi, the implementation that everybody uses: same bytes, same values.

given a list of types and values      it should encode as eth_abi does and decode to what was encoded
given bytes that are no encoding      it should raise DecodeError, nothing else
given a value of the wrong kind       it should raise ArgumentError, nothing else
"""

from contextlib import suppress

import eth_abi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.chain.addresses import checksum, to_address
from simulation.chain.codecs import ArgumentError, Codec, DecodeError

pytestmark = pytest.mark.unit

WORDS = {
    **{f"uint{bits}": st.integers(0, 2**bits - 1) for bits in (8, 48, 112, 256)},
    **{f"int{bits}": st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 64, 256)},
    **{f"bytes{length}": st.binary(min_size=length, max_size=length) for length in (1, 20, 32)},
    "address": st.binary(min_size=20, max_size=20).map(checksum),
    "bool": st.booleans(),
    "bytes": st.binary(max_size=70),
    "string": st.text(max_size=40),
}


@st.composite
def parameter(draw, depth: int = 2) -> tuple[dict, object]:
    """An ABI parameter and a value for it."""
    shape = draw(st.sampled_from(["word"] * 4 + (["tuple", "list", "fixed"] if depth else [])))
    if shape == "word":
        kind = draw(st.sampled_from(sorted(WORDS)))
        return {"type": kind, "name": ""}, draw(WORDS[kind])
    if shape == "tuple":
        parts = draw(st.lists(parameter(depth - 1), min_size=1, max_size=4))
        named = [{**item, "name": f"part{position}"} for position, (item, _) in enumerate(parts)]
        return {"type": "tuple", "name": "", "components": named}, tuple(value for _, value in parts)
    item, value = draw(parameter(depth - 1))
    length = draw(st.integers(1, 3))
    return {**item, "type": f"{item['type']}[{length if shape == 'fixed' else ''}]"}, [value] * length


def plain(value):
    """Named tuples and lists as eth_abi gives them; addresses in lower case."""
    if isinstance(value, (list, tuple)):
        return tuple(plain(part) for part in value)
    if isinstance(value, str) and value.startswith("0x"):
        return value.lower()
    return value


@given(st.lists(parameter(), max_size=5))
def test_encode_and_decode__any_types__as_eth_abi(parameters):
    items, values = [item for item, _ in parameters], [value for _, value in parameters]
    codec = Codec(items)
    types = [kind.name for kind in codec.types]
    encoded = codec.encode(values)
    assert encoded == eth_abi.encode(types, values)
    assert plain(codec.decode(encoded)) == plain(eth_abi.decode(types, encoded))
    assert plain(codec.decode(encoded)) == plain(values)


@given(st.lists(parameter(), min_size=1, max_size=3), st.binary(max_size=200))
def test_decode__arbitrary_bytes__values_or_a_named_error(parameters, data):
    codec = Codec([item for item, _ in parameters])
    with suppress(DecodeError):
        assert len(codec.decode(data)) == len(parameters)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("uint8", 256),
        ("uint8", True),
        ("uint8", "1"),
        ("int8", -129),
        ("bool", 1),
        ("address", "0x12"),
        ("address", 5),
        ("address", b"\0" * 19),
        ("bytes4", b"\0" * 5),
        ("bytes4", b"\0" * 3),
        ("bytes", "text"),
        ("string", b"bytes"),
        ("uint8[2]", [1]),
        ("uint8[]", 1),
    ],
)
def test_encode__value_of_the_wrong_kind__is_a_named_error(kind, value):
    with pytest.raises(ArgumentError, match=f"{kind.split('[')[0]}.* amount: found"):
        Codec([{"type": kind, "name": "amount"}]).encode([value])


def test_struct__dict_with_other_fields__is_a_named_error():
    part = {"type": "uint256", "name": "deposit"}
    codec = Codec([{"type": "tuple", "name": "sender", "components": [part]}])
    assert codec.encode([{"deposit": 5}]) == codec.encode([(5,)])
    with pytest.raises(ArgumentError, match=r"found the fields \['reserve'\], must be \['deposit'\]"):
        codec.encode([{"reserve": 5}])


def test_checksum__examples_of_the_standard__are_spelt_so():
    # EIP-55, test cases
    for spelt in ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"):
        assert to_address(spelt.lower()) == spelt
