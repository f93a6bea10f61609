"""Where every wei is: accounts before and after, and what the Minter holds for senders and stakers, in three ways.

No account can hide: all who existed at first have as much together as the known ones have at last. Movements come from
events and from the values of transactions, claims from the views of TicketBroker and BondingManager. Gas is accounted
for like everything else.
"""

from dataclasses import asdict, dataclass

from scripts._demo.actors import ROLES, STAKERS
from scripts._demo.chain import DemoChain
from scripts._demo.checks import Check, DustCheck
from scripts._demo.lpt_ledger import ROUNDINGS_PER_CREDIT
from scripts._demo.records import Records

BLOCK_PRODUCER = "0x" + "00" * 20
"""Anvil's: it receives the priority fees."""


@dataclass(frozen=True)
class EthAccount:
    """`escrowed` went into deposit and reserve, the rest speaks for itself. All in wei."""

    account: str
    address: str
    before: int
    escrowed: int
    escrow_withdrawn: int
    fees_withdrawn: int
    gas: int
    after: int


@dataclass(frozen=True)
class EthLedger:
    accounts: list[EthAccount]
    deposits: int
    reserves: int
    unclaimed_fees: dict[str, int]
    rounding_dust: int
    minter_balance: int
    block_producer: int
    base_fees_burnt: int
    checks: list[Check | DustCheck]

    def to_json(self) -> dict:
        accounts = [_texts(asdict(account)) for account in self.accounts]
        minter = {
            "deposits": str(self.deposits),
            "reserves": str(self.reserves),
            "unclaimed_fees": _texts(self.unclaimed_fees),
            "rounding_dust": str(self.rounding_dust),
            "balance": str(self.minter_balance),
        }
        rest = {"block_producer": str(self.block_producer), "base_fees_burnt": str(self.base_fees_burnt)}
        return {"accounts": accounts, "minter": minter} | rest


def build_eth_ledger(
    chain: DemoChain, records: Records, before: dict[str, int], after: dict[str, int]
) -> EthLedger:
    """`before`: balances of every account that existed when the chain was new; `after`: those of `eth_holders` now."""
    accounts = [_account(chain, records, role, before, after) for role in ROLES]
    minter = str(chain.contracts["Minter"].address).lower()
    bonding, tickets = chain.contracts["BondingManager"], chain.contracts["TicketBroker"]
    current = chain.view("RoundsManager", "currentRound")
    pending = {role: bonding.pendingFees(chain.address(role), current) for role in STAKERS}
    kept = {role: bonding.getDelegator(chain.address(role)).fees for role in STAKERS}
    (deposit, _), (reserve, _) = tickets.getSenderInfo(chain.address("gateway"))

    paid = records.total("WinningTicketTransfer", "amount")
    claimed = records.total("EarningsClaimed", "fees")
    dust = paid - claimed - sum(pending.values()) + sum(kept.values())
    funded = records.total("DepositFunded", "amount") + records.total("ReserveFunded", "amount")
    left = records.total("WithdrawFees", "amount") + _withdrawn(records)
    owed = deposit + reserve + sum(pending.values())
    burnt = sum(t.gas_used * t.base_fee_wei for t in records.transactions)
    known = {a.address for a in accounts} | {minter, BLOCK_PRODUCER}
    strange = sum(balance for address, balance in after.items() if address not in known)

    checks: list[Check | DustCheck] = [
        Check(
            "ETH: all accounts",
            {
                "before (whole state of the node)": sum(before.values()),
                "after: actors, Minter, block producer, base fees burnt": sum(after.values())
                - strange
                + burnt,
            },
        ),
        Check("ETH: other contracts and accounts", {"expected": 0, "balances": strange}),
        Check(
            "ETH: gas",
            {
                "gas used times price (receipts)": sum(t.fee_wei for t in records.transactions),
                "paid by actors": sum(account.gas for account in accounts),
                "block producer's gain, and base fees burnt": after.get(BLOCK_PRODUCER, 0)
                - before.get(BLOCK_PRODUCER, 0)
                + burnt,
            },
        ),
        Check(
            "ETH: the Minter holds what senders and stakers own",
            {
                "funding less withdrawals (events)": funded - left,
                "balance": after.get(minter, 0),
                "escrow and pending fees (views), and dust": owed + dust,
            },
        ),
        Check(
            "ETH: dust of fees",
            {
                "paid by tickets less claimed less pending": dust,
                "Minter's balance less what is owed": after.get(minter, 0) - owed,
            },
        ),
        DustCheck("ETH: dust of fees is rounding only", dust, _dust_limit(records)),
        *_escrow_checks(chain, records, deposit, reserve),
    ]
    for account in accounts:
        checks.append(_account_check(records, account))
    for role in STAKERS:
        own = {"delegator": chain.address(role).lower()}
        fees = records.total("EarningsClaimed", "fees", **own) - records.total(
            "WithdrawFees", "amount", **own
        )
        checks.append(
            Check("ETH: claimed fees", {"events": fees, "BondingManager.getDelegator": kept[role]}, role)
        )
    return EthLedger(
        accounts,
        deposit,
        reserve,
        pending,
        dust,
        after.get(minter, 0),
        after.get(BLOCK_PRODUCER, 0),
        burnt,
        checks,
    )


def eth_holders(chain: DemoChain, before: dict[str, int]) -> list[str]:
    """Everybody who had ETH at first, every contract, and the block producer. ETH is not made: what these do not have
    at the end, somebody else has, and the sum shows it."""
    contracts = (str(contract.address).lower() for contract in chain.contracts.values())
    return list(dict.fromkeys([*before, *contracts, BLOCK_PRODUCER]))


def _account(
    chain: DemoChain, records: Records, role: str, before: dict[str, int], after: dict[str, int]
) -> EthAccount:
    address = chain.address(role).lower()
    return EthAccount(
        role,
        address,
        before=before.get(address, 0),
        escrowed=records.total("DepositFunded", "amount", sender=address)
        + records.total("ReserveFunded", "amount", reserveHolder=address),
        escrow_withdrawn=_withdrawn(records, sender=address),
        fees_withdrawn=records.total("WithdrawFees", "amount", recipient=address),
        gas=sum(t.fee_wei for t in records.transactions if t.sender == address),
        after=after.get(address, 0),
    )


def _account_check(records: Records, account: EthAccount) -> Check:
    income = account.escrow_withdrawn + account.fees_withdrawn
    sent = sum(t.value_wei for t in records.transactions if t.sender == account.address and t.succeeded)
    return Check(
        "ETH: balance",
        {
            "before, and events": account.before - account.escrowed + income - account.gas,
            "before, and values of transactions": account.before - sent + income - account.gas,
            "after": account.after,
        },
        account.account,
    )


def _escrow_checks(chain: DemoChain, records: Records, deposit: int, reserve: int) -> list[Check]:
    paid = records.total("WinningTicketTransfer", "amount")
    from_reserve = records.total("ReserveClaimed", "amount")
    return [
        Check(
            "ETH: deposit of the gateway",
            {
                "events": records.total("DepositFunded", "amount")
                - (paid - from_reserve)
                - records.total("Withdrawal", "deposit", "TicketBroker"),
                "getSenderInfo": deposit,
            },
        ),
        Check(
            "ETH: reserve of the gateway",
            {
                "events": records.total("ReserveFunded", "amount")
                - from_reserve
                - records.total("Withdrawal", "reserve", "TicketBroker"),
                "getSenderInfo": reserve,
            },
        ),
        Check(
            "ETH: winning tickets",
            {
                "face values redeemed": records.total("WinningTicketRedeemed", "faceValue"),
                "paid to recipients": paid,
            },
        ),
    ]


def _withdrawn(records: Records, **arguments) -> int:
    return sum(e["deposit"] + e["reserve"] for e in records.of("Withdrawal", "TicketBroker", **arguments))


def _dust_limit(records: Records) -> int:
    credits = sum(1 for _ in records.of("WinningTicketTransfer"))
    claims = sum(1 for _ in records.of("EarningsClaimed"))
    return ROUNDINGS_PER_CREDIT * credits * len(STAKERS) + claims + len(STAKERS)


def _texts(values: dict) -> dict:
    return {key: str(value) if isinstance(value, int) else value for key, value in values.items()}
