"""The same thing done by many at the same moment."""

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask

from app.queue import run_until_done

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


def run_twice_at_once(app: Flask, name: str) -> None:
    """Two workers with the same job."""

    def work(_number: int) -> Exception | None:
        try:
            with app.app_context():
                run_until_done(name)
        except Exception as error:
            return error
        return None

    assert at_once(work, 2) == [None, None]
