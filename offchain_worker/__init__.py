"""Off-chain services of the protocol."""
