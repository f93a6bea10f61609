"""An Anvil as a child process, with the accounts of Ape's test section."""

import re
import shutil
import time

from scripts._demo.errors import ChainRefused
from scripts._demo.processes import Child, Children

LISTENING = re.compile(r"^Listening on (\S+)$", re.MULTILINE)
START_SECONDS = 30.0


def start_anvil(children: Children, *options: str, port: int = 0) -> tuple[str, Child]:
    """Starts Anvil on `port`, 0 for one that the system chooses; returns its address and the process.

    Raises ChainRefused if it is not installed or does not listen.
    """
    from ape import config

    binary = shutil.which("anvil")
    if binary is None:
        raise ChainRefused("anvil is not there; `make setup` installs it in the project")
    test, network = config.get_config("test"), config.get_config("foundry")
    accounts = ("--mnemonic", test.mnemonic, "--derivation-path", test.hd_path)
    numbers = ("--accounts", str(test.number_of_accounts), "--balance", str(test.balance // 10**18))
    rules = ("--hardfork", network.evm_version)
    child = children.start("anvil", binary, "--port", str(port), *accounts, *numbers, *rules, *options)
    deadline = time.monotonic() + START_SECONDS
    while (found := LISTENING.search(child.log.read_text())) is None:
        child.require_running()
        if time.monotonic() > deadline:
            raise ChainRefused(f"anvil does not listen after {START_SECONDS:.0f} s\n{child.log_tail()}")
        time.sleep(0.05)
    return f"http://{found[1]}", child
