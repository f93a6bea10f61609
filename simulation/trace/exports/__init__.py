"""A trace as a test: for pytest, and for Foundry."""

from simulation.trace.exports.foundry import export_foundry
from simulation.trace.exports.regression import export_regression

__all__ = ["export_foundry", "export_regression"]
