"""Patterns that are seen in one rider's day: too many deeds, and places too far apart."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby, pairwise

from app.blueprints.fairness import limits
from app.blueprints.fairness.deeds import Done
from app.blueprints.fairness.models import Pattern
from app.blueprints.fairness.notice import Notice, day_of
from app.lib.geo import Spot, distance_m


def velocity(deeds: Sequence[Done]) -> Iterator[Notice]:
    """More in an hour or a day than somebody can do; `deeds` in order of rider and time. Evidence:
    `hour`, the most in 60 minutes that ended on that day, and `day`, all of it."""
    for rider_id, group in groupby(deeds, lambda deed: deed.rider_id):
        of_rider = list(group)
        busiest = _busiest(of_rider)
        for day, of_day in _by_day(of_rider):
            hour = busiest[day]
            if len(hour) > limits.MOST_IN_AN_HOUR or len(of_day) > limits.MOST_IN_A_DAY:
                shown = hour if len(hour) > limits.MOST_IN_AN_HOUR else of_day
                yield Notice(
                    Pattern.VELOCITY, rider_id, day.isoformat(), tuple(deed.id for deed in shown),
                    evidence={"hour": len(hour), "day": len(of_day)},
                )  # fmt: skip


def _by_day(deeds: Sequence[Done]) -> Iterator[tuple[date, list[Done]]]:
    yield from ((day, list(group)) for day, group in groupby(deeds, lambda deed: day_of(deed.at)))


def _busiest(deeds: Sequence[Done]) -> dict[date, Sequence[Done]]:
    """For each day the most deeds of an hour that ended on it."""
    best: dict[date, Sequence[Done]] = {}
    first = 0
    for last, deed in enumerate(deeds):
        while deed.at - deeds[first].at >= limits.HOUR:
            first += 1
        hour, day = deeds[first : last + 1], day_of(deed.at)
        if len(hour) > len(best.get(day, ())):
            best[day] = hour
    return best


def travel(deeds: Sequence[Done]) -> Iterator[Notice]:
    """At two places, one after the other, faster than anybody drives. Evidence: `legs`, each
    [deed, deed, metres, seconds]."""
    placed = ((deed, deed.spot) for deed in deeds if deed.spot is not None)
    for rider_id, group in groupby(placed, lambda one: one[0].rider_id):
        legs: dict[str, list[list[int]]] = {}
        for one, next_one in pairwise(group):
            if leg := _too_fast(one, next_one):
                legs.setdefault(day_of(next_one[0].at).isoformat(), []).append(leg)
        for day, found in legs.items():
            ids = dict.fromkeys(id for leg in found for id in leg[:2])
            yield Notice(Pattern.TRAVEL, rider_id, day, tuple(ids), evidence={"legs": found})


def _too_fast(one: tuple[Done, Spot], next_one: tuple[Done, Spot]) -> list[int] | None:
    """The leg between two deeds if nobody can do it, all doubt to the rider."""
    (first, here), (second, there) = one, next_one
    metres = distance_m(here.latitude, here.longitude, there.latitude, there.longitude)
    sure_m = metres - here.accuracy_m - there.accuracy_m - limits.SLACK_M
    seconds = (second.at - first.at).total_seconds()
    most_m = (seconds + limits.SLACK.total_seconds()) * limits.FASTEST_KMH / 3.6
    if metres < limits.NEAREST_M or sure_m <= most_m:
        return None
    return [first.id, second.id, round(metres), round(seconds)]
