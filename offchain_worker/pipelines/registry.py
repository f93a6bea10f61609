"""Table of pipelines. A new one is a module and a row here."""

from __future__ import annotations

import importlib

from offchain_worker.pipelines.base import Pipeline, PipelineUnknown

PIPELINES = {
    "transcode": "offchain_worker.pipelines.transcode:TranscodePipeline",
}


def get_pipeline(name: str) -> Pipeline:
    """A new instance of the pipeline called `name`; raises `PipelineUnknown`."""
    try:
        module, _, class_name = PIPELINES[name].partition(":")
    except KeyError:
        raise PipelineUnknown(found=name, required=", ".join(PIPELINES)) from None
    return getattr(importlib.import_module(module), class_name)()
