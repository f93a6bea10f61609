"""Views of the Controller."""

from collections.abc import Iterable

from simulation.calls import hash_name
from simulation.observation.table import Row, Scene, Table


class ControllerTable(Table):
    """Who owns it, whether the system runs, and who is registered."""

    contract = "Controller"

    def of_system(self, scene: Scene) -> Iterable[Row]:
        controller = scene.model.controller
        yield "owner", (), controller.owner
        yield "paused", (), controller.paused

    def of_entries(self, scene: Scene) -> Iterable[Row]:
        for name, address in scene.model.controller.contracts.items():
            yield "getContract", (hash_name(name),), address
