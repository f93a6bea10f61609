"""The off-chain side: two orchestrators with a worker each, a gateway and a redeemer, each a process of its own."""

import json
import re
import secrets
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from scripts._demo import economics
from scripts._demo.actors import ORCHESTRATORS, Actors
from scripts._demo.errors import ServiceFailed
from scripts._demo.processes import Child, Children, free_port

PORT_ATTEMPTS = 5
READY_SECONDS = 90.0
SEGMENT_LINE = re.compile(r"segment (\d+): ")


@dataclass
class OrchestratorSite:
    """One orchestrator as its operator sees it."""

    role: str
    address: str
    port: int
    database: Path
    config: Path
    token: str
    service: Child | None = None
    worker: Child | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.database}"


class Services:
    """Starts and stops the processes; everything that they write lies in `folder`."""

    def __init__(
        self, children: Children, folder: Path, actors: Actors, rpc_url: str, controller: str, price_wei: int
    ):
        self._children = children
        self._folder = folder
        self._actors = actors
        self._price_wei = price_wei
        self._chain = {"rpc_url": rpc_url, "controller": controller}
        self._password_file = folder / "password"
        self._password_file.write_text(secrets.token_urlsafe(24))
        self.sites: dict[str, OrchestratorSite] = {}

    def start_orchestrators(self) -> None:
        for role in ORCHESTRATORS:
            name = role.replace(" ", "-")
            site = OrchestratorSite(
                role=role,
                address=str(self._actors[role].address),
                port=free_port(),
                database=self._folder / f"{name}.db",
                config=self._folder / f"{name}.toml",
                token=secrets.token_urlsafe(24),
            )
            self.sites[role] = site
            self._start(site)

    def wait_until_ready(self) -> None:
        """Returns when each orchestrator answers and has a worker. A port that was taken meanwhile is exchanged."""
        deadline = time.monotonic() + READY_SECONDS
        attempts = dict.fromkeys(self.sites, 1)
        waiting = dict(self.sites)
        with httpx.Client(timeout=2.0) as http:
            while waiting:
                for role, site in list(waiting.items()):
                    if not site.service.is_running() and attempts[role] < PORT_ATTEMPTS:
                        attempts[role] += 1
                        site.worker.stop()
                        site.port = free_port()
                        self._start(site)
                    site.service.require_running()
                    site.worker.require_running()
                    if _workers_of(http, site) > 0:
                        del waiting[role]
                if waiting and time.monotonic() > deadline:
                    raise ServiceFailed(f"{', '.join(waiting)}: not ready after {READY_SECONDS:.0f} s")
                time.sleep(0.1)

    def transcode(
        self, video: Path, output: Path, profiles: tuple[str, ...], budget_wei: int, on_segment: Callable
    ) -> dict:
        """Has the gateway buy the renditions; returns its report. `on_segment(number)` is told of each finished one."""
        config = self._write(
            "gateway",
            key=self._keystore("gateway"),
            gateway={
                "orchestrators": [f"{site.address}@{site.url}" for site in self.sites.values()],
                "database": f"sqlite:///{self._folder}/gateway.db",
                "profiles": list(profiles),
                "require_registered_url": True,
                "max_price_wei_per_million_pixels": self._price_wei,
                "budget_wei": budget_wei,
                "max_ticket_expected_value_wei": economics.MAX_EXPECTED_VALUE_WEI,
                "max_payment_expected_value_wei": budget_wei,
            },
        )
        answer = self._folder / "gateway.json"
        with answer.open("w") as stdout:
            child = self._children.start_worker_command(
                "gateway",
                "gateway",
                "transcode",
                str(video),
                *("--config", str(config), "--output", str(output), "--json"),
                stdout=stdout,
                stderr=subprocess.PIPE,
            )
            with child.log.open("wb") as log:
                for line in child.process.stderr:
                    log.write(line)
                    log.flush()
                    if found := SEGMENT_LINE.match(line.decode(errors="replace")):
                        on_segment(int(found[1]))
            child.process.wait()
        report = _document(answer, child)
        if child.process.returncode != 0:
            reason = report.get("error") if "segments" in report else report
            raise ServiceFailed(f"the gateway stopped: {reason['error']}: {reason['message']}")
        return report

    def redeem(self, site: OrchestratorSite) -> list[dict]:
        """One pass of the redeemer over an orchestrator's winners; returns what it did with each."""
        name = f"redeemer of {site.role}"
        config = self._write(
            name.replace(" ", "-"),
            key=self._keystore("redeemer"),
            redeemer={"database": site.database_url},
            tickets={"redeem_gas": economics.REDEEM_GAS},
        )
        answer = self._folder / "redeemer.json"
        with answer.open("w") as stdout:
            arguments = ("redeemer", "run", "--once", "--json", "--config", str(config))
            child = self._children.start_worker_command(name, *arguments, stdout=stdout)
            child.process.wait()
        document = _document(answer, child)
        if child.process.returncode != 0:
            raise ServiceFailed(f"{name}: {document['error']}: {document['message']}")
        return document["winners"]

    def crash(self, role: str) -> None:
        """The orchestrator is gone without a word; its database stays as it is."""
        self.sites[role].service.kill()
        self.sites[role].worker.stop()

    def stop_orchestrators(self) -> None:
        for site in self.sites.values():
            site.worker.stop()
            site.service.stop()

    def _start(self, site: OrchestratorSite) -> None:
        self._write(
            site.config.stem,
            key=self._keystore(site.role),
            orchestrator={
                "host": "127.0.0.1",
                "port": site.port,
                "database": site.database_url,
                "price_wei_per_million_pixels": self._price_wei,
            },
            tickets={
                "expected_value_wei": economics.EXPECTED_VALUE_WEI,
                "max_face_value_wei": economics.FACE_VALUE_WEI,
                "redeem_gas": economics.REDEEM_GAS,
                "parameters_lifetime_blocks": economics.PARAMETERS_LIFETIME_BLOCKS,
            },
        )
        # The secret that operator and worker share goes through the environment: settings files hold no secrets.
        config = ("--config", str(site.config))
        env = {"OW_ORCHESTRATOR__WORKER_TOKEN": site.token}
        site.service = self._children.start_worker_command(
            site.role, "orchestrator", "serve", *config, env=env
        )
        name = f"worker of {site.role}"
        env = {"OW_WORKER__WORKER_TOKEN": site.token}
        arguments = ("worker", "run", "--orchestrator-url", site.url, "--name", name)
        site.worker = self._children.start_worker_command(name, *arguments, env=env)

    def _keystore(self, role: str) -> dict[str, str]:
        """The section that names the account's encrypted key."""
        from eth_account import Account

        path = self._folder / f"{role.replace(' ', '-')}.keystore.json"
        if not path.exists():
            # The password is random: a slow key derivation would protect nothing more.
            encrypted = Account.encrypt(
                self._actors[role].private_key, self._password_file.read_text(), kdf="scrypt", iterations=4096
            )
            path.write_text(json.dumps(encrypted))
        return {"keystore": str(path), "password_file": str(self._password_file)}

    def _write(self, name: str, **sections: dict) -> Path:
        """A settings file: JSON's notation of texts, numbers, lists and truth values is TOML's too."""
        lines = []
        for section, values in ({"chain": self._chain} | sections).items():
            lines += [f"[{section}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items()), ""]
        path = self._folder / f"{name}.toml"
        path.write_text("\n".join(lines))
        return path


def _workers_of(http: httpx.Client, site: OrchestratorSite) -> int:
    try:
        health = http.get(f"{site.url}/healthz").json()
        return health["workers"]["transcode"] if health["orchestrator"] == site.address else 0
    except (httpx.HTTPError, ValueError, KeyError):
        return 0


def _document(path: Path, child: Child) -> dict:
    try:
        return json.loads(path.read_text())
    except ValueError:
        code = child.process.returncode
        raise ServiceFailed(
            f"{child.name} ended with exit code {code}\n{child.log_tail()}".rstrip()
        ) from None
