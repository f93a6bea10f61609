"""Views of the RoundsManager."""

from collections.abc import Iterable

from simulation.observation.table import Row, Scene, Table


class RoundsTable(Table):
    """The clock."""

    contract = "RoundsManager"

    def of_system(self, scene: Scene) -> Iterable[Row]:
        rounds = scene.model.rounds_manager
        state = (rounds.current_round(), rounds.current_round_initialized(), rounds.current_round_locked())
        yield "currentRoundState", (), state
        yield "currentRound", (), state[0]
        yield "currentRoundInitialized", (), state[1]
        yield "currentRoundLocked", (), state[2]
        yield "currentRoundStartBlock", (), rounds.current_round_start_block()
        yield "lastInitializedRound", (), rounds.last_initialized_round
        yield "lastRoundLengthUpdateRound", (), rounds.last_round_length_update_round
        yield "lastRoundLengthUpdateStartBlock", (), rounds.last_round_length_update_start_block
        yield "roundLength", (), rounds.round_length
        yield "roundLockAmount", (), rounds.round_lock_amount

    def of_entries(self, scene: Scene) -> Iterable[Row]:
        for lip, upgrade_round in scene.model.rounds_manager.lip_upgrade_rounds.items():
            yield "lipUpgradeRound", (lip,), upgrade_round

    def of_round(self, scene: Scene, round_number: int) -> Iterable[Row]:
        hash_of_round = scene.model.rounds_manager.block_hash_for_round(round_number)
        yield "blockHashForRound", (round_number,), hash_of_round
