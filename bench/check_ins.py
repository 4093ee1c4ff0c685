"""Check-ins: one a request as a rider's phone sends, and in batches as riders' phones and counters
bring them after a while without network; beside the floor."""

import itertools
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from uuid6 import uuid7

from app.lib import clock
from bench import load
from bench.district_gates import database
from bench.district_stations import LATITUDE, LONGITUDE, District, Rider, prepare
from bench.serving import server

KINDS = ("sqlite", "postgresql")
SECONDS, BATCH = 8, 100
SINGLES, BATCHES = 20_000, 1_500
PURPOSES = ("rest", "water", "charge", "meal", "toilet", "help", "other")
APP, FLOOR = ("wsgi:app", 8075), ("bench.floor_check_ins:app", 8076)
MINUTE_MS = 60_000
Make = Callable[[District], Iterator[load.Turn]]


def measure() -> None:
    """Print the figures on both databases."""
    for kind in KINDS:
        print(f"{kind}, 2 workers x 2 threads, {load.CONNECTIONS} connections")
        singles, batches = _floor(kind, 1), _floor(kind, BATCH)
        _compare(kind, "one check-in a request", 1, one_by_one, singles)
        _compare(kind, f"a rider's phone, {BATCH}", BATCH, of_riders, batches)
        _compare(kind, f"a counter, {BATCH} riders", BATCH, of_counters, batches)


def _compare(kind: str, name: str, size: int, make: Make, floor: load.Figures) -> None:
    with _fresh(kind) as (folder, district), server(*APP, folder):
        ours = load.run(APP[1], load.Turns(iter(list(make(district)))), SECONDS)
    share = ours.rate / floor.rate
    print(f"  {name:<24}{ours.rate * size:6.0f}/s   {ours}   {share:.2f} of the floor")
    print(f"  {'the floor':<24}{floor.rate * size:6.0f}/s   {floor}", flush=True)


def _floor(kind: str, size: int) -> load.Figures:
    with _fresh(kind) as (folder, district), server(*FLOOR, folder):
        return load.run(FLOOR[1], load.Turns(bare(district, size)), SECONDS)


@contextmanager
def _fresh(kind: str) -> Iterator[tuple[Path, District]]:
    with tempfile.TemporaryDirectory() as name, database(kind, Path(name)):
        yield Path(name), prepare(Path(name))


def one_by_one(district: District) -> Iterator[load.Turn]:
    """Riders by the posters of stations."""
    for number in range(SINGLES):
        rider = district.riders[number % len(district.riders)]
        yield _turn(rider.cookie, [_own(district, number, 0)])


def of_riders(district: District) -> Iterator[load.Turn]:
    """What a rider's phone gathered in a week: a hundred check-ins at four stations."""
    for number in range(BATCHES):
        rider = district.riders[number % len(district.riders)]
        items = [_own(district, number + n % 4, n * 95 * MINUTE_MS) for n in range(BATCH)]
        yield _turn(rider.cookie, items)


def of_counters(district: District) -> Iterator[load.Turn]:
    """What a counter gathered in an afternoon: a hundred riders, by their numbers."""
    riders = itertools.cycle(district.riders)
    for number in range(BATCHES):
        counter = district.counters[number % len(district.counters)]
        ago = iter(range(0, 300 * MINUTE_MS, 3 * MINUTE_MS))
        items = [_logged(counter.id, next(riders), n, next(ago)) for n in range(BATCH)]
        yield _turn(counter.cookie, items)


def _turn(cookie: str, items: Sequence[dict[str, Any]]) -> load.Turn:
    body = json.dumps(items).encode()
    return load.Turn(cookie, [load.Request("POST", "/sync/items", body, b'"accepted"', len(items))])


def _item(kind: str, ago_ms: int, fields: dict[str, Any]) -> dict[str, Any]:
    now_ms = clock.to_ms(clock.now())
    return {
        "key": str(uuid7()), "kind": kind, "schema": 1, "photos": [], "fields": fields,
        "captured_at": now_ms - ago_ms, "server_offset": 0, "sent_at": now_ms,
    }  # fmt: skip


def _own(district: District, number: int, ago_ms: int) -> dict[str, Any]:
    counter = district.counters[number % len(district.counters)]
    return _item("check_in", ago_ms, {
        "way": "poster", "code": counter.poster, "purpose": PURPOSES[number % len(PURPOSES)],
        "latitude": LATITUDE, "longitude": LONGITUDE, "accuracy_m": 12,
    })  # fmt: skip


def _logged(station_id: int, rider: Rider, number: int, ago_ms: int) -> dict[str, Any]:
    return _item("counter_log", ago_ms, {
        "station": station_id, "way": "number", "number": rider.number,
        "purpose": PURPOSES[number % len(PURPOSES)],
    })  # fmt: skip


def bare(district: District, size: int) -> Iterator[load.Turn]:
    """The same many rows for the floor, without end."""
    at = f"{clock.now():%Y-%m-%d %H:%M:%S.%f}"
    riders, counters = itertools.cycle(district.riders), itertools.cycle(district.counters)
    for rider in riders:
        owner, rows = rider.id, []
        for _row in range(size):
            who = [next(counters).id, rider.id, rider.company_id]
            rows.append(
                {"key": str(uuid7()), "who": who, "owner": owner, "hash": "x" * 64, "at": at}
            )
        body = json.dumps(rows).encode()
        yield load.Turn("", [load.Request("POST", "/check-ins", body, b'"accepted"', size)])
