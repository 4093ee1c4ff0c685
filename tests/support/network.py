"""A network between phone and server that a test can make bad."""

import http.client
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PASS, DROP, SWALLOW = "pass", "drop", "swallow"
"""Through; the request never arrives; the request arrives and its answer is lost."""
_POLL_S = 0.02  # closing takes no longer
_HOP = {"connection", "transfer-encoding", "keep-alive", "content-length"}


class Answer(tuple[int, str, bytes]):
    """Given by the network itself, as a captive portal does: status, type, body."""


Policy = Callable[[str, str], str | Answer]


class Line:
    """An address that stays while networks come and go: phones know the centre by it."""

    def __init__(self) -> None:
        self.network: Network | None = None
        handler = type("Handler", (_Handler,), {"line": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": _POLL_S}, daemon=True
        )
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Network:
    """Stands before a server; `policy(method, path)` says what becomes of each request."""

    def __init__(self, port: int, line: Line | None = None) -> None:
        self.target = port
        self.policy: Policy = lambda _method, _path: PASS
        self.before_answer: Callable[[str, str], None] = lambda _method, _path: None
        """Called when the server has answered and the phone does not know yet."""
        self.headers: list[tuple[str, str]] = []
        """Sent along with answers that the network itself gives."""
        self.seen: list[tuple[str, str]] = []
        self.line = line or Line()
        self._own = None if line else self.line
        self.line.network = self

    @property
    def address(self) -> str:
        return self.line.address

    def good(self) -> None:
        """Let everything through again."""
        self.policy = lambda _method, _path: PASS
        self.before_answer = lambda _method, _path: None

    def close(self) -> None:
        self.line.network = None
        if self._own:
            self._own.close()


class _Handler(BaseHTTPRequestHandler):
    line: Line
    network: Network
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        network = self.line.network  # read once: the test may end meanwhile
        if network is None:
            return self._hang_up()
        self.network = network
        self.network.seen.append((self.command, self.path))
        action = self.network.policy(self.command, self.path)
        if isinstance(action, Answer):
            self._give(action[0], [("Content-Type", action[1]), *self.network.headers], action[2])
        elif action == DROP:
            self._hang_up()
        else:
            self._forward(body, deliver=action == PASS)

    def _forward(self, body: bytes, *, deliver: bool) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.network.target, timeout=60)
        try:
            headers = {name: value for name, value in self.headers.items() if name != "Connection"}
            connection.request(self.command, self.path, body or None, headers)
            answer = connection.getresponse()
            content = answer.read()
        except OSError:
            return self._hang_up()
        finally:
            connection.close()
        self.network.before_answer(self.command, self.path)
        if not deliver:
            return self._hang_up()
        kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in _HOP]
        self._give(answer.status, kept, content)

    def _give(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        try:
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)
        except OSError:
            self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""

    do_GET = do_POST = do_PUT = do_HEAD = _serve
