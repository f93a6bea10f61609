"""Sells work for tickets: offers, payments, balances, and the queue from which workers take jobs."""
