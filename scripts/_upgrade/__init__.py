"""Upgrades: what is there, what would come, what forbids it, the rehearsal on a fork, and the way to the owner."""
