"""Issuer keys: files that their owner alone reads, and rotation with overlap."""

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.blueprints.badges import issuer_keys
from app.blueprints.badges.codec import decode, to_text
from app.blueprints.badges.issuer_keys import BadKeyFile, IssuerKeys, MayNotGo, NoIssuerKey
from app.blueprints.badges.verdict import judge
from tests.conftest import Clock, MakeApp
from tests.support.sk1 import Issuer, Phone, reader_of

DAYS_28 = timedelta(days=28)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def cli(make: MakeApp, folder: Path, held_clock: Clock) -> FlaskCliRunner:
    return make(ISSUER_KEYS_FOLDER=folder).test_cli_runner()


def _make(folder: Path, held_clock: Clock, hours: float = 0) -> issuer_keys.IssuerKey:
    now = held_clock.now()
    return issuer_keys.make(folder, signs_from=now + timedelta(hours=hours), now=now)


def _keys(folder: Path) -> IssuerKeys:
    return issuer_keys.load(folder)


def test_only_the_owner_may_read(folder: Path, held_clock: Clock) -> None:
    folder.mkdir(mode=0o755)
    key = _make(folder, held_clock)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(key.path.stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == [f"{key.kid}-20260601T040000Z.json"]


def test_the_private_key_is_never_printed(folder: Path, held_clock: Clock) -> None:
    key = _make(folder, held_clock)
    assert "EllipticCurve" not in repr(key) + repr(_keys(folder))


def test_what_a_key_signed_is_believed(folder: Path, held_clock: Clock) -> None:
    key = _make(folder, held_clock)
    phone = Phone()
    made = Issuer().phone()
    fields = bytearray(made.credential[:-64])
    fields[2:4], fields[46:79] = key.kid.to_bytes(2, "big"), phone.point
    phone.credential = key.credential(bytes(fields))
    assert judge(phone.show(), reader_of(Issuer(), keys=_keys(folder).published())).reason == "ok"
    assert decode(to_text(decode(phone.show()).payload)).credential.kid == key.kid


def test_the_new_key_is_published_at_once_and_signs_later(folder: Path, held_clock: Clock) -> None:
    old = _make(folder, held_clock)
    new = _make(folder, held_clock, hours=24)
    assert old.kid != new.kid
    assert _keys(folder).published() == {old.kid: [old.point], new.kid: [new.point]}
    for hours, signer in ((0, old), (23.99, old), (24, new), (1000, new)):
        moment = held_clock.now() + timedelta(hours=hours)
        assert _keys(folder).signing(moment).kid == signer.kid


def test_nothing_signs_without_a_key(folder: Path, held_clock: Clock) -> None:
    with pytest.raises(NoIssuerKey, match="make-key"):
        _keys(folder).signing(held_clock.now())
    _make(folder, held_clock, hours=1)
    with pytest.raises(NoIssuerKey):
        _keys(folder).signing(held_clock.now())


def test_the_old_key_stays_until_what_it_signed_has_expired(
    folder: Path, held_clock: Clock
) -> None:
    old, new = _make(folder, held_clock), _make(folder, held_clock, hours=24)

    def drop(kid: int) -> None:
        issuer_keys.drop(folder, kid, longest=DAYS_28, compromised=False, now=held_clock.now())

    with pytest.raises(MayNotGo, match="2026-06-30 04:00 UTC"):
        drop(old.kid)
    held_clock.forward(days=28, hours=23)
    with pytest.raises(MayNotGo):
        drop(old.kid)
    held_clock.forward(hours=1)
    drop(old.kid)
    assert [key.kid for key in _keys(folder).keys] == [new.kid]
    with pytest.raises(MayNotGo, match="may still be valid"):
        drop(new.kid)


def test_a_key_that_others_know_goes_at_once(folder: Path, held_clock: Clock) -> None:
    known = _make(folder, held_clock)
    waiting = _make(folder, held_clock, hours=24)

    def drop() -> None:
        issuer_keys.drop(folder, known.kid, longest=DAYS_28, compromised=True, now=held_clock.now())

    with pytest.raises(MayNotGo, match="--signs-after 0"):
        drop()
    fresh = _make(folder, held_clock)
    drop()
    keys = _keys(folder)
    assert keys.signing(held_clock.now()).kid == fresh.kid
    assert set(keys.published()) == {waiting.kid, fresh.kid}


def test_a_key_that_never_signed_may_go(folder: Path, held_clock: Clock) -> None:
    _make(folder, held_clock)
    waiting = _make(folder, held_clock, hours=24)
    issuer_keys.drop(folder, waiting.kid, longest=DAYS_28, compromised=False, now=held_clock.now())
    assert len(_keys(folder).keys) == 1


def test_jwks(folder: Path, held_clock: Clock) -> None:
    key = _make(folder, held_clock)
    [jwk] = _keys(folder).jwks()["keys"]
    assert {name: jwk[name] for name in ("kty", "crv", "kid", "use", "alg")} == {
        "kty": "EC", "crv": "P-256", "kid": str(key.kid), "use": "sig", "alg": "ES256",
    }  # fmt: skip
    assert "d" not in jwk
    assert len(jwk["x"]) == len(jwk["y"]) == 43


def test_keys_are_read_again_when_the_files_are_others(folder: Path, held_clock: Clock) -> None:
    _make(folder, held_clock)
    first = _keys(folder)
    assert _keys(folder) is first
    other = _make(folder, held_clock)
    assert {key.kid for key in _keys(folder).keys} == {first.keys[0].kid, other.kid}
    other.path.unlink()
    assert _keys(folder).keys == first.keys


@pytest.mark.parametrize(
    "change",
    [
        b"", b"[]", b"{", {"kid": "1"}, {"kid": -1}, {"kid": 65536}, {"kid": None},
        {"signs_from": "2026-06-01T00:00:00"}, {"signs_from": 5}, {"private_key": "no key"},
        {"private_key": None},
    ],
)  # fmt: skip
def test_a_file_that_holds_no_key_is_named(
    folder: Path, held_clock: Clock, change: bytes | dict[str, object]
) -> None:
    key = _make(folder, held_clock)
    content = json.loads(key.path.read_text())
    broken = change if isinstance(change, bytes) else json.dumps(content | change).encode()
    (folder / "0-broken.json").write_bytes(broken)
    with pytest.raises(BadKeyFile, match=r"0-broken\.json"):
        _keys(folder)


def test_commands(cli: FlaskCliRunner, folder: Path, held_clock: Clock) -> None:
    def run(*args: str) -> tuple[int, str]:
        result = cli.invoke(args=["badges", *args])
        return result.exit_code, result.output

    assert run("keys")[1].split() == ["kid", "signs", "from", "state", "may", "go"]
    assert run("make-key", "--if-none")[0] == 0
    assert run("make-key", "--if-none") == (0, "")
    [first] = _keys(folder).keys
    assert first.signs_from == held_clock.now()
    assert "signing   when another key has followed" in run("keys")[1]
    run("make-key")
    second = _keys(folder).keys[1]
    assert second.signs_from == held_clock.now() + timedelta(hours=24)
    listed = run("keys")[1].splitlines()
    assert listed[1].endswith("2026-06-01 04:00 UTC  signing   2026-06-30 04:00 UTC")
    assert listed[2].endswith("2026-06-02 04:00 UTC  waiting   now")
    status, said = run("drop-key", str(first.kid))
    assert (status, "may still be valid until 2026-06-30" in said) == (1, True)
    held_clock.forward(days=29)
    assert "retired   now" in run("keys")[1]
    assert run("drop-key", str(first.kid)) == (0, f"dropped {first.path.name}\n")
    assert run("drop-key", str(first.kid))[0] == 1


def test_compromised(cli: FlaskCliRunner, folder: Path, held_clock: Clock) -> None:
    for hours in ("0", "0"):
        assert cli.invoke(args=["badges", "make-key", "--signs-after", hours]).exit_code == 0
        held_clock.forward(minutes=1)
    first, second = _keys(folder).keys
    result = cli.invoke(args=["badges", "drop-key", str(first.kid), "--compromised"])
    assert result.exit_code == 0
    assert set(_keys(folder).published()) == {second.kid}


@pytest.mark.parametrize(
    "args", [["make-key", "--signs-after", "-1"], ["make-key", "--signs-after", "721"],
             ["drop-key", "70000"], ["drop-key", "x"]],
)  # fmt: skip
def test_bounds(cli: FlaskCliRunner, folder: Path, args: list[str]) -> None:
    assert cli.invoke(args=["badges", *args]).exit_code == 2
    assert not folder.exists()


def test_a_broken_folder_is_said_plainly(app: Flask, cli: FlaskCliRunner, folder: Path) -> None:
    folder.mkdir()
    (folder / "1-x.json").write_text("{}")
    for command in (["keys"], ["make-key"], ["drop-key", "1"]):
        result = cli.invoke(args=["badges", *command])
        assert (result.exit_code, "1-x.json holds no issuer key" in result.output) == (1, True)
