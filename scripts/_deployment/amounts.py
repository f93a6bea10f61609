"""Amounts of LPT for people."""


def round_lpt(amount: int) -> str:
    """LPT base units for tables and sentences: hundredths, rounded down."""
    return f"{amount // 10**18:,}.{amount // 10**16 % 100:02d}"


def format_lpt(amount: int) -> str:
    """LPT base units for people, to the last digit."""
    whole, part = divmod(abs(amount), 10**18)
    digits = f".{part:018d}".rstrip("0").rstrip(".")
    return f"{'-' if amount < 0 else ''}{whole:,}{digits}"
