"""Probabilistic payments: tickets, signatures, parameters, balances and the crash-safe store. No HTTP in here."""
