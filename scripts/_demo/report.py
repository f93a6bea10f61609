"""The report for people: ledgers, tickets, video and gas."""

from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scripts._demo.eth_ledger import EthLedger
from scripts._demo.gas import GasRow
from scripts._demo.lpt_ledger import LptLedger
from scripts._demo.result import Result

UNIT = 10**18
YES, NO = "[green]✓[/green]", "[red]✗[/red]"


def print_report(result: Result, path: Path, console: Console) -> None:
    """Amounts are cut to a readable number of digits; `path` holds them to the last one."""
    console.print()
    console.print(_lpt(result.lpt))
    console.print(_eth(result.eth))
    console.print(_minter(result.eth))
    console.print(_checks(result))
    console.print(_gas(result.gas))
    console.print(_facts(result))
    console.print(f"report  {escape(str(path))}", soft_wrap=True)


def _lpt(ledger: LptLedger) -> Table:
    columns = ("wallet", "bonded", "pending", "unbonding", "total", "rewarded", "withdrawn")
    table = _table("LPT: where every token is", "account", *columns)
    for row in ledger.accounts:
        amounts = (row.wallet, row.bonded, row.pending_rewards, row.unbonding, row.total)
        table.add_row(row.account, *map(lpt, (*amounts, row.rewards, row.withdrawn)))
    dust = f"{ledger.rounding_dust} base units"
    table.add_row("rounding dust in the Minter", "", "", "", "", dust)
    table.add_section()
    table.add_row("total supply", "", "", "", "", lpt(ledger.total_supply))
    table.add_row("  supplied by the deployment", "", "", "", "", lpt(ledger.initial_supply))
    table.add_row("  minted to stakers", "", "", "", "", lpt(ledger.minted_to_stakers))
    table.add_row("  minted to the treasury", "", "", "", "", lpt(ledger.minted_to_treasury))
    return table


def _eth(ledger: EthLedger) -> Table:
    columns = ("before", "into escrow", "out of it", "fees", "gas", "after")
    table = _table("ETH: every account", "account", *columns)
    for row in ledger.accounts:
        moved = (-row.escrowed, row.escrow_withdrawn, row.fees_withdrawn, -row.gas)
        table.add_row(row.account, *map(eth, (row.before, *moved, row.after)))
    table.add_row("Minter", "", "", "", "", "", eth(ledger.minter_balance))
    table.add_row("block producer", "", "", "", "", "", eth(ledger.block_producer))
    table.add_section()
    before = sum(row.before for row in ledger.accounts)
    after = sum(row.after for row in ledger.accounts) + ledger.minter_balance + ledger.block_producer
    table.add_row("sum", eth(before), "", "", "", "", eth(after))
    return table


def _minter(ledger: EthLedger) -> Table:
    table = _table("ETH in the Minter, in wei", "owed to", "wei")
    table.add_row("gateway: deposit", f"{ledger.deposits:,}")
    table.add_row("gateway: reserve", f"{ledger.reserves:,}")
    for role, fees in ledger.unclaimed_fees.items():
        table.add_row(f"{role}: fees", f"{fees:,}")
    table.add_row("nobody: rounding dust", f"{ledger.rounding_dust:,}")
    table.add_section()
    table.add_row("balance", f"{ledger.minter_balance:,}")
    return table


def _checks(result: Result) -> Table:
    """Facts with all their ways; those checked account by account in one row as long as all hold."""
    table = Table(title="Checks: one number, several ways", box=SIMPLE, title_justify="left")
    table.add_column("")
    table.add_column("fact")
    table.add_column("base units", justify="right")
    of_accounts: dict[str, list] = {}
    for check in result.checks:
        ways = check.to_json()["ways"]
        if check.account is not None and check.holds:
            of_accounts.setdefault(check.title, []).append(ways)
        elif check.holds:
            amounts = dict.fromkeys(f"{int(value):,}" for value in ways.values())
            table.add_row(YES, f"{check.title}\n[dim]{' | '.join(ways)}[/dim]", " ≤ ".join(amounts))
        else:
            whose = f" of {check.account}" if check.account else ""
            found = "\n".join(f"{way}: {int(value):,}" for way, value in ways.items())
            table.add_row(NO, f"{check.title}{whose}\n{found}")
    for title, group in of_accounts.items():
        table.add_row(YES, f"{title}\n[dim]{' | '.join(group[0])}[/dim]", f"{len(group)} accounts")
    return table


def _gas(rows: list[GasRow]) -> Table:
    table = _table("Gas per operation", "operation", "count", "min", "median", "max", "total")
    for row in rows:
        table.add_row(
            row.operation, *(f"{n:,}" for n in (row.count, row.min, row.median, row.max, row.total))
        )
    return table


def _facts(result: Result) -> Table:
    data, tickets = result.to_json()["video"], result.tickets
    table = Table.grid(padding=(0, 2))
    table.add_row(
        "source", f"{escape(data['source'])}, {data['width']}x{data['height']}, {data['frames']} frames"
    )
    for rendition in result.renditions:
        quality = f"PSNR {rendition.psnr_db} dB, worst frame {rendition.worst_psnr_db} dB"
        size = f"{rendition.width}x{rendition.height}, {rendition.frames} frames, {rendition.bytes:,} bytes"
        table.add_row(rendition.name, f"{escape(str(rendition.path))}\n{size}, {quality}")
    rate = f"{data['frames_per_second']} frames/s with payment and checks"
    table.add_row("speed", f"{rate}, {data['worker_frames_per_second']} frames/s in the workers")
    for failover in data["failovers"]:
        table.add_row(
            "fail-over", f"{failover['url']} at segment {failover['sequence']}: {failover['error']}"
        )
    pots = f"{tickets.redeemed_from_deposit} from the deposit, {tickets.redeemed_from_reserve} drew on the reserve"
    table.add_row("tickets", f"{tickets.sent} sent, {tickets.won} won, {tickets.redeemed} redeemed: {pots}")
    paid = f"{eth(tickets.paid)} ETH paid for work worth {eth(int(data['fees_wei']))} ETH"
    table.add_row("", f"{paid}; expected value of the tickets {eth(tickets.expected_value_sent)} ETH")
    for reason in tickets.open:
        table.add_row("not redeemed", escape(reason))
    verdict = f"[green]every LPT and every wei is accounted for[/green] ({len(result.checks)} checks)"
    if not result.is_balanced:
        wrong = sum(not check.holds for check in result.checks)
        verdict = f"[red]{wrong} of {len(result.checks)} checks do not balance[/red]"
    table.add_row("ledger", verdict)
    table.add_row("time", f"{result.seconds['total']} s")
    return table


def _table(title: str, first: str, *columns: str) -> Table:
    table = Table(title=title, box=SIMPLE, title_justify="left")
    table.add_column(first)
    for column in columns:
        # Digits may wrap on a narrow terminal, but none is left out.
        table.add_column(column, justify="right", overflow="fold")
    return table


def lpt(amount: int) -> str:
    """LPT, cut to four decimals; nothing for zero."""
    return f"{amount // UNIT:,}.{amount % UNIT // 10**14:04d}" if amount else ""


def eth(wei: int) -> str:
    """ETH, cut to nine decimals, which are gwei; nothing for zero."""
    sign = "-" if wei < 0 else ""
    return f"{sign}{abs(wei) // UNIT:,}.{abs(wei) % UNIT // 10**9:09d}" if wei else ""
