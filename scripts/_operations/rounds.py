"""Where the clock of the protocol stands, and why a round can or cannot be initialized."""

from dataclasses import asdict, dataclass

from scripts._deployment.reader import Reader
from scripts._operations.errors import RoundRefused


@dataclass(frozen=True)
class Clock:
    """Rounds in blocks: on Arbitrum these are L1 blocks, of about 12 seconds."""

    round: int
    initialized: bool
    locked: bool
    paused: bool
    block: int
    start_block: int
    length_blocks: int
    last_initialized_round: int

    @property
    def blocks_left(self) -> int:
        """Until the next round begins."""
        return self.start_block + self.length_blocks - self.block

    def describe(self) -> str:
        """One line for people."""
        state = "initialized" if self.initialized else "not initialized"
        lock = ", locked" if self.locked else ""
        return (
            f"Round {self.round}, {state}{lock}: block {self.block - self.start_block + 1} of {self.length_blocks}, "
            f"round {self.round + 1} begins in {self.blocks_left} blocks."
        )

    def to_json(self) -> dict:
        return asdict(self) | {"blocks_left": self.blocks_left}


def read_clock(reader: Reader) -> Clock:
    """Raises RoundRefused if the RoundsManager does not answer."""
    view = reader.view
    block, length = view("RoundsManager", "blockNum"), view("RoundsManager", "roundLength")
    if not isinstance(block, int) or not length:
        raise RoundRefused(
            f"RoundsManager.roundLength: found {length!r}, must be positive; its target may not be registered"
        )
    return Clock(
        view("RoundsManager", "currentRound"),
        view("RoundsManager", "currentRoundInitialized"),
        view("RoundsManager", "currentRoundLocked"),
        view("Controller", "paused"),
        block,
        view("RoundsManager", "currentRoundStartBlock"),
        length,
        view("RoundsManager", "lastInitializedRound"),
    )


def require_possible(clock: Clock, reader: Reader) -> None:
    """Raises RoundRefused with the reason, and with what would mend it."""
    if clock.paused:
        raise RoundRefused(
            f"Controller.paused: found True; round {clock.round} can be initialized once the system is unpaused "
            "(`ape run unpause`)"
        )
    if not isinstance(reader.view("L2LPTDataCache", "l1CirculatingSupply"), int):
        raise RoundRefused(
            "L2LPTDataCache.l1CirculatingSupply: does not answer; the Minter needs it at the start of each round: "
            "register one that does"
        )
