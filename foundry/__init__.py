"""The invariants for Foundry users, and the commands that time them and prove that they bite. See README.md."""
