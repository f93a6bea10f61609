"""Runs as files: `trace.json` is written when a run fails, replayed, explained, and turned into tests.

    write(Path("traces"), steps, parameters, Origin(driver="burst", area="bonding", seed=7))

What a trace holds, and what is the same on all engines: docs/replay.md.
"""

from simulation.trace.format import Origin, Trace, TraceRefused, load
from simulation.trace.recording import record, write
from simulation.trace.replaying import Replay, Verdict

__all__ = ["Origin", "Replay", "Trace", "TraceRefused", "Verdict", "load", "record", "write"]
