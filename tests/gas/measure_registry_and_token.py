"""Operations of the registry, the proxies and the token."""

from simulation.protocol import COMMIT, LPT, contract_id
from tests.gas.operations import TEN, operation


@operation("serviceRegistry.set", TEN)
def service_registry_set(bench):
    """O1.setServiceURI('https://127.0.0.1:8935')"""
    return bench.protocol.service_registry.setServiceURI.send("https://127.0.0.1:8935", sender=bench.o(1))


@operation("token.transfer", TEN)
def token_transfer(bench):
    """LPT transfer of 1 LPT to an address that holds LPT"""
    return bench.protocol.token.transfer.send(bench.N1, LPT, sender=bench.N0)


@operation("token.approve", TEN)
def token_approve(bench):
    """LPT approve(BondingManager, 100 LPT), first"""
    return bench.protocol.token.approve.send(bench.bonding, 100 * LPT, sender=bench.B0)


@operation("controller.setContractInfo", TEN)
def controller_set_contract_info(bench):
    """the owner re-registers BondingManagerTarget with another address"""
    target = bench.chain.deploy("BondingManager", bench.protocol.controller, sender=bench.owner)
    return bench.protocol.controller.setContractInfo.send(
        contract_id("BondingManagerTarget"), target, COMMIT, sender=bench.owner
    )


PROXIED_VIEWS = {
    "BondingManager": ("unbondingPeriod", 0),
    "RoundsManager": ("roundLength", 0),
    "TicketBroker": ("unlockPeriod", 0),
    "BondingVotes": ("decimals", 0),
    "LivepeerGovernor": ("quota", 0),
    "ServiceRegistry": ("getServiceURI", 1),
}


def _cold_proxy(name: str, function: str, argument_count: int):
    arguments = ", ".join(["N1"] * argument_count)

    def measure(bench) -> int:
        target = bench.protocol.targets[name]
        proxy = bench.protocol.controller.getContract(contract_id(name))
        data = getattr(target, function).encode(*[bench.N1] * argument_count)
        through, direct = (bench.chain.transact(to, data, sender=bench.P) for to in (proxy, target))
        return through.gas_used - direct.gas_used

    measure.__doc__ = f"transaction {function}({arguments}) to the proxy minus the same to the target"
    operation(f"proxy.{name}", TEN)(measure)


for _name, (_function, _count) in PROXIED_VIEWS.items():
    _cold_proxy(_name, _function, _count)


@operation("proxy.warm", TEN)
def warm_proxy(bench):
    """least of (call to the RoundsManager proxy - its delegatecall) inside initializeRound; the baseline's is
    inside On.reward(), where ours asks only once"""
    bench.protocol.start_round()
    calls = bench.chain.trace().find("STATICCALL", bench.rounds.address)
    return min(call.gas_used - call.calls[0].gas_used for call in calls)
