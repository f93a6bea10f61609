"""What became of the tickets: sent by the gateway, won and redeemed by orchestrators, paid from which pot."""

from dataclasses import asdict, dataclass

from scripts._demo.checks import Check
from scripts._demo.records import Records


@dataclass(frozen=True)
class TicketAccount:
    """Amounts in wei. `redeemed_from_reserve` counts winners that drew on the reserve, if only for a part."""

    sent: int
    expected_value_sent: int
    face_value_sent: int
    won: int
    redeemed: int
    redeemed_from_deposit: int
    redeemed_from_reserve: int
    paid: int
    paid_from_deposit: int
    paid_from_reserve: int
    open: list[str]
    checks: list[Check]

    def to_json(self) -> dict:
        values = asdict(self)
        del values["checks"]
        amounts = ("expected_value_sent", "face_value_sent", "paid", "paid_from_deposit", "paid_from_reserve")
        return values | {name: str(values[name]) for name in amounts}


def account_for_tickets(transcoding: dict, winners: list[dict], records: Records) -> TicketAccount:
    """`transcoding`: the gateway's report; `winners`: what the redeemer says of each."""
    totals = transcoding["totals"]
    redeemed = [winner for winner in winners if winner["state"] == "redeemed"]
    events = list(records.of("WinningTicketRedeemed"))
    draws = list(records.of("ReserveClaimed"))
    paid = records.total("WinningTicketTransfer", "amount")
    from_reserve = sum(draw["amount"] for draw in draws)
    return TicketAccount(
        sent=totals["tickets_sent"],
        expected_value_sent=int(totals["expected_value_sent_wei"]),
        face_value_sent=int(totals["face_value_sent_wei"]),
        won=len(winners),
        redeemed=len(events),
        redeemed_from_deposit=len(events) - len(draws),
        redeemed_from_reserve=len(draws),
        paid=paid,
        paid_from_deposit=paid - from_reserve,
        paid_from_reserve=from_reserve,
        open=[f"{w['state']}: {w['reason']}" for w in winners if w["state"] != "redeemed"],
        checks=[
            Check(
                "tickets: wei paid to winners",
                {
                    "the redeemer's reports": sum(int(winner["paid_wei"]) for winner in redeemed),
                    "events": paid,
                },
            ),
            Check(
                "tickets: number redeemed",
                {"the redeemer's reports": len(redeemed), "events": len(events)},
            ),
        ],
    )
