"""What the profile `ci` gives the state machines of each area: tests/stateful runs it, and the exam goes by it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Runs, and steps in each at most."""

    runs: int
    steps: int


# Hypothesis chooses: slow, but it shrinks.  Its examples, not counting those that it discards.
RULES = Budget(runs=41, steps=40)
# Decoded from numbers: about five times as fast.
BYTES = Budget(runs=40, steps=150)
