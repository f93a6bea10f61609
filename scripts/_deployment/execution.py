"""Runs a plan on the chain that Ape is connected to, writing the registry after every step."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scripts._deployment.errors import AlreadyDeployed, StepFailed, WrongChain
from scripts._deployment.parameters import DEPLOYER
from scripts._deployment.plan import Call, Deploy, Plan, Step, UseExisting
from scripts._deployment.registry import Entry, Registry


@dataclass(frozen=True)
class StepResult:
    """What became of a step."""

    number: int
    step: Step
    arguments: tuple
    address: str | None
    gas_used: int


def execute(
    plan: Plan, project, provider, account, path: Path, on_step: Callable[[StepResult], None]
) -> Registry:
    """Deploys everything and returns the finished registry, which also stands in `path`.

    Raises WrongChain or AlreadyDeployed before the first transaction, StepFailed at the step that failed.
    """
    from ape.exceptions import ApeException

    check_before(plan, provider, path)
    parameters = plan.parameters
    registry = Registry(
        parameters.network, parameters.chain_id, plan.digest, plan.commit, str(account.address)
    )
    for number, step in enumerate(plan.steps, 1):
        arguments = tuple(_resolve(a, registry) for a in getattr(step, "arguments", ()))
        try:
            result = _run(step, arguments, number, registry, project, account)
        except ApeException as error:
            raise StepFailed(number, len(plan.steps), step.title, _reason(error), path) from error
        registry.steps_done = number
        registry.complete = number == len(plan.steps)
        registry.save(path)
        on_step(result)
    return registry


def check_before(plan: Plan, provider, path: Path) -> None:
    """Refuses a chain that is not the one of the parameters, or has the deployment already."""
    if provider.chain_id != plan.parameters.chain_id:
        raise WrongChain(provider.chain_id, plan.parameters.chain_id)
    if path.exists():
        controller = Registry.load(path).contracts.get("Controller")
        if controller and (plan.parameters.live or provider.get_code(controller.address)):
            raise AlreadyDeployed(path, controller.address)


def contract_at(registry: Registry, name: str, project):
    """The contract called `name`, with the ABI of what answers there."""
    entry = registry.contracts[name]
    return project.get_contract(entry.abi_name).at(entry.address, fetch_from_explorer=False)


def _run(step: Step, arguments: tuple, number: int, registry: Registry, project, account) -> StepResult:
    if isinstance(step, UseExisting):
        registry.contracts[step.name] = Entry(step.address, step.contract)
        return StepResult(number, step, (), step.address, 0)
    if isinstance(step, Deploy):
        instance = account.deploy(project.get_contract(step.contract), *arguments)
        receipt = instance.creation_metadata.receipt
        registry.contracts[step.name] = Entry(
            str(instance.address),
            step.contract,
            list(arguments),
            receipt.txn_hash,
            receipt.block_number,
            receipt.gas_used,
            step.proxied,
        )
        return StepResult(number, step, arguments, str(instance.address), receipt.gas_used)
    assert isinstance(step, Call)
    function = getattr(contract_at(registry, step.target, project), step.function)
    receipt = function(*arguments, sender=account)
    return StepResult(number, step, arguments, None, receipt.gas_used)


def _resolve(argument, registry: Registry):
    if isinstance(argument, tuple):
        return tuple(_resolve(part, registry) for part in argument)
    if argument == DEPLOYER:
        return registry.deployer
    if isinstance(argument, str) and argument.startswith("$"):
        return registry.contracts[argument[1:]].address
    return argument


def _reason(error: Exception) -> str:
    """An error of the chain in one line, custom errors with their arguments."""
    inputs = getattr(error, "inputs", None)
    if inputs:
        return f"{type(error).__name__}({', '.join(f'{name}={value}' for name, value in inputs.items())})"
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
