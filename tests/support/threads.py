"""The same thing done by many at the same moment."""

import threading
from collections.abc import Callable
from typing import Any

THREADS = 8


def at_once(act: Callable[[int], Any], count: int = THREADS) -> list[Any]:
    """Call `act` with 0, 1, 2... in as many threads at once; what each answered."""
    answers: list[Any] = [None] * count
    barrier = threading.Barrier(count)

    def run(number: int) -> None:
        barrier.wait()
        answers[number] = act(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
