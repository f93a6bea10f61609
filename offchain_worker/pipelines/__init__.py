"""Kinds of work. Each pipeline is a row of the registry; heavy libraries are imported by the pipeline's `run` only."""
