"""A rider's points as anybody would keep them on paper: what the ledger must agree with."""

from dataclasses import dataclass, field


@dataclass
class PlainLot:
    """Points earned at once. `key` is that of the earning."""

    key: str
    amount: int
    expires: int
    remaining: int = 0


@dataclass
class PlainHold:
    """Points reserved, and from which lots."""

    amount: int
    taken: list[tuple[PlainLot, int]]
    state: str = "placed"


@dataclass
class PlainBooks:
    """One rider's lots, holds and debts; times are days."""

    grace: int
    lots: list[PlainLot] = field(default_factory=list)
    holds: list[PlainHold] = field(default_factory=list)
    debts: list[int] = field(default_factory=list)
    reversed: set[str] = field(default_factory=set)
    refunded: set[int] = field(default_factory=set)

    @property
    def free(self) -> int:
        """What may be spent."""
        return sum(lot.remaining for lot in self.lots)

    @property
    def held(self) -> int:
        return sum(hold.amount for hold in self.holds if hold.state == "placed")

    @property
    def debt(self) -> int:
        return sum(self.debts)

    def earn(self, key: str, amount: int, expires: int) -> None:
        self.lots.append(PlainLot(key, amount, expires, amount))
        self._settle()

    def hold(self, amount: int) -> bool:
        """Whether there was enough."""
        if amount > self.free:
            return False
        self.holds.append(PlainHold(amount, self._take(self._oldest(), amount)))
        return True

    def release(self, hold: PlainHold, today: int) -> None:
        hold.state = "released"
        self._give_back(hold, today)

    def reverse_earning(self, key: str) -> None:
        self.reversed.add(key)
        own = next(lot for lot in self.lots if lot.key == key)
        others = [lot for lot in self._oldest() if lot is not own]
        taken = sum(amount for _lot, amount in self._take([own, *others], own.amount))
        if taken < own.amount:
            self.debts.append(own.amount - taken)

    def refund(self, number: int, today: int) -> None:
        self.refunded.add(number)
        self._give_back(self.holds[number], today)

    def expire(self, today: int) -> None:
        for lot in self.lots:
            if lot.expires <= today:
                lot.remaining = 0

    def _give_back(self, hold: PlainHold, today: int) -> None:
        for lot, amount in hold.taken:
            lot.remaining += amount
            lot.expires = max(lot.expires, today + self.grace)
        self._settle()

    def _settle(self) -> None:
        while self.debts and self.free:
            paid = min(self.debts[0], self.free)
            self._take(self._oldest(), paid)
            self.debts[0] -= paid
            if not self.debts[0]:
                self.debts.pop(0)

    def _oldest(self) -> list[PlainLot]:
        return sorted(self.lots, key=lambda lot: lot.expires)

    @staticmethod
    def _take(lots: list[PlainLot], amount: int) -> list[tuple[PlainLot, int]]:
        taken = []
        for lot in lots:
            part = min(lot.remaining, amount)
            if part:
                lot.remaining -= part
                amount -= part
                taken.append((lot, part))
        return taken
