"""Planted upgrades of a live deployment: each is refused for its own reason, before anything is sent; sound ones pass.

given new code that breaks something     judging it should raise with that finding and no other
given an address, a name or a layout     what is wrong with it should be named
given sound code                         it should pass, with its differences shown
"""

import pytest

from scripts._upgrade.findings import (
    NothingToDo,
    UnknownCode,
    UnknownLayout,
    UnknownTarget,
    UpgradeError,
    UpgradeRefused,
)
from tests.upgrades.stage import NEW_COMMIT, upgrading
from tests.upgrades.variants import BROKER, REGISTRY, Variant, compile_variants
from tools.storage_layout import SNAPSHOTS

pytestmark = [pytest.mark.deployment, pytest.mark.slow]

CONSTRUCTOR = "    constructor(address _controller) ManagerProxyTarget(_controller) {}"
SETTER = "_serviceRegistryStorage().serviceURIs[msg.sender] = _serviceURI;"
GETTER = "return _serviceRegistryStorage().serviceURIs[_addr];"
PERIODS = "uint32 unlockPeriodRounds;\n        uint32 ticketValidityPeriodRounds;"
IMPORT = 'import {ManagerProxyTarget} from "./ManagerProxyTarget.sol";'
INITIALIZABLE = (
    'import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";'
)
BASES = "contract ServiceRegistry is ManagerProxyTarget, IServiceRegistry {"
INITIALIZER = "    function initialize(uint256) external initializer {}\n"


def registry(*patches: tuple[str, str]) -> Variant:
    return Variant("ServiceRegistry", REGISTRY, tuple((REGISTRY, *patch) for patch in patches))


def with_function(text: str) -> Variant:
    return registry((CONSTRUCTOR, f"{CONSTRUCTOR}\n{text}\n"))


VARIANTS = {
    "reordered": Variant(
        "TicketBroker",
        BROKER,
        ((BROKER, PERIODS, "uint32 ticketValidityPeriodRounds;\n        uint32 unlockPeriodRounds;"),),
        has_own_layout=True,
    ),
    "selector clash": with_function(
        "    function implementation() external pure returns (uint256) { return 1; }"
    ),
    "function removed": registry(
        (
            "contract ServiceRegistry is ManagerProxyTarget, IServiceRegistry",
            "contract ServiceRegistry is Base",
        ),
        (
            "/// @title ServiceRegistry",
            "abstract contract Base is ManagerProxyTarget {}\n\n/// @title ServiceRegistry",
        ),
        ("    /// @inheritdoc IServiceRegistry\n", ""),
        ("emit ServiceURIUpdate(msg.sender, _serviceURI);", ""),
        ("function getServiceURI(", "function serviceURI("),
    ),
    "code too large": with_function(
        f'    function blob() external pure returns (bytes memory) {{ return hex"{"5a" * 24_000}"; }}'
    ),
    "constructor": registry(
        (CONSTRUCTOR, "    constructor(address _controller, uint256) ManagerProxyTarget(_controller) {}")
    ),
    "wrong controller": registry(
        (CONSTRUCTOR, "    constructor(address) ManagerProxyTarget(address(0xdead)) {}")
    ),
    "initializer open": registry(
        (IMPORT, f"{INITIALIZABLE}\n{IMPORT}"),
        (BASES, BASES.replace("is Manager", "is Initializable, Manager")),
        (CONSTRUCTOR, f"{CONSTRUCTOR}\n{INITIALIZER}"),
    ),
    "initializer open, by its own rule": with_function(
        '    function init(address a) external { require(a != address(0), "zero"); }'
    ),
    "would fail": with_function(
        "    function contractDependencies() external pure override returns (bytes32[] memory) { revert(); }"
    ),
    "view changed": registry(
        (GETTER, 'return string.concat(_serviceRegistryStorage().serviceURIs[_addr], "/");')
    ),
    "operation changed": registry((SETTER, f'{SETTER}\n        emit ServiceURIUpdate(msg.sender, "");')),
    "locked initializer": registry(
        (IMPORT, f"{INITIALIZABLE}\n{IMPORT}"),
        (BASES, BASES.replace("is Manager", "is Initializable, Manager")),
        (CONSTRUCTOR, CONSTRUCTOR.replace("{}", "{ _disableInitializers(); }") + f"\n{INITIALIZER}"),
    ),
    "comment": registry(("/// @title ServiceRegistry", "/// @title The registry of services")),
}

# Name of the variant: (contract, kind of the finding, part of its words).
REFUSED = {
    "reordered": (
        "TicketBroker",
        "layout: reordered",
        "livepeer.storage.TicketBroker.unlockPeriodRounds: was uint32",
    ),
    "selector clash": ("ServiceRegistry", "selector clash", "implementation() has the selector 0x5c60da1b"),
    "function removed": (
        "ServiceRegistry",
        "function removed",
        "getServiceURI(address) (0x214c2a4b) is gone",
    ),
    "code too large": ("ServiceRegistry", "code too large", "at most 24,576 (EIP-170)"),
    "constructor": ("ServiceRegistry", "constructor", "takes (address, uint256), must take (address)"),
    "wrong controller": (
        "ServiceRegistry",
        "wrong controller",
        "obeys 0x000000000000000000000000000000000000dEaD, must obey",
    ),
    "initializer open": (
        "ServiceRegistry",
        "initializer open",
        "initialize(uint256) of the target is not locked",
    ),
    "initializer open, by its own rule": ("ServiceRegistry", "initializer open", "init(address)"),
    "would fail": ("ServiceRegistry", "would fail", "execute: InvalidTarget("),
    "view changed": ("ServiceRegistry", "view changed", "ServiceRegistry.getServiceURI(0x"),
    "operation changed": (
        "ServiceRegistry",
        "operation changed",
        "publishes its address: ok, 1 events; with the upgrade publishes its address: ok, 2 events",
    ),
}


@pytest.fixture(scope="module")
def builds():
    return compile_variants(VARIANTS, NEW_COMMIT)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    with upgrading(tmp_path_factory.mktemp("upgrading")) as stage:
        yield stage


@pytest.fixture
def stage(deployed):
    mark = deployed.local.request("evm_snapshot")
    yield deployed
    deployed.local.request("evm_revert", mark)


@pytest.mark.parametrize("name", REFUSED)
def test_upgrade__planted_fault__is_refused_by_name(stage, builds, name):
    contract, kind, words = REFUSED[name]
    nonce = stage.local.node.nonce(stage.owner)
    with pytest.raises(UpgradeRefused) as refused:
        stage.upgrade(contract).judge(builds[name])
    assert {finding.kind for finding in refused.value.findings} == {kind}
    assert words in str(refused.value)
    assert stage.local.node.nonce(stage.owner) == nonce


def test_upgrade__same_code_but_for_its_metadata__has_nothing_to_do(stage, builds):
    first = stage.upgrade("ServiceRegistry")
    record = first.send(first.judge(builds["locked initializer"]))
    first.execute(first.ready())
    with pytest.raises(NothingToDo, match=record.target):
        stage.upgrade("ServiceRegistry").judge(builds["locked initializer"])


def test_upgrade__differences_that_are_meant__pass_when_accepted(stage, builds):
    upgrade = stage.upgrade("ServiceRegistry", accepted=("view changed",))
    proposed = upgrade.judge(builds["view changed"])
    assert "view changed" in {finding.kind for finding in proposed.rehearsal.findings if finding.refuses}


def test_upgrade__layout_is_never_accepted(stage, builds):
    with pytest.raises(UpgradeRefused, match="layout: reordered"):
        stage.upgrade("TicketBroker", accepted=("layout: reordered",)).judge(builds["reordered"])


def test_upgrade__implementation_or_layout_that_is_none__is_refused_in_words(stage, tmp_path):
    with pytest.raises(
        UpgradeError, match="--implementation: found 'IMinter'; must be a contract of this build"
    ):
        stage.upgrade("ServiceRegistry", contract="IMinter").judge()
    layout_file = tmp_path / "layout.json"
    layout_file.write_text('{"variables": []}')
    with pytest.raises(UpgradeError, match=r"--deployed-layout: .* is no storage layout"):
        stage.upgrade("ServiceRegistry", layout_file=layout_file).judge()


@pytest.mark.parametrize("name", ["Governor", "Nothing"])
def test_upgrade__no_such_contract_behind_a_proxy__names_those_that_are(stage, builds, name):
    with pytest.raises(UnknownTarget, match=f"found '{name}'.*BondingManager, BondingVotes"):
        stage.upgrade(name).judge(builds["comment"])


def test_upgrade__deployed_layout_is_not_known__says_where_it_could_come_from(stage, builds):
    folder = stage.deployer.path.with_suffix(".builds")
    hidden = folder.with_name("hidden")
    folder.rename(hidden)
    try:
        with pytest.raises(UnknownLayout, match=r"commit 0xabab.*--deployed-layout FILE"):
            stage.upgrade("TicketBroker").judge(builds["reordered"])
        layout_file = SNAPSHOTS / "TicketBroker.json"
        with pytest.raises(UpgradeRefused, match="layout: reordered"):
            stage.upgrade("TicketBroker", layout_file=layout_file).judge(builds["reordered"])
    finally:
        hidden.rename(folder)


def test_upgrade__target_with_code_that_nobody_knows__is_refused(stage, builds):
    address = stage.deploy(builds["wrong controller"], stage.address("Controller"))
    with pytest.raises(UnknownCode, match=address):
        stage.upgrade("ServiceRegistry", target=address).judge(builds["locked initializer"])


def test_upgrade__target_deployed_for_another_controller__is_refused(stage, builds):
    address = stage.deploy(builds["locked initializer"], stage.address("Governor"))
    with pytest.raises(
        UpgradeRefused, match=f"wrong controller: {address} obeys {stage.address('Governor')}"
    ):
        stage.upgrade("ServiceRegistry", target=address).judge(builds["locked initializer"])
