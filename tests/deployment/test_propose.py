"""What `ape run propose` shows, sends and refuses, on a chain whose Governor belongs to the votes of stake.

settings   of the governor, which it takes only from itself: each can be proposed, and is set when it is executed
rehearsal  on a copy: the connected chain stays as it is, whatever others do on it meanwhile
others     what they write into a proposal neither stops the commands nor takes a proposal away
voters     see the calls, those inside of calls as well
"""

import pytest
from eth_abi import encode
from eth_utils import function_signature_to_4byte_selector, keccak

from scripts._deployment.errors import NodeRefused
from scripts._deployment.reverts import describe_revert
from scripts._governance.actions import encode_call
from scripts._governance.decoding import describe_call
from scripts._governance.proposals import list_proposals
from tests.deployment.electorate import LPT, PAYEE
from tests.operations.commands import run

pytestmark = pytest.mark.deployment

SETTINGS = {
    "setVotingDelay": ([2], "votingDelay"),
    "setVotingPeriod": ([5], "votingPeriod"),
    "setProposalThreshold": ([7 * LPT], "proposalThreshold"),
    "updateQuorumNumerator": ([250_000], "quorumNumerator()"),
}


def call(contract: str, function: str, *arguments) -> dict:
    """An action that the treasury takes itself."""
    return {"call": {"contract": contract, "function": function, "arguments": list(arguments)}}


def pay(amount: str, asset: str = "LPT") -> dict:
    return {"pay": {"asset": asset, "to": PAYEE, "amount": amount}}


def propose(electorate, *actions: dict, options: tuple = (), title: str = "Something", person: int = 1):
    """The command, in this process."""
    file = electorate.write(title=title, actions=list(actions))
    return run(electorate, "propose", file, *options, person=person)


def refused(electorate, *actions: dict) -> str:
    """The words of a refusal; nothing was sent."""
    done = propose(electorate, *actions, options=("--broadcast",))
    assert done.code == 1, done.output
    assert list_proposals(electorate.local.node, electorate.reader) == []
    return done.errors


@pytest.mark.parametrize("function", SETTINGS)
def test_propose__setting_of_the_governor__is_rehearsed_and_its_change_is_shown(electorate, function):
    arguments, getter = SETTINGS[function]
    before = electorate.view("LivepeerGovernor", getter)
    done = propose(electorate, call("LivepeerGovernor", function, *arguments))
    assert done.code == 0, done.errors
    assert f"LivepeerGovernor.{function}({arguments[0]})" in done.output
    assert "storage 0x" in done.output
    assert electorate.view("LivepeerGovernor", getter) == before


def test_propose__two_settings_and_a_relayed_call__are_rehearsed_together(electorate):
    token = electorate.address("LivepeerToken")
    approval = "0x095ea7b3" + PAYEE[2:].lower().zfill(64) + "00" * 31 + "05"
    done = propose(
        electorate,
        call("LivepeerGovernor", "setVotingDelay", 2),
        call("LivepeerGovernor", "relay", token, 0, approval),
        call("LivepeerGovernor", "setVotingPeriod", 4),
    )
    assert done.code == 0, done.errors


def test_propose__all_settings__are_set_once_it_is_executed(electorate):
    actions = [
        call("LivepeerGovernor", function, *arguments) for function, (arguments, _) in SETTINGS.items()
    ]
    assert propose(electorate, *actions, options=("--broadcast",)).code == 0
    electorate.pass_rounds(2)
    assert run(electorate, "vote", "1", "for", "--broadcast", person=1).code == 0
    electorate.pass_rounds(3)
    for _ in ("queue", "execute"):
        done = run(electorate, "execute", "1", "--broadcast", person=3)
        assert done.code == 0, done.errors
    for arguments, getter in SETTINGS.values():
        assert electorate.view("LivepeerGovernor", getter) == arguments[0]


def test_propose__dry_run__leaves_what_others_do_meanwhile(electorate, monkeypatch):
    """Somebody else's transaction lands while the calls are tried."""
    from scripts._governance import rehearsal

    make = rehearsal._make

    def with_company(*arguments):
        electorate.send("LivepeerToken", "transfer(address,uint256)", PAYEE, 3 * LPT)
        return make(*arguments)

    monkeypatch.setattr(rehearsal, "_make", with_company)
    done = propose(electorate, pay("1"))
    assert done.code == 0, done.errors
    assert electorate.view("LivepeerToken", "balanceOf", PAYEE) == 3 * LPT


def test_propose__dry_run__leaves_no_account_that_needs_no_key(electorate):
    assert propose(electorate, pay("1")).code == 0
    treasury = electorate.address("Treasury")
    answer = electorate.local.web3.provider.make_request(
        "eth_sendTransaction", [{"from": treasury, "to": PAYEE, "value": "0x0"}]
    )
    assert "No Signer" in answer["error"]["message"]


def test_propose__description__names_its_proposer_so_that_nobody_else_can_take_it(electorate):
    """A copy of the pending transaction, sent first (governance.md G4)."""
    assert propose(electorate, pay("1"), options=("--broadcast",)).code == 0
    [found] = list_proposals(electorate.local.node, electorate.reader)
    assert found.description.endswith(b"#proposer=" + electorate.people[1].encode())
    content = [list(found.targets), list(found.values), list(found.calldatas), found.description.decode()]
    data = encode_call(electorate.reader, "LivepeerGovernor", "propose", content)
    with pytest.raises(NodeRefused) as refused:
        electorate.local.node.call(
            {
                "from": electorate.people[3],
                "to": electorate.address("LivepeerGovernor"),
                "data": "0x" + data.hex(),
            }
        )
    assert "GovernorRestrictedProposer" in describe_revert(refused.value, electorate.deployer.artifacts)


def submit(electorate, description: bytes, *calls: tuple[str, bytes]) -> None:
    """A proposal of somebody who does not use our commands; `calls` are targets with calldata."""
    selector = function_signature_to_4byte_selector("propose(address[],uint256[],bytes[],string)")
    targets, calldatas = zip(*(calls or [(PAYEE, b"")]), strict=True)
    content = [targets, [0] * len(targets), calldatas, description]
    data = selector + encode(["address[]", "uint256[]", "bytes[]", "bytes"], content)
    electorate.send_data("LivepeerGovernor", data, sender=electorate.people[3])


def test_commands__description_that_is_no_text__is_shown_and_can_be_voted_on(electorate):
    submit(electorate, b"\xff\xfe hello\nmore")
    shown = run(electorate, "proposals", person=None)
    assert shown.code == 0, shown.errors
    assert "hello" in shown.output
    [listed] = run(electorate, "proposals", "--json", person=None).json
    assert listed["id"] == str(list_proposals(electorate.local.node, electorate.reader)[0].id)
    assert propose(electorate, pay("1")).code == 0
    electorate.pass_rounds(2)
    assert run(electorate, "vote", "1", "for", "--broadcast", person=1).code == 0
    electorate.pass_rounds(3)
    assert run(electorate, "execute", "1", "--broadcast", person=1).code == 0


@pytest.mark.parametrize(
    ("description", "shown"),
    [
        (b"# Grant [/x]", "Grant [/x]"),
        (b"# [conceal]Drain[/conceal] it", "[conceal]Drain[/conceal] it"),
        ("# red \x1b[31m\x9b2J \u202eback".encode(), "red  [31m 2J  back"),
    ],
)
def test_commands__title_with_codes__is_shown_letter_by_letter(electorate, description, shown):
    submit(electorate, description)
    listed = run(electorate, "proposals", person=None)
    assert listed.code == 0
    assert shown in listed.output
    electorate.pass_rounds(2)
    voted = run(electorate, "vote", "1", "for", person=1)
    assert voted.code == 0
    assert shown in voted.output
    assert not set("\x1b\x9b\u202e") & set(listed.output + voted.output)


def test_proposals__one_of_them__shows_its_calls_and_those_inside(electorate):
    actions = [
        {"as_owner": {"contract": "Controller", "function": "pause"}},
        pay("2"),
        {"pay": {"asset": "ETH", "to": PAYEE, "amount": "0"}},
    ]
    assert propose(electorate, *actions, options=("--broadcast",), title="Halt").code == 0
    shown = run(electorate, "proposals", "1", person=None)
    assert shown.code == 0, shown.errors
    [found] = list_proposals(electorate.local.node, electorate.reader)
    for words in (
        f"proposal {found.id}",
        "1. Governor.stage([[Controller], [0], ",
        "     Controller.pause()\n   to " + electorate.address("Governor"),
        "2. Governor.execute([[Controller], [0], ",
        f"3. LivepeerToken.transfer({PAYEE}, {2 * LPT})",
        f"4. {PAYEE}: no call, a payment at most",
        f"   0x{found.calldatas[2].hex()}",
    ):
        assert words in shown.output
    document = run(electorate, "proposals", "1", "--json", person=None).json
    assert document["id"] == str(found.id)
    assert document["targets"] == list(found.targets)
    assert document["values"] == ["0"] * 4
    assert document["calldatas"][2] == "0x" + found.calldatas[2].hex()
    assert document["calls"][0][1] == "  Controller.pause()"


def test_vote_and_execute__before_they_send__show_the_calls(electorate):
    assert propose(electorate, pay("2"), options=("--broadcast",)).code == 0
    electorate.pass_rounds(2)
    words = f"1. LivepeerToken.transfer({PAYEE}, {2 * LPT})"
    voted = run(electorate, "vote", "1", "for", "--broadcast", "--json", person=1)
    assert words in voted.errors
    assert voted.json["sent"]
    electorate.pass_rounds(3)
    assert words in run(electorate, "execute", "1", person=1).output


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        (b"0x" + b"z" * 40, "ServiceRegistry.setServiceURI(0x" + "z" * 40 + ")"),
        (b"\xff\xfe", "ServiceRegistry: unknown call 0x"),
        (b"a\n2. Controller.unpause()", "1. ServiceRegistry.setServiceURI(a 2. Controller.unpause())"),
    ],
)
def test_proposals__argument_that_is_meant_to_confuse__is_shown_all_the_same(electorate, uri, shown):
    data = function_signature_to_4byte_selector("setServiceURI(string)") + encode(["bytes"], [uri])
    text = b"x\nCalls of the treasury\n1. nothing"
    submit(electorate, text, (electorate.address("ServiceRegistry"), data))
    done = run(electorate, "proposals", "1", person=None)
    assert done.code == 0, done.errors
    assert shown in done.output
    assert "\n  | 1. nothing\n" in done.output


def test_describe_call__thousands_of_calls_in_one__shows_some_and_counts_the_rest(electorate):
    governor = electorate.address("Governor")
    update = ([governor] * 1_000, [0] * 1_000, [b"\1\2\3\4"] * 1_000, 0)
    data = encode_call(electorate.reader, "Governor", "execute", [update])
    lines = describe_call(governor, data, electorate.reader)
    assert len(lines) == 52
    assert lines[1] == "  Governor: unknown call 0x01020304"
    assert lines[-1] == "  and 950 more calls, which are not shown"


def test_proposals__call_that_nobody_knows__is_shown_as_unknown(electorate):
    token = electorate.address("LivepeerToken")
    submit(electorate, b"x", (PAYEE, b"\1\2\3\4"), (token, b"\xff" * 36))
    shown = run(electorate, "proposals", "1", person=None)
    assert f"1. {PAYEE}: unknown call 0x01020304" in shown.output
    assert "2. LivepeerToken: unknown call 0xffff" in shown.output


def test_commands__governor_without_its_clock__say_so(electorate):
    assert propose(electorate, pay("2"), options=("--broadcast",)).code == 0
    electorate.send(
        "Controller",
        "setContractInfo(bytes32,address,bytes20)",
        keccak(text="BondingVotesTarget"),
        "0x" + "00" * 20,
        bytes(20),
        sender=electorate.address("Governor"),
    )
    done = run(electorate, "proposals", person=None)
    assert done.code == 1
    assert done.errors.startswith("Unreadable: LivepeerGovernor.")


def test_propose__parameter_and_payment_of_ether__are_rehearsed_and_done(electorate):
    electorate.local.request("anvil_setBalance", electorate.address("Treasury"), hex(3 * LPT))
    action = {"set_parameter": {"contract": "BondingManager", "function": "setUnbondingPeriod", "value": 3}}
    done = propose(electorate, action, pay("1.25", "ETH"), options=("--broadcast",))
    assert done.code == 0, done.errors
    assert "1. stage BondingManager.setUnbondingPeriod(3)" in done.output
    assert "Treasury: 3 → 1.75 ETH" in done.output
    electorate.pass_rounds(2)
    assert run(electorate, "vote", "1", "for", "--broadcast", person=1).code == 0
    electorate.pass_rounds(3)
    before = electorate.local.node.balance(PAYEE)
    for _ in ("queue", "execute"):
        assert run(electorate, "execute", "1", "--broadcast", person=3).code == 0
    assert electorate.view("BondingManager", "unbondingPeriod") == 3
    assert electorate.local.node.balance(PAYEE) == before + 5 * LPT // 4


def test_propose__call_that_needs_more_gas_than_a_proposal_should__is_refused(electorate):
    """It succeeds when it is asked for without a limit."""
    # GAS, PUSH4 25,000,000, GT, PUSH1 11, JUMPI, STOP, JUMPDEST, PUSH0, PUSH0, REVERT
    electorate.local.request("anvil_setCode", PAYEE, "0x5a63017d784011600b57005b5f5ffd")
    words = refused(electorate, pay("0", "ETH"))
    assert "action 1 of 1, pay 0 ETH" in words
    assert "fails with 20,000,000 gas" in words


@pytest.mark.parametrize(
    "action",
    [
        {"set_parameter": {"contract": "BondingManagerTarget", "function": "setUnbondingPeriod", "value": 3}},
        {
            "as_owner": {
                "contract": "BondingManagerTarget",
                "function": "setUnbondingPeriod",
                "arguments": [3],
            }
        },
        call("LivepeerGovernorTarget", "setVotingDelay", 3),
    ],
)
def test_propose__code_behind_a_proxy__is_refused(electorate, action):
    words = refused(electorate, action)
    assert "actions.1, contract: found " in words
    assert "Target', the code behind a proxy; must be '" in words


def test_propose__fee_that_is_no_number__is_refused(electorate):
    assert propose(electorate, pay("1"), options=("--max-fee", "nan")).code == 2
