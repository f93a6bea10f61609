"""constructor(): names the token, makes the deployer admin of both roles, mints nothing."""

from eth_utils import keccak

from simulation.chain.engine import CHAIN_ID
from simulation.protocol import BURNER_ROLE, MINTER_ROLE

ADMIN_ROLE = bytes(32)


def test_constructor__new_token__has_the_deployed_names(chain):
    token = chain.deploy("LivepeerToken")

    assert (token.name(), token.symbol(), token.decimals()) == ("Livepeer Token", "LPT", 18)
    assert token.totalSupply() == 0


def test_constructor__new_token__knows_its_deployer_as_admin_only(chain, owner):
    token = chain.deploy("LivepeerToken", sender=owner)

    token.creation.assert_events([token.Events.RoleGranted(role=ADMIN_ROLE, account=owner, sender=owner)])
    assert token.DEFAULT_ADMIN_ROLE() == ADMIN_ROLE
    assert token.hasRole(ADMIN_ROLE, owner) is True
    assert token.hasRole(MINTER_ROLE, owner) is token.hasRole(BURNER_ROLE, owner) is False
    assert token.getRoleAdmin(MINTER_ROLE) == token.getRoleAdmin(BURNER_ROLE) == ADMIN_ROLE


def test_constructor__new_token__signs_permits_under_its_name(chain):
    token = chain.deploy("LivepeerToken")

    domain = token.eip712Domain()
    assert (domain.name, domain.version, domain.chainId) == ("Livepeer Token", "1", CHAIN_ID)
    assert domain.verifyingContract == token
    type_hash = keccak(
        text="EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    )
    fields = keccak(text="Livepeer Token") + keccak(text="1") + CHAIN_ID.to_bytes(32, "big")
    address = bytes.fromhex(token.address[2:]).rjust(32, b"\0")
    assert token.DOMAIN_SEPARATOR() == keccak(type_hash + fields + address)


def test_constructor__role_names__are_those_of_the_deployed_token():
    assert MINTER_ROLE.hex() == "9f2df0fed2c77648de5860a4cc508cd0818c85b8b8a1ab4ceeef8d981c8956a6"
    assert BURNER_ROLE.hex() == "3c11d16cbaffd01df69ce1c404f6340ee057498f5f00246190ea54220576a848"
