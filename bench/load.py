"""Load over several connections, and what came of it."""

import http.client
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

CONNECTIONS = 8


@dataclass(frozen=True)
class Request:
    """One request; `expect` stands in its answer so many times."""

    method: str
    path: str
    body: bytes
    expect: bytes = b""
    times: int = 0


@dataclass(frozen=True)
class Figures:
    """Rate of turns a second, and ms a turn took, sorted."""

    rate: float
    took_ms: Sequence[float]

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the turns ended."""
        return self.took_ms[min(int(len(self.took_ms) * share), len(self.took_ms) - 1)]

    def __str__(self) -> str:
        p50, p99 = self.percentile(0.5), self.percentile(0.99)
        return f"p50 {p50:6.1f} ms   p99 {p99:6.1f} ms   most {self.took_ms[-1]:6.1f} ms"


@dataclass(frozen=True)
class Turn:
    """Requests that one phone makes, one after another."""

    cookie: str
    requests: Sequence[Request]
    headers: Mapping[str, str] = field(default_factory=dict)


class Turns:
    """Turns that connections share."""

    def __init__(self, turns: Iterator[Turn]) -> None:
        self._turns, self._lock = turns, threading.Lock()

    def __call__(self) -> Turn:
        with self._lock:
            return next(self._turns)


def run(port: int, turns: Turns, seconds: float) -> Figures:
    """Let each connection take turns for some seconds. Raises RuntimeError on a wrong answer."""
    took: list[float] = []
    failed: list[Exception] = []
    began = time.perf_counter()

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            while time.perf_counter() < began + seconds:
                turn = turns()
                start = time.perf_counter()
                for request in turn.requests:
                    _ask(connection, request, turn)
                took.append((time.perf_counter() - start) * 1000)
        except Exception as error:  # said by the caller's thread
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _connection in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return Figures(len(took) / (time.perf_counter() - began), sorted(took))


def _ask(connection: http.client.HTTPConnection, request: Request, turn: Turn) -> None:
    headers = {
        "Cookie": turn.cookie, "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin",
        **turn.headers,
    }  # fmt: skip
    connection.request(request.method, request.path, request.body, headers)
    answer = connection.getresponse()
    content = answer.read()
    right = answer.status in (200, 201) and content.count(request.expect) >= request.times
    if not right:
        raise RuntimeError(f"{answer.status} {content[:300]!r}")
