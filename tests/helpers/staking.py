"""Stake with hand-made rewards and fees, in units of one base unit of LPT or one wei.

staking = open_staking(chain)                            # empty pool of two, an initialized round
staking.bond(orchestrator, 1000, orchestrator)
staking.start_round()
staking.reward(orchestrator, 500)                        # the Minter is a mock: exactly 500
staking.earn_fees(orchestrator, 30)                      # as the TicketBroker does

before = staking.records(orchestrator, delegator)
receipt = …
after = {delegator: BondRecord(…), orchestrator: replace(before[orchestrator], delegated=…)}
staking.assert_records(after)                            # getDelegator of each, every field
receipt.assert_events([…, *staking.checkpointed(delegator, before, after)])
"""

from dataclasses import dataclass

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from simulation.chain.receipts import Event, Receipt
from simulation.protocol import Protocol, deploy_protocol

PENDING, BONDED, UNBONDED = 0, 1, 2
POOL_SIZE = 2
UNBONDING_PERIOD = 7
NEVER = 2**256 - 1
MINTER_LPT = 10**9
NO_HINTS = (ZERO_ADDRESS,) * 4


@dataclass(frozen=True)
class BondRecord:
    """What getDelegator tells, in its order."""

    bonded: int = 0
    fees: int = 0
    delegate: str = ZERO_ADDRESS
    delegated: int = 0
    start: int = 0
    claim: int = 0
    next_lock: int = 0


Records = dict[str, BondRecord]


@dataclass(frozen=True)
class Staking:
    """See the module."""

    chain: Chain
    protocol: Protocol
    minter: Contract

    @property
    def manager(self) -> Contract:
        return self.protocol.bonding_manager

    @property
    def votes(self) -> Contract:
        return self.protocol.bonding_votes

    @property
    def token(self) -> Contract:
        return self.protocol.token

    @property
    def round(self) -> int:
        return self.protocol.current_round

    # ---- actions

    def start_round(self, ahead: int = 1) -> int:
        """Initialize a later round; the number of that round."""
        self.protocol.start_round(ahead)
        return self.round

    def fund(self, account: str, amount: int) -> None:
        """Give LPT to an account, approved for the BondingManager."""
        self.protocol.give_lpt(account, amount)

    def bond(self, delegator: str, amount: int, to: str) -> Receipt:
        """Bond LPT that the delegator is given first."""
        self.fund(delegator, amount)
        return self.manager.bond.send(amount, to, sender=delegator)

    def bond_for(self, sender: str, amount: int, owner: str, to: str) -> Receipt:
        """Bond for somebody else, with LPT that the sender is given first."""
        self.fund(sender, amount)
        return self.manager.bondForWithHint.send(amount, owner, to, *NO_HINTS, sender=sender)

    def transfer_bond(self, sender: str, receiver: str, amount: int) -> Receipt:
        return self.manager.transferBond.send(receiver, amount, *NO_HINTS, sender=sender)

    def set_rates(self, orchestrator: str, reward_cut_ppm: int, fee_share_ppm: int) -> Receipt:
        return self.manager.transcoder.send(reward_cut_ppm, fee_share_ppm, sender=orchestrator)

    def reward(self, orchestrator: str, minted: int, mintable: int | None = None) -> Receipt:
        """Let the orchestrator reward; `mintable` is what the Minter says that the round allots in all."""
        mintable = minted if mintable is None else mintable
        self.minter.setReward.send(minted, mintable, sender=self.protocol.owner)
        return self.manager.reward.send(sender=orchestrator)

    def earn_fees(self, orchestrator: str, fees: int) -> Receipt:
        """Credit fees as the TicketBroker does, the ETH included."""
        self.chain.set_balance(self.minter, self.chain.balance(self.minter) + fees)
        return self.manager.updateTranscoderWithFees.send(
            orchestrator, fees, 0, sender=self.protocol.ticket_broker
        )

    def register_migrator(self) -> Contract:
        """Register a contract as L2Migrator; calls are sent from its address."""
        return self.protocol.deploy_registered("Placeholder__Mock", name="L2Migrator")

    # ---- what is there

    def record(self, account: str) -> BondRecord:
        return BondRecord(*self.manager.getDelegator(account))

    def records(self, *accounts: str) -> Records:
        return {account: self.record(account) for account in accounts}

    def assert_records(self, expected: Records) -> None:
        assert self.records(*expected) == expected

    def lock(self, account: str, lock_id: int) -> tuple[int, int]:
        """Amount and withdraw round; zeros when there is none."""
        return tuple(self.manager.getDelegatorUnbondingLock(account, lock_id))

    def pool(self) -> list[tuple[str, int]]:
        """Members with their stake, highest first, as clients walk it."""
        members, member = [], self.manager.getFirstTranscoderInPool()
        while member != ZERO_ADDRESS:
            members.append((member, self.manager.transcoderTotalStake(member)))
            member = self.manager.getNextTranscoderInPool(member)
        assert len(members) == self.manager.getTranscoderPoolSize()
        return members

    def assert_pool(self, *members: tuple[str, int]) -> None:
        """The pool in order; its sum is the total active stake of the next round."""
        assert self.pool() == list(members)
        assert self.manager.nextRoundTotalActiveStake() == sum(stake for _, stake in members)

    def stake_at(self, orchestrator: str, round_: int) -> int:
        """Stake that counts in a round."""
        return self.manager.getTranscoderEarningsPoolForRound(orchestrator, round_).totalStake

    def pending(self, account: str) -> tuple[int, int]:
        """Pending stake and pending fees."""
        return self.manager.pendingStake(account, 0), self.manager.pendingFees(account, 0)

    def next_votes(self, account: str) -> tuple[int, str]:
        """Votes and delegate at the start of the next round."""
        return tuple(self.votes.getVotesAndDelegateAtRoundStart(account, self.round + 1))

    # ---- expected events

    def claimed(
        self, account: str, before: Records, round_: int, *, rewards: int = 0, fees: int = 0
    ) -> Event:
        """EarningsClaimed through `round_` from the record before."""
        return self.manager.Events.EarningsClaimed(
            delegate=before[account].delegate,
            delegator=account,
            rewards=rewards,
            fees=fees,
            startRound=before[account].claim + 1,
            endRound=round_,
        )

    def checkpointed(self, account: str, before: Records, after: Records) -> list[Event]:
        """The events of a checkpoint of that change, each only if it applies (staking 5.4)."""
        old, new = before[account], after[account]
        emitted = self.votes.Events
        events = []
        if old.delegate != new.delegate:
            events.append(
                emitted.DelegateChanged(delegator=account, fromDelegate=old.delegate, toDelegate=new.delegate)
            )
        old_votes, new_votes = (_own_votes(account, record) for record in (old, new))
        if old_votes != new_votes:
            events.append(
                emitted.DelegateVotesChanged(
                    delegate=account, previousBalance=old_votes, newBalance=new_votes
                )
            )
        if (old.bonded, old.claim) != (new.bonded, new.claim):
            events.append(
                emitted.DelegatorBondedAmountChanged(
                    delegate=account,
                    previousBondedAmount=old.bonded,
                    previousLastClaimRound=old.claim,
                    newBondedAmount=new.bonded,
                    newLastClaimRound=new.claim,
                )
            )
        return events

    def bonded(self, delegator: str, delegate: str, amount: int, total: int, *, old: str) -> Event:
        return self.manager.Events.Bond(
            newDelegate=delegate,
            oldDelegate=old,
            delegator=delegator,
            additionalAmount=amount,
            bondedAmount=total,
        )

    def unbonded(self, delegator: str, delegate: str, lock_id: int, amount: int, round_: int) -> Event:
        return self.manager.Events.Unbond(
            delegate=delegate,
            delegator=delegator,
            unbondingLockId=lock_id,
            amount=amount,
            withdrawRound=round_,
        )

    def rebonded(self, delegator: str, delegate: str, lock_id: int, amount: int) -> Event:
        return self.manager.Events.Rebond(
            delegate=delegate, delegator=delegator, unbondingLockId=lock_id, amount=amount
        )

    def transferred(self, sender: str, receiver: str, lock_ids: tuple[int, int], amount: int) -> Event:
        return self.manager.Events.TransferBond(
            oldDelegator=sender,
            newDelegator=receiver,
            oldUnbondingLockId=lock_ids[0],
            newUnbondingLockId=lock_ids[1],
            amount=amount,
        )

    def paid(self, payer: str, payee: str, amount: int) -> Event:
        """The token's event."""
        return self.token.Events.Transfer(from_=payer, to=payee, value=amount)

    def joined(self, orchestrator: str, round_: int) -> Event:
        return self.manager.Events.TranscoderActivated(transcoder=orchestrator, activationRound=round_)

    def left(self, orchestrator: str, round_: int) -> Event:
        return self.manager.Events.TranscoderDeactivated(transcoder=orchestrator, deactivationRound=round_)


def open_staking(chain: Chain) -> Staking:
    """The protocol with an empty pool of two and a Minter that mints what it is told to."""
    protocol = deploy_protocol(
        chain, num_active_transcoders=POOL_SIZE, unbonding_period=UNBONDING_PERIOD, round_length=50
    )
    minter = chain.deploy("FixedRewardMinter__Mock", protocol.token)
    protocol.register("Minter", minter)
    protocol.token.transfer.send(minter, MINTER_LPT, sender=protocol.owner)
    return Staking(chain, protocol, minter)


def _own_votes(account: str, record: BondRecord) -> int:
    return record.delegated if record.delegate == account and record.bonded > 0 else 0
