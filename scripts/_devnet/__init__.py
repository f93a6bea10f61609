"""A development chain for others: Anvil with the protocol on it, people with money, and rounds that pass."""
