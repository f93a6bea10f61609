"""Everything that can be seen of the contracts, with what the model says to it.

`TABLES` has one table of views per contract; a new contract gets a module here and a line there.  `Observer` reads
them from the chain, many in one call, and compares.
"""

from simulation.observation.observer import Depth, Observer, Past
from simulation.observation.table import Row, Scene, Table
from simulation.observation.tables import TABLES

__all__ = ["TABLES", "Depth", "Observer", "Past", "Row", "Scene", "Table"]
