"""Buys work for tickets: negotiates, cuts, pays, checks every result before it pays the next, fails over."""
