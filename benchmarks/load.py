"""A bounded load generator: threads with one kept-alive connection each."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

Request = tuple[str, str, dict[str, str], bytes | None]


@dataclass(frozen=True)
class Measured:
    """One run: ``seconds`` of wall time, latencies in milliseconds."""

    name: str
    clients: int
    requests: int
    seconds: float
    median_ms: float
    p95_ms: float
    errors: int

    @property
    def per_second(self) -> float:
        return round(self.requests / self.seconds, 1)


def run(
    name: str,
    port: int,
    make: Callable[[int], Request],
    *,
    clients: int,
    requests: int,
    expect: tuple[int, ...] = (200, 201),
    seconds_max: float = 30,
) -> Measured:
    """Send at most ``requests`` requests, or as many as fit into ``seconds_max``."""
    numbers, times, wrong = count(), [], []
    stop_at = time.monotonic() + seconds_max

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while (number := next(numbers)) < requests and time.monotonic() < stop_at:
            method, path, headers, body = make(number)
            start = time.perf_counter()
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            times.append((time.perf_counter() - start) * 1000)
            if answer.status not in expect:
                wrong.append(answer.status)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    return _measured(name, clients, seconds, sorted(times), len(wrong))


def _measured(name: str, clients: int, seconds: float, times: list[float], errors: int) -> Measured:
    return Measured(
        name=name,
        clients=clients,
        requests=len(times),
        seconds=round(seconds, 2),
        median_ms=round(statistics.median(times), 1),
        p95_ms=round(times[int(len(times) * 0.95) - 1], 1),
        errors=errors,
    )
