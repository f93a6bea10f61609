"""The demo: a chain of its own, real services on real video, and a ledger of every token and wei."""
