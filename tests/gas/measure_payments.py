"""Operations of TicketBroker. Tickets are worth 0.01 ETH, of the current round, redeemed by their recipient."""

from dataclasses import replace

from simulation.protocol import ETHER
from tests.gas.bench import FACE_VALUE, GATEWAYS, Bench
from tests.gas.operations import TEN, operation

# ---- funding, leaving


@operation("fundDeposit.first", TEN)
def fund_deposit_first(bench):
    """B0.fundDeposit{1 ETH}, nothing before"""
    return bench.broker.fundDeposit.send(sender=bench.B0, value=ETHER)


@operation("fundDeposit.again", TEN)
def fund_deposit_again(bench):
    """second B0.fundDeposit{1 ETH}"""
    fund_deposit_first(bench)
    return fund_deposit_first(bench)


@operation("fundReserve.first", TEN)
def fund_reserve_first(bench):
    """B0.fundReserve{1 ETH}"""
    return bench.broker.fundReserve.send(sender=bench.B0, value=ETHER)


@operation("fundReserve.again", TEN)
def fund_reserve_again(bench):
    """second B0.fundReserve{1 ETH}"""
    fund_reserve_first(bench)
    return fund_reserve_first(bench)


@operation("fundDepositAndReserve.first", TEN)
def fund_both_first(bench):
    """B0.fundDepositAndReserve{2 ETH}(1 ETH, 1 ETH)"""
    return bench.fund(bench.B0, ETHER, ETHER)


@operation("fundDepositAndReserve.again", TEN)
def fund_both_again(bench):
    """the second time"""
    fund_both_first(bench)
    return fund_both_first(bench)


@operation("fundDepositAndReserveFor", TEN)
def fund_both_for(bench):
    """P.fundDepositAndReserveFor{2 ETH}(B0, 1 ETH, 1 ETH), first"""
    return bench.broker.fundDepositAndReserveFor.send(bench.B0, ETHER, ETHER, sender=bench.P, value=2 * ETHER)


@operation("unlock", TEN)
def unlock(bench):
    """after fundDepositAndReserve.first: B0.unlock()"""
    fund_both_first(bench)
    return bench.broker.unlock.send(sender=bench.B0)


@operation("cancelUnlock", TEN)
def cancel_unlock(bench):
    """then B0.cancelUnlock()"""
    unlock(bench)
    return bench.broker.cancelUnlock.send(sender=bench.B0)


@operation("withdraw", TEN)
def withdraw(bench):
    """B0.unlock(), 2 rounds later B0.withdraw() of 1 ETH + 1 ETH"""
    unlock(bench)
    bench.protocol.start_round(ahead=2)
    return bench.broker.withdraw.send(sender=bench.B0)


# ---- one ticket paid by the deposit


@operation("redeem.deposit.first-ever", TEN)
def redeem_first_ever(bench):
    """the first ticket that O1 ever redeems, before its reward"""
    return _redeem_from_deposit(bench)


@operation("redeem.deposit.first-ever.after-reward", TEN)
def redeem_first_ever_after_reward(bench):
    """O1.reward(), then its first ticket ever"""
    bench.reward(1)
    return _redeem_from_deposit(bench)


@operation("redeem.deposit.second-in-round", TEN)
def redeem_second(bench):
    """second ticket of the same sender in the same round, before O1's reward"""
    _redeem_from_deposit(bench)
    return bench.redeem(bench.B0, bench.o(1), nonce=2)


@operation("redeem.deposit.second-in-round.after-reward", TEN)
def redeem_second_after_reward(bench):
    """O1.reward(), then two tickets: the second"""
    bench.reward(1)
    return redeem_second(bench)


@operation("redeem.deposit.first-of-round", TEN)
def redeem_first_of_round(bench):
    """O1 redeemed and rewarded in r0+2; first ticket of r0+3, before O1's reward"""
    _redeem_from_deposit(bench)
    bench.reward(1)
    bench.protocol.start_round()
    return bench.redeem(bench.B0, bench.o(1), nonce=2)


@operation("redeem.deposit.first-of-round.after-reward", TEN)
def redeem_first_of_round_after_reward(bench):
    """the same after O1's reward in r0+3"""
    _redeem_from_deposit(bench)
    bench.reward(1)
    bench.protocol.start_round()
    bench.reward(1)
    return bench.redeem(bench.B0, bench.o(1), nonce=2)


@operation("redeem.other-sender", TEN)
def redeem_other_sender(bench):
    """after one ticket of B0: a ticket of B1 in the same round"""
    _redeem_from_deposit(bench)
    bench.fund(bench.B1, deposit=ETHER)
    return bench.redeem(bench.B1, bench.o(1))


@operation("redeem.deposit.exact", TEN)
def redeem_exact(bench):
    """deposit = face value: the deposit goes to zero"""
    bench.fund(bench.B0, deposit=FACE_VALUE)
    return bench.redeem(bench.B0, bench.o(1))


# ---- one ticket paid by the reserve


@operation("redeem.reserve.first", TEN)
def redeem_reserve_first(bench):
    """deposit 0, reserve 1 ETH: first claim of the round on the reserve, O1's first ticket ever"""
    bench.fund(bench.B0, reserve=ETHER)
    return bench.redeem(bench.B0, bench.o(1))


@operation("redeem.reserve.second", TEN)
def redeem_reserve_second(bench):
    """second claim of the same recipient in the round"""
    redeem_reserve_first(bench)
    return bench.redeem(bench.B0, bench.o(1), nonce=2)


@operation("redeem.reserve.other-recipient", TEN)
def redeem_reserve_other_recipient(bench):
    """O1 has claimed from the reserve; then O2 in the same round, its first ticket ever"""
    redeem_reserve_first(bench)
    return bench.redeem(bench.B0, bench.o(2), nonce=2)


@operation("redeem.deposit+reserve", TEN)
def redeem_both(bench):
    """deposit = face value / 2, reserve 1 ETH: takes from both"""
    bench.fund(bench.B0, FACE_VALUE // 2, ETHER)
    return bench.redeem(bench.B0, bench.o(1))


# ---- batches: O1's first tickets ever, before its reward


@operation("batchRedeem.1", TEN)
def batch_of_one(bench):
    """1 ticket of B0 to O1, paid by the deposit"""
    return _redeem_batch(bench, 1)


@operation("batchRedeem.10", TEN)
def batch_of_ten(bench):
    """10 tickets of B0 to O1, paid by the deposit"""
    return _redeem_batch(bench, 10)


@operation("batchRedeem.50", TEN)
def batch_of_fifty(bench):
    """50 tickets of B0 to O1, paid by the deposit"""
    return _redeem_batch(bench, 50)


@operation("batchRedeem.10.10senders", TEN)
def batch_of_ten_senders(bench):
    """10 tickets of 10 senders"""
    gateways = [getattr(bench, label) for label in GATEWAYS]
    for gateway in gateways:
        bench.fund(gateway, deposit=ETHER)
    return bench.redeem_batch([bench.ticket(gateway, bench.o(1)) for gateway in gateways], bench.o(1))


@operation("batchRedeem.10.5bad", TEN)
def batch_half_bad(bench):
    """10 tickets, every second with a wrong recipientRand, which is skipped"""
    tickets = _tickets(bench, 10)
    for index in range(1, 10, 2):
        signed = tickets[index]
        tickets[index] = replace(signed, recipient_rand=signed.recipient_rand ^ 1)
    return bench.redeem_batch(tickets, bench.o(1))


def _redeem_from_deposit(bench: Bench) -> int:
    bench.fund(bench.B0, deposit=ETHER)
    return bench.redeem(bench.B0, bench.o(1))


def _redeem_batch(bench: Bench, count: int) -> int:
    return bench.redeem_batch(_tickets(bench, count), bench.o(1))


def _tickets(bench: Bench, count: int) -> list:
    bench.fund(bench.B0, deposit=ETHER)
    return [bench.ticket(bench.B0, bench.o(1), nonce) for nonce in range(1, count + 1)]
