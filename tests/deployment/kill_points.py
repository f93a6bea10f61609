"""Kills a deployment with SIGKILL at random points, lets it go on, and compares what is there in the end.

    .venv/bin/python -m tests.deployment.kill_points --points 200 --seed 1

A point is a place in the run where something leaves the process: before or after a question to the node, before or
after a record reaches the disk, or half-way through a record. Each trial starts from an empty chain, is killed at one
point, then perhaps at others, and runs to its end. The end must be that of an undisturbed run, and the chain must
hold each transaction once.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scripts._deployment.journal import Journal, journal_line
from scripts._deployment.node import Node
from scripts._deployment.registry import Registry
from tests.deployment.end_state import describe, digest
from tests.deployment.node import Deployer, local_node

SECOND_KILL_PERCENT = 40


class Fuse:
    """Counts the points that a run passes and kills the process at one of them."""

    def __init__(self, burns_at: int | None) -> None:
        self.passed, self._burns_at = 0, burns_at

    def is_lit(self) -> bool:
        """Count a point; whether this is the one."""
        self.passed += 1
        return self.passed == self._burns_at

    def point(self) -> None:
        """Count a point, and die if this is the one."""
        if self.is_lit():
            os.kill(os.getpid(), signal.SIGKILL)


class FusedNode(Node):
    """A node with a point before and after each question."""

    def __init__(self, web3, fuse: Fuse) -> None:
        super().__init__(web3)
        self._fuse = fuse

    def _ask(self, question: Callable):
        self._fuse.point()
        answer = super()._ask(question)
        self._fuse.point()
        return answer


def lay_fuse(fuse: Fuse) -> None:
    """Points before, within and after each record of the journal, in this process for good."""
    append = Journal.append

    def fused(journal: Journal, record) -> None:
        fuse.point()
        if fuse.is_lit():
            line = journal_line(record)
            with journal.path.open("ab") as file:
                file.write(line[: len(line) // 2])
                file.flush()
                os.fsync(file.fileno())
            os.kill(os.getpid(), signal.SIGKILL)
        append(journal, record)
        fuse.point()

    Journal.append = fused


@dataclass(frozen=True)
class Outcome:
    """What a trial left."""

    digest: str
    nonce: int
    transactions: int


def count_points(deployer: Deployer) -> int:
    """How many points an undisturbed run passes, counted in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        fuse = Fuse(None)
        lay_fuse(fuse)
        deployer.local.connect()
        deployer.run(FusedNode(deployer.local.web3, fuse))
        os.write(writer, str(fuse.passed).encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    return int(os.read(reader, 32))


def run_killed(deployer: Deployer, point: int) -> bool:
    """A run in a process of its own that dies at that point; whether it did not get so far."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            fuse = Fuse(point)
            lay_fuse(fuse)
            deployer.local.connect()
            deployer.run(FusedNode(deployer.local.web3, fuse))
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    if os.WEXITSTATUS(status) != 0:
        raise AssertionError(f"a run failed by itself before point {point}")
    return True


def trial(deployer: Deployer, points: list[int]) -> Outcome:
    """Kill a deployment at these points, one after the other, and let it end."""
    mark = deployer.local.request("evm_snapshot")
    try:
        first_block = deployer.local.node.block_number()
        finished = any(run_killed(deployer, point) for point in points)
        registry = Registry.load(deployer.path) if finished else deployer.run()
        return outcome(deployer, registry, first_block)
    finally:
        deployer.local.request("evm_revert", mark)
        for file in deployer.path.parent.glob("registry.*"):
            file.unlink()


def outcome(deployer: Deployer, registry: Registry, first_block: int) -> Outcome:
    """What is there, and how many transactions of the deployer made it."""
    local = deployer.local
    sent = 0
    for number in range(first_block + 1, local.node.block_number() + 1):
        block = local.request("eth_getBlockByNumber", hex(number), True)
        sent += sum(int(t["from"], 16) == int(deployer.signer.address, 16) for t in block["transactions"])
    facts = describe(local, registry, deployer.artifacts)
    return Outcome(digest(facts), local.node.nonce(deployer.signer.address), sent)


def draw_points(generator: random.Random, total: int) -> list[int]:
    """One point or more."""
    points = [generator.randint(1, total)]
    while generator.randrange(100) < SECOND_KILL_PERCENT:
        points.append(generator.randint(1, total))
    return points


def undisturbed(deployer: Deployer) -> tuple[Outcome, int]:
    """What a run without kills leaves, and how many points it passes."""
    expected = trial(deployer, [])
    mark = deployer.local.request("evm_snapshot")
    total = count_points(deployer)
    deployer.local.request("evm_revert", mark)
    for file in deployer.path.parent.glob("registry.*"):
        file.unlink()
    return expected, total


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=200, help="trials")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--network", default="local", help="parameter file")
    given = parser.parse_args()
    generator = random.Random(given.seed)
    with local_node() as local, tempfile.TemporaryDirectory() as folder:
        deployer = Deployer(local, Path(folder) / "registry.json", network=given.network)
        expected, total = undisturbed(deployer)
        print(
            f"{total} points, {len(deployer.plan.steps)} steps, {expected.transactions} transactions",
            flush=True,
        )
        wrong = kills = 0
        for number in range(1, given.points + 1):
            points = draw_points(generator, total)
            kills += len(points)
            found = trial(deployer, points)
            if found != expected:
                wrong += 1
                print(f"killed at {points}: found {found}, expected {expected}", flush=True)
            if number % 10 == 0:
                print(f"{number} of {given.points}: {kills} kills, {wrong} wrong", flush=True)
    print(f"{given.points - wrong} of {given.points} deployments ended alike")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
