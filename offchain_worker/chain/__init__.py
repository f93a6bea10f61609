"""The protocol's contracts as services see them: a narrow interface, its web3 implementation, keys, transactions."""
