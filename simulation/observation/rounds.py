"""Views of the RoundsManager."""

from collections.abc import Iterable

from simulation.observation.table import Row, Scene, Table, ask


class RoundsTable(Table):
    """The clock."""

    contract = "RoundsManager"

    def of_system(self, scene: Scene) -> Iterable[Row]:
        rounds = scene.model.rounds_manager
        yield "currentRoundState", (), rounds.current_round_state()
        yield "currentRound", (), rounds.current_round()
        yield "currentRoundInitialized", (), rounds.current_round_initialized()
        yield "currentRoundLocked", (), rounds.current_round_locked()
        yield "currentRoundStartBlock", (), rounds.current_round_start_block()
        yield "lastInitializedRound", (), rounds.last_initialized_round
        yield "lastRoundLengthUpdateRound", (), rounds.last_round_length_update_round
        yield "lastRoundLengthUpdateStartBlock", (), rounds.last_round_length_update_start_block
        yield "roundLength", (), rounds.round_length
        yield "roundLockAmount", (), rounds.round_lock_amount
        yield "blockNum", (), rounds.block_num()

    def in_turn(self, scene: Scene) -> Iterable[Row]:
        rounds, block = scene.model.rounds_manager, scene.model.block_number
        distances = (-1, 0, 1, 256, 257, 1_000)
        asked = max(0, block - distances[block % len(distances)])
        yield "blockHash", (asked,), ask(rounds.block_hash, asked)
        for n in (block % max(1, scene.round), scene.round):
            yield "roundStateAndBlockHash", (n,), rounds.round_state_and_block_hash(n)

    def of_entries(self, scene: Scene) -> Iterable[Row]:
        rounds = scene.model.rounds_manager
        for lip in rounds.lip_upgrade_rounds:
            yield "lipUpgradeRound", (lip,), rounds.lip_upgrade_round(lip)

    def of_round(self, scene: Scene, round_number: int) -> Iterable[Row]:
        block_hash = scene.model.rounds_manager.block_hash_for_round(round_number)
        yield "blockHashForRound", (round_number,), block_hash


class AdjustableClockTable(Table):
    """The clock that anybody sets, while its code runs."""

    contract = "AdjustableClock"

    def in_turn(self, scene: Scene) -> Iterable[Row]:
        rounds = scene.model.rounds_manager
        if rounds.is_adjustable is True:
            yield "num", (), rounds.number
            yield "hash", (), rounds.hash
