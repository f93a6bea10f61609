"""The contracts, the reference model, and what acts on both.

`chain` is a façade over two engines, `protocol` deploys everything on it; `actions` propose steps, `world` takes them
on contracts and model and compares, `invariants` judge the model's state.  Imports `reference_model` and `tools`,
neither `tests` nor `scripts`.
"""
