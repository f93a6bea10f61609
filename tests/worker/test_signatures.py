"""The one accepted form of a signature (offchain.md 2.1 and 23.2, payments.md P2).

| condition | outcome |
|---|---|
| published valid signature | accepted |
| high s, 64 or 66 bytes, v 0/1/29, v flipped, s replaced by n - s, other message or signer | SignatureRejected |
| messages of offchain.md 23.2 | the published signatures |
"""

from __future__ import annotations

import pytest

from offchain_worker.services.protocol import compute_result_digest, compute_session_token
from offchain_worker.tickets.errors import SignatureRejected
from offchain_worker.tickets.signatures import SECP256K1_ORDER, LocalSigner, require_signature

pytestmark = pytest.mark.worker

ADDRESS = "0x3BadDb1eeE2105893136A3F96c8a963E9C6309d6"
MESSAGE = bytes.fromhex("b7da355477356fc4c47fcabcf232dc77a6db9b07b7e48b76261cc55cc8fbabb3")
VALID = bytes.fromhex(
    "206443228e8f784bc3a122de0d85eb3ebff82d6a79cca26c7eeb907099a6404f"
    "6dff57bc6828f28bd6cd073c89d94cf3364204679ed8365fa45b5ee6af19a9841c"
)
HIGH_S = bytes.fromhex(
    "e742ff452d41413616a5bf43fe15dd88294e983d3d36206c2712f39083d638bd"
    "e0a0fc89be718fbc1033e1d30d78be1c68081562ed2e97af876f286f3453231d1b"
)


def _mirrored(signature: bytes) -> bytes:
    s = SECP256K1_ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([55 - signature[64]])


def test_require_signature__published_signature__is_accepted():
    require_signature(ADDRESS, MESSAGE, VALID)


@pytest.mark.parametrize(
    ("signature", "field"),
    [
        (HIGH_S, "s"),
        (VALID[:64], "length"),
        (VALID + b"\x00", "length"),
        (b"", "length"),
        (VALID[:64] + b"\x00", "v"),
        (VALID[:64] + b"\x01", "v"),
        (VALID[:64] + b"\x1d", "v"),
        (VALID[:64] + b"\x1b", "signer"),
        (_mirrored(VALID), "s"),
        (bytes(64) + b"\x1b", "point"),
    ],
    ids=["high s", "compact", "too long", "empty", "v 0", "v 1", "v 29", "v flipped", "n - s", "zero"],
)
def test_require_signature__any_other_form__is_rejected_by_field(signature, field):
    with pytest.raises(SignatureRejected) as refusal:
        require_signature(ADDRESS, MESSAGE, signature)
    assert refusal.value.details["field"] == field


def test_require_signature__other_message_or_signer__is_rejected():
    for address, message in ((ADDRESS, bytes(32)), ("0x" + "11" * 20, MESSAGE)):
        with pytest.raises(SignatureRejected) as refusal:
            require_signature(address, message, VALID)
        assert refusal.value.details["field"] == "signer"


SIGNED_DIGESTS = {
    "orchestrator request": (
        "07eada29c9737d0018229a85ed4527068323d19c14107bb00057ce6bcf103cc6",
        "c72ccad1173c225d8b9821b2276345c0c50fed7e62fed0a0570cd1f2e24a5e5f"
        "0de5a214a0360937d9ea58c8ebf6d92217ab038fb41d96e3bcc6b486cce020b81c",
    ),
    "segment": (
        "990642b77e6322976e1748ed6c8960a6b03b72ab70751e3385c51277a90bef76",
        "1625e8f8468ea487cf9eb82244a073e1da7e1bf3a038da9c80d31ae78aa81a61"
        "0401afc763ca7d935798d888f3b427117fcef552ddc9db0561c8a2b628ae4f9e1b",
    ),
    "result": (
        "280a8d232fedf497ed3ee90fbb9127030b958aa2b6ce582fed735d929e7a9257",
        "d92a0bb724d7218baa47f56e2d755437ec9170c497052fa5c6c376dae299318d"
        "73ccdef5dc4b9a571515f56a640355253bd953436588c540406700caf6cc90ff1c",
    ),
}


@pytest.mark.parametrize(("digest", "signature"), SIGNED_DIGESTS.values(), ids=SIGNED_DIGESTS)
def test_sign__published_digest__gives_the_published_signature(digest, signature):
    assert LocalSigner(b"\x11" * 32).sign(bytes.fromhex(digest)).hex() == signature


def test_compute_result_digest__two_renditions__is_the_published_digest():
    digest = compute_result_digest([b"rendition-0", b"rendition-1"])
    assert digest.hex() == "280a8d232fedf497ed3ee90fbb9127030b958aa2b6ce582fed735d929e7a9257"


def test_compute_session_token__published_session__is_the_published_token():
    token = compute_session_token(b"\x07" * 32, "session-1", 1700000000)
    assert token.hex() == "c3c9cec2eb327dc90668209b701cc5ac09ac5c5ed4cfcfcfa74976eff6973a73"


def test_repr__local_signer__does_not_show_the_key():
    assert "11" * 8 not in repr(LocalSigner(b"\x11" * 32)).lower()
