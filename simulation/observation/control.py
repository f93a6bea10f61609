"""Views of the Controller."""

from collections.abc import Iterable

from simulation.observation.table import Row, Scene, Table


class ControllerTable(Table):
    """Who owns it, and whether the system runs."""

    contract = "Controller"

    def of_system(self, scene: Scene) -> Iterable[Row]:
        controller = scene.model.controller
        yield "owner", (), controller.owner
        yield "paused", (), controller.paused
