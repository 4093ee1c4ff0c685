"""A shop as anybody would keep it on paper: what redemptions must agree with."""

from dataclasses import dataclass, field

HEARD_DAYS = 7


@dataclass
class PlainVoucher:
    """What a rider chose; days are numbers. `end` is the first day on which it is bad."""

    rider: int
    reward: int
    cost: int
    end: int
    state: str = "held"
    moved: int = 0


@dataclass
class PlainShop:
    """Riders' points, shelves, vouchers. A shelf below zero lacks what went over the counter;
    None is not counted."""

    valid_days: int
    costs: dict[int, int]
    most: dict[int, int | None]
    shelf: dict[int, int | None]
    free: dict[int, int]
    held: dict[int, int] = field(default_factory=dict)
    vouchers: list[PlainVoucher] = field(default_factory=list)

    def redeem(self, rider: int, reward: int, today: int) -> str:
        """ "" for done, or why not."""
        cost, left, most = self.costs[reward], self.shelf[reward], self.most[reward]
        had = [one for one in self.vouchers if (one.rider, one.reward) == (rider, reward)]
        if most is not None and sum(one.state in ("held", "given") for one in had) >= most:
            return "NotForYou"
        if cost > self.free[rider]:
            return "NotEnough"
        if left is not None and left < 1:
            return "SoldOut"
        self._reserve(rider, cost)
        self._shift(reward, -1)
        self.vouchers.append(
            PlainVoucher(rider, reward, cost, today + self.valid_days + 1, moved=today)
        )
        return ""

    def cancel(self, number: int, today: int) -> bool:
        """Whether it could be."""
        one = self.vouchers[number]
        if one.state != "held" or one.end <= today:
            return False
        self._back(one, "cancelled", today)
        return True

    def expire(self, today: int) -> None:
        """What has run out comes back."""
        for one in self.vouchers:
            if one.state == "held" and one.end <= today:
                self._back(one, "expired", today)

    def give(self, number: int, day: int, today: int) -> str:
        """What comes of a host's word that it was handed out on a day."""
        one = self.vouchers[number]
        if one.state == "held":
            return self._given(one, "given") if day < one.end else "conflict"
        believed = day >= today - HEARD_DAYS and day < one.end
        if one.state == "cancelled":
            believed = believed and day < one.moved
        if one.state == "given" or not believed or self.free[one.rider] < one.cost:
            return "conflict"
        self._reserve(one.rider, one.cost)
        self._shift(one.reward, -1)
        return self._given(one, "late")

    def _given(self, one: PlainVoucher, outcome: str) -> str:
        self.held[one.rider] -= one.cost
        one.state = "given"
        return outcome

    def _reserve(self, rider: int, cost: int) -> None:
        self.free[rider] -= cost
        self.held[rider] = self.held.get(rider, 0) + cost

    def _back(self, one: PlainVoucher, state: str, today: int) -> None:
        self.free[one.rider] += one.cost
        self.held[one.rider] -= one.cost
        self._shift(one.reward, 1)
        one.state, one.moved = state, today

    def _shift(self, reward: int, by: int) -> None:
        left = self.shelf[reward]
        if left is not None:
            self.shelf[reward] = left + by
