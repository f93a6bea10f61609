"""propose, vote, execute, proposals as people run them, on a chain whose Governor belongs to the votes of stake.

a grant        proposed, voted on, overridden by a delegator, queued, executed: the payee has it
a parameter    set through the Governor
an upgrade     of a target that holds live state, which is still there
refused        files with faults by place, actions that would fail, votes twice, states that do not fit
"""

from pathlib import Path

import pytest
from eth_utils import to_checksum_address

from scripts._governance.actions import encode_actions
from scripts._governance.errors import GovernanceError
from scripts._governance.proposal_file import load_proposal
from tests.deployment.electorate import LPT, PAYEE
from tests.operations.commands import run

pytestmark = [pytest.mark.deployment, pytest.mark.slow]


def grant(amount: str = "120.5") -> dict:
    return {
        "title": "A grant",
        "text": "For the docs.",
        "actions": [{"pay": {"asset": "LPT", "to": PAYEE, "amount": amount}}],
    }


def test_grant__from_proposal_to_payment__with_a_delegator_who_overrides(electorate):
    dry = electorate.run("propose", electorate.write(**grant()), person=1)
    assert dry.code == 0, dry.errors
    assert "pay 120.5 LPT" in dry.output
    assert " -120.5 LPT" in dry.output
    assert "+120.5 LPT" in dry.output
    assert "Nothing was sent" in dry.output
    assert electorate.run_json("proposals") == []

    electorate.run_json("propose", electorate.write(**grant()), "--broadcast", person=1)
    [pending] = electorate.run_json("proposals")
    assert (pending["state"], pending["title"]) == ("pending", "A grant")
    electorate.pass_rounds(2)
    voted = electorate.run_json("vote", "1", "for", "--reason", "it helps", "--broadcast", person=1)
    assert voted["votes"] == str(13_000 * LPT)
    electorate.run_json("vote", "1", "against", "--broadcast", person=2)
    [active] = electorate.run_json("proposals")
    assert (active["for"], active["against"]) == (str(10_000 * LPT), str(3_000 * LPT))

    early = electorate.run("execute", "1", "--broadcast", person=3)
    assert early.code == 1
    assert "state: found ACTIVE, must be SUCCEEDED or QUEUED; votes until the end of round" in early.errors

    electorate.pass_rounds(3)
    assert electorate.run_json("execute", "1", "--broadcast", person=3)["step"] == "queue"
    assert electorate.run_json("execute", "1", "--broadcast", person=3)["step"] == "execute"
    assert electorate.view("LivepeerToken", "balanceOf", PAYEE) == 120 * LPT + LPT // 2
    [executed] = electorate.run_json("proposals")
    assert executed["state"] == "executed"


def test_parameter__through_the_governor__is_set(electorate):
    action = {"set_parameter": {"contract": "BondingManager", "function": "setUnbondingPeriod", "value": 3}}
    electorate.carry(title="Shorter unbonding", actions=[action])
    assert electorate.view("BondingManager", "unbondingPeriod") == 3


def test_upgrade__of_a_target_with_live_state__keeps_it(electorate):
    before = electorate.view("BondingManager", "getDelegator", electorate.people[2])
    artifact = electorate.deployer.artifacts["BondingManager"]
    code = artifact.bytecode + bytes(12) + bytes.fromhex(electorate.address("Controller")[2:])
    made = electorate.local.request(
        "eth_sendTransactionSync",
        {"from": electorate.owner, "data": "0x" + code.hex(), "gas": hex(10_000_000)},
    )
    target = to_checksum_address(made["contractAddress"])
    upgrade = {"contract": "BondingManager", "target": target, "commit": "0x" + "cd" * 20}
    electorate.carry(title="New code", actions=[{"upgrade": upgrade}])
    entry = electorate.registry.contracts["BondingManager"]
    assert electorate.reader.view_at(entry.address, "ManagerProxy", "implementation") == target
    after = electorate.view("BondingManager", "getDelegator", electorate.people[2])
    assert after == before
    assert before[0] == 3_000 * LPT


def test_propose__more_than_the_treasury_has__is_refused_before_it_is_sent(electorate):
    done = electorate.run("propose", electorate.write(**grant("501")), "--broadcast", person=1)
    assert done.code == 1
    assert "action 1 of 1, pay 501 LPT" in done.errors
    assert "ERC20InsufficientBalance" in done.errors
    assert electorate.run_json("proposals") == []


def test_propose__without_stake__names_the_threshold(electorate):
    done = electorate.run("propose", electorate.write(**grant()), "--broadcast", person=0)
    assert done.code == 1
    assert "GovernorInsufficientProposerVotes" in done.errors


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"title": "x"}, "actions: is missing"),
        ({"title": "x", "actions": [{}]}, "actions.1: found {}; must have exactly one of"),
        (
            {"title": "x", "actions": [{"pay": {"asset": "DAI", "to": PAYEE, "amount": "1"}}]},
            "actions.1.pay.asset: found 'DAI'",
        ),
        (
            {"title": "x", "actions": [{"pay": {"asset": "LPT", "to": PAYEE.lower(), "amount": "1"}}]},
            "actions.1.pay.to: found '0xfefe",
        ),
        (
            {"title": "x", "actions": [{"pay": {"asset": "LPT", "to": PAYEE, "amount": 1.5}}]},
            "actions.1.pay.amount: found 1.5; must be an integer",
        ),
        (
            {"title": "x", "actions": [{"call": {"contract": "Minter", "function": "mint"}}]},
            "actions.1, function: found 'mint', Minter has: ",
        ),
        (
            {"title": "x", "actions": [{"call": {"contract": "Vault", "function": "mint"}}]},
            "actions.1, contract: found 'Vault', this deployment has: ",
        ),
        (
            {
                "title": "x",
                "actions": [
                    {
                        "set_parameter": {
                            "contract": "Minter",
                            "function": "setInflationChange",
                            "value": "many",
                        }
                    }
                ],
            },
            "Minter.setInflationChange: found ['many'], must be (uint256 _inflationChange)",
        ),
    ],
)
def test_proposal_file__with_a_fault__is_refused_by_place(electorate, document, fault):
    with pytest.raises(GovernanceError) as refused:
        encode_actions(load_proposal(Path(electorate.write(**document))), electorate.reader, 1)
    assert fault in str(refused.value)


def test_propose__file_with_a_fault__ends_in_words(electorate):
    done = electorate.run_process("propose", electorate.write(title="x"), person=1)
    assert done.returncode == 1
    assert "actions: is missing" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_vote__twice_or_on_nothing__is_refused_in_words(electorate):
    none = run(electorate, "vote", "1", "for", person=1)
    assert "proposal: found 1; must be the id of a proposal; there are none yet" in none.errors
    electorate.propose(**grant())
    early = run(electorate, "vote", "1", "for", "--broadcast", person=1)
    assert early.code == 1
    assert "state: found PENDING, must be ACTIVE; votes from round" in early.errors
    electorate.pass_rounds(2)
    delegator = run(electorate, "vote", "1", "for", person=2)
    assert f"taken out of what its orchestrator {electorate.people[1]} votes with" in delegator.output
    electorate.run_json("vote", "1", "for", "--broadcast", person=1)
    again = electorate.run("vote", "1", "against", "--broadcast", person=1)
    assert again.code == 1
    assert "has voted on 'A grant' already" in again.errors
    unknown = electorate.run("vote", "7", "for", person=1)
    assert "proposal: found 7; must be the id of a proposal, or its position from 1 to 1" in unknown.errors
