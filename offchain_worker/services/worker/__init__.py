"""Does the work: asks an orchestrator for jobs, runs pipelines in a process of its own, sends results back."""
