"""A push service over HTTPS that takes everything, after a while: `python -m bench.push_server
PORT CERTIFICATE KEY LATENCY_S`. GET /count says how many it took, and the most at once."""

import asyncio
import ssl
import sys

from aiohttp import web


class Taker:
    """Counts what it takes."""

    def __init__(self, latency_s: float) -> None:
        self.latency_s, self.taken, self.now, self.most = latency_s, 0, 0, 0

    async def take(self, request: web.Request) -> web.Response:
        self.now += 1
        self.most = max(self.most, self.now)
        await request.read()
        if self.latency_s:
            await asyncio.sleep(self.latency_s)
        self.now -= 1
        self.taken += 1
        return web.Response(status=201)

    async def count(self, _request: web.Request) -> web.Response:
        return web.json_response({"taken": self.taken, "most": self.most})


def main() -> None:
    port, certificate, key, latency_s = sys.argv[1:]
    taker = Taker(float(latency_s))
    app = web.Application()
    app.router.add_post("/push/{name}", taker.take)
    app.router.add_get("/count", taker.count)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    web.run_app(
        app, host="127.0.0.1", port=int(port), ssl_context=context, access_log=None, print=None
    )


if __name__ == "__main__":
    main()
