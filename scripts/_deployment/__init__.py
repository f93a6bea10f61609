"""Parameters, plan, execution and registry of a deployment. Knows nothing of the commands that use it."""
