"""What the export makes of logs that are missing, and of the deployed contracts' sparser rows.

given logs that do not reach back              it should be refused, as events and views disagree
given rows in which nobody wrote a stake       an orchestrator's history follows from the events of its votes
given a contract that does not answer         it should be refused with the view
given a value that no slot of ours holds       it should be refused with the value
given a past that begins in a later round      it should be refused, not cut to the present
given a running system                         only a file for rehearsals is written
"""

import pytest

from scripts._migration.errors import (
    HistoryIncomplete,
    RoundNotReached,
    SourceNotPaused,
    StateTooLarge,
    ViewFailed,
)
from scripts._migration.export import export_state
from scripts._migration.state import Account, Checkpoint
from scripts._migration.views import Views
from tests.migration.stage import ChainLedger, LoggingChain, Source

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def source(artifacts):
    return Source(LoggingChain(artifacts), 8, 200, stakers=6, round_length=60, num_active_transcoders=3)


def test_export__logs_are_missing__is_refused(source, artifacts):
    class Forgetful(ChainLedger):
        def logs(self, addresses):
            return super().logs(addresses)[len(self._chain.logs) // 2 :]

    with pytest.raises(HistoryIncomplete, match="the logs are not complete"):
        export_state(Forgetful(source.chain), artifacts, source.world.protocol.controller.address)


def test_export__rows_without_stake__takes_it_from_the_events_of_votes(source, artifacts, monkeypatch):
    controller = source.world.protocol.controller.address
    full = export_state(ChainLedger(source.chain), artifacts, controller, since=0)
    read = Views.many

    def sparse(self, views):
        answers = read(self, views)
        rows = [view.function == "getTranscoderEarningsPoolForRound" for view in views]
        return [(0, *a[1:]) if is_row else a for a, is_row in zip(answers, rows, strict=True)]

    monkeypatch.setattr(Views, "many", sparse)
    found = export_state(ChainLedger(source.chain), artifacts, controller, since=0)
    wanted = {account.address: votes_of(account) for account in full.accounts}
    assert {account.address: votes_of(account) for account in found.accounts} == wanted
    assert sum(map(len, wanted.values())) > 20 + len(wanted)


def votes_of(account: Account) -> list[tuple[int, int]]:
    """What an orchestrator had delegated, by the round from whose start on."""
    changes = [(0, 0)]
    for checkpoint in account.checkpoints:
        votes = checkpoint.delegated if is_orchestrator(account, checkpoint) else 0
        if changes[-1][1] != votes:
            changes.append((checkpoint.start_round, votes))
    return changes


def is_orchestrator(account: Account, checkpoint: Checkpoint) -> bool:
    return checkpoint.delegate == account.address and checkpoint.bonded > 0


def test_export__view_reverts__is_refused_with_its_name(source, artifacts):
    class Silent(ChainLedger):
        def _call(self, to, data):
            selector = source.world.contracts["BondingVotes"].getVotes.abi.selector
            return None if data[:4] == selector else super()._call(to, data)

    with pytest.raises(ViewFailed, match=r"BondingVotes.getVotes\(0x\w+\) does not answer"):
        export_state(Silent(source.chain), artifacts, source.world.protocol.controller.address)


def test_export__value_above_the_packed_storage__is_refused(source, artifacts, monkeypatch):
    monkeypatch.setattr(ChainLedger, "balance", lambda self, address: 2**112)
    with pytest.raises(StateTooLarge, match=f"held_wei: found {2**112}"):
        export_state(ChainLedger(source.chain), artifacts, source.world.protocol.controller.address)


def test_export__past_from_a_later_round__is_refused(source, artifacts):
    controller = source.world.protocol.controller.address
    with pytest.raises(RoundNotReached, match="since: found round 1000000; must be the current one, "):
        export_state(ChainLedger(source.chain), artifacts, controller, since=10**6)


def test_export__system_runs__writes_for_rehearsal_only(source, artifacts):
    controller = source.world.protocol.controller
    with source.chain.isolate():
        source.chain.at("Controller", controller).unpause.send(sender=source.world.cast.owner)
        with pytest.raises(SourceNotPaused):
            export_state(ChainLedger(source.chain), artifacts, controller.address)
        rehearsal = export_state(ChainLedger(source.chain), artifacts, controller.address, rehearsal=True)
    assert rehearsal.origin.paused is False
