"""A load maker in asyncio, for machines without wrk. It says the same things in the same words.

python -m bench.client read URL SECONDS CONNECTIONS COOKIE
python -m bench.client sign URL SECONDS CONNECTIONS PAGES RUN
"""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit


class Tally:
    """What the connections have seen."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.bytes = self.refused = self.broken = 0


def reader(path: str, host: str, cookie: str) -> Callable[[], bytes]:
    """Makes the same request every time."""
    line = f"Cookie: {cookie}\r\n" if cookie else ""
    whole = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n{line}\r\n".encode()
    return lambda: whole


def signer(path: str, host: str, pages: str, run: str) -> Callable[[], bytes]:
    """Makes the form of another person every time, in another network."""
    known = [line.split("\t") for line in Path(pages).read_text().splitlines()]
    counter = itertools.count(1)

    def request() -> bytes:
        number = next(counter)
        cookie, token = known[number % len(known)]
        body = (
            f"csrf_token={token}&once={run}-{number}&name=Rosa+Neighbour&email={run}-{number}%40example.org"
            "&home_words=&display=hidden&count_me=y&show_to_target=y"
        )
        return (
            f"POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nContent-Length: {len(body)}\r\n"
            f"X-Forwarded-For: 10.{number // 256 % 256}.{number % 256}.9\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}"
        ).encode()

    return request


async def connection(host: str, port: int, request: Callable[[], bytes], until: float, tally: Tally) -> None:
    """One connection that asks until the time is up."""
    arriving, leaving = await asyncio.open_connection(host, port)
    try:
        while (began := time.monotonic()) < until:
            leaving.write(request())
            head = await arriving.readuntil(b"\r\n\r\n")
            length = next(
                int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
            )
            await arriving.readexactly(length)
            tally.times.append(time.monotonic() - began)
            tally.bytes += len(head) + length
            tally.refused += int(head[9:12]) >= 400
    except (OSError, asyncio.IncompleteReadError, StopIteration):
        tally.broken += 1
    finally:
        leaving.close()


async def main(kind: str, url: str, seconds: str, connections: str, *rest: str) -> None:
    """Run the load and print one line of JSON."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 80
    make = reader if kind == "read" else signer
    request = make(parts.path, f"{host}:{port}", *rest)
    tally, began = Tally(), time.monotonic()
    until = began + float(seconds)
    await asyncio.gather(*(connection(host, port, request, until, tally) for _ in range(int(connections))))
    times = sorted(tally.times) or [0.0]
    print(
        json.dumps(
            {
                "requests": len(tally.times),
                "seconds": time.monotonic() - began,
                "bytes": tally.bytes,
                "refused": tally.refused,
                "broken": tally.broken,
                "p50": times[len(times) // 2] * 1000,
                "p99": times[len(times) * 99 // 100] * 1000,
                "longest": times[-1] * 1000,
            }
        )
    )


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
