"""Where every LPT is: token balances, and what the Minter holds for stakers, found in three ways.

Events say what moved, token balances what is there, the BondingManager's views what is owed. Amounts are in 1e-18 LPT.
"""

from dataclasses import asdict, dataclass

from scripts._demo.actors import ROLES, STAKERS
from scripts._demo.chain import DemoChain
from scripts._demo.checks import Check, DustCheck
from scripts._demo.records import Records

ZERO = "0x" + "00" * 20
ROUNDINGS_PER_CREDIT = 2
"""A reward or a fee is split once and divided by the stake once; a claim multiplies it out again."""


@dataclass(frozen=True)
class LptAccount:
    """`unbonding` is what lies in locks; `withdrawn` has left the bond and is part of the wallet, or was."""

    account: str
    address: str
    wallet: int
    bonded: int = 0
    pending_rewards: int = 0
    unbonding: int = 0
    rewards: int = 0
    withdrawn: int = 0

    @property
    def total(self) -> int:
        return self.wallet + self.bonded + self.pending_rewards + self.unbonding


@dataclass(frozen=True)
class LptLedger:
    initial_supply: int
    minted_to_stakers: int
    minted_to_treasury: int
    minter_balance: int
    rounding_dust: int
    accounts: list[LptAccount]
    checks: list[Check | DustCheck]

    @property
    def total_supply(self) -> int:
        return self.initial_supply + self.minted_to_stakers + self.minted_to_treasury

    def to_json(self) -> dict:
        rows = [asdict(account) | {"total": account.total} for account in self.accounts]
        numbers = {
            "initial_supply": self.initial_supply,
            "minted_to_stakers": self.minted_to_stakers,
            "minted_to_treasury": self.minted_to_treasury,
            "total_supply": self.total_supply,
            "minter_balance": self.minter_balance,
            "rounding_dust": self.rounding_dust,
        }
        texts = [
            {key: str(value) if isinstance(value, int) else value for key, value in row.items()}
            for row in rows
        ]
        return {key: str(value) for key, value in numbers.items()} | {"accounts": texts}


def build_lpt_ledger(chain: DemoChain, records: Records) -> LptLedger:
    token, minter = chain.contracts["LivepeerToken"], chain.contracts["Minter"]
    minter_address = str(minter.address).lower()
    names = _names(chain)
    holders = list(names) + _strangers(records, {*names, minter_address, ZERO})
    balances = {address: token.balanceOf(address) for address in holders}
    accounts = [_account(chain, records, names.get(a, "unknown account"), a, balances[a]) for a in holders]

    minted = records.total("Transfer", "value", "LivepeerToken", **{"from": ZERO, "to": minter_address})
    supplied = records.total("Transfer", "value", "LivepeerToken", **{"from": ZERO})
    rewards = records.total("Reward", "amount", "BondingManager")
    treasury_rewards = records.total("TreasuryReward", "amount", "BondingManager")
    claimed = records.total("EarningsClaimed", "rewards", "BondingManager")
    pending = sum(account.pending_rewards for account in accounts)
    dust = rewards - claimed - pending
    minter_balance = token.balanceOf(minter.address)
    owed = sum(account.bonded + account.pending_rewards + account.unbonding for account in accounts)
    stakes = sum(
        chain.view("BondingManager", "transcoderTotalStake", chain.address(role)) for role in STAKERS[:2]
    )

    checks: list[Check | DustCheck] = [
        Check(
            "LPT: total supply",
            {
                "mints (Transfer events)": supplied,
                "balances of all holders and the Minter": sum(balances.values()) + minter_balance,
                "LivepeerToken.totalSupply": token.totalSupply(),
            },
        ),
        Check(
            "LPT: minted by rewards",
            {
                "mints to the Minter (Transfer events)": minted,
                "Reward and TreasuryReward events": rewards + treasury_rewards,
                "supply now less initial supply": token.totalSupply() - (supplied - minted),
            },
        ),
        Check(
            "LPT: treasury",
            {
                "TreasuryReward events": treasury_rewards,
                "Transfer events": _net_transfers(records, str(chain.contracts["Treasury"].address).lower()),
                "balance": token.balanceOf(chain.contracts["Treasury"].address),
            },
        ),
        Check(
            "LPT: the Minter holds what stakers own",
            {
                "bonds, rewards, withdrawals (BondingManager events)": records.total(
                    "Bond", "additionalAmount"
                )
                + rewards
                - records.total("WithdrawStake", "amount"),
                "balance": minter_balance,
                "bonds, pending rewards and locks (views), and dust": owed + dust,
            },
        ),
        Check(
            "LPT: dust of rewards",
            {
                "rewards less claimed less pending": dust,
                "Minter's balance less what is owed": minter_balance - owed,
                "stake of orchestrators less stake of their delegators": stakes
                - sum(account.bonded + account.pending_rewards for account in accounts),
            },
        ),
        DustCheck("LPT: dust of rewards is rounding only", dust, _dust_limit(records, len(STAKERS))),
    ]
    for account in accounts:
        checks += _account_checks(records, account)
    return LptLedger(supplied - minted, rewards, treasury_rewards, minter_balance, dust, accounts, checks)


def _account(chain: DemoChain, records: Records, name: str, address: str, wallet: int) -> LptAccount:
    if name not in STAKERS:
        return LptAccount(name, address, wallet)
    bonding = chain.contracts["BondingManager"]
    stake = bonding.pendingStake(address, chain.view("RoundsManager", "currentRound"))
    delegator = bonding.getDelegator(address)
    locks = (
        bonding.getDelegatorUnbondingLock(address, n).amount for n in range(delegator.nextUnbondingLockId)
    )
    pending = stake - delegator.bondedAmount
    return LptAccount(
        name,
        address,
        wallet,
        bonded=delegator.bondedAmount,
        pending_rewards=pending,
        unbonding=sum(locks),
        rewards=records.total("EarningsClaimed", "rewards", delegator=address) + pending,
        withdrawn=records.total("WithdrawStake", "amount", delegator=address),
    )


def _account_checks(records: Records, account: LptAccount) -> list[Check]:
    own = {"delegator": account.address}
    checks = [
        Check(
            "LPT: wallet",
            {"Transfer events": _net_transfers(records, account.address), "balance": account.wallet},
            account.account,
        )
    ]
    if account.account in STAKERS:
        unbonded = records.total("Unbond", "amount", **own)
        rebonded = records.total("Rebond", "amount", **own)
        bonded = records.total("Bond", "additionalAmount", **own)
        claimed = records.total("EarningsClaimed", "rewards", **own)
        checks += [
            Check(
                "LPT: bond",
                {
                    "Bond, Rebond, EarningsClaimed, Unbond events": bonded + rebonded + claimed - unbonded,
                    "getDelegator": account.bonded,
                },
                account.account,
            ),
            Check(
                "LPT: unbonding",
                {
                    "Unbond, Rebond, WithdrawStake events": unbonded - rebonded - account.withdrawn,
                    "getDelegatorUnbondingLock": account.unbonding,
                },
                account.account,
            ),
        ]
    return checks


def _strangers(records: Records, known: set[str]) -> list[str]:
    """Addresses that ever sent or received LPT and have no role."""
    transfers = list(records.of("Transfer", "LivepeerToken"))
    seen = dict.fromkeys(event[side] for event in transfers for side in ("from", "to"))
    return [address for address in seen if address not in known]


def _net_transfers(records: Records, address: str) -> int:
    received = records.total("Transfer", "value", "LivepeerToken", to=address)
    return received - records.total("Transfer", "value", "LivepeerToken", **{"from": address})


def _dust_limit(records: Records, claimants: int) -> int:
    credits = sum(1 for _ in records.of("Reward", "BondingManager"))
    claims = sum(1 for _ in records.of("EarningsClaimed", "BondingManager"))
    return ROUNDINGS_PER_CREDIT * credits * claimants + claims + claimants


def _names(chain: DemoChain) -> dict[str, str]:
    """Roles and contracts by lower-case address."""
    roles = {chain.address(role).lower(): role for role in ROLES}
    contracts = {
        str(contract.address).lower(): {"LivepeerTokenFaucet": "faucet", "Treasury": "treasury"}[name]
        for name, contract in chain.contracts.items()
        if name in ("LivepeerTokenFaucet", "Treasury")
    }
    return roles | contracts
