"""The status list: packed, signed, opened, and what is no list of ours."""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.blueprints.badges import status_list
from app.blueprints.badges.status_list import BadList, Status, StatusList, make, open_list, pack
from tests.support.sk1 import NOW_S, Issuer, new_key

ISSUER = Issuer()
KEYS = {ISSUER.kid: [ISSUER.point]}
SUBJECT = "https://example.org/.well-known/sk1/status-list"


def _list(packed: bytes) -> StatusList:
    return StatusList(NOW_S, NOW_S + 1000, 300, packed)


def _token(packed: bytes = b"\0") -> str:
    return make(_list(packed), subject=SUBJECT, kid=ISSUER.kid, key=ISSUER.key)


def _signed(claims: object, *, typ: str = status_list.TYPE, kid: str = "513") -> str:
    return jwt.PyJWS().encode(
        json.dumps(claims).encode(), ISSUER.key, algorithm="ES256", headers={"typ": typ, "kid": kid}
    )


def _lst(packed: bytes) -> str:
    return urlsafe_b64encode(packed).decode().rstrip("=")


@given(
    st.integers(0, 500).flatmap(
        lambda size: st.tuples(
            st.just(size),
            st.dictionaries(st.integers(0, size - 1), st.sampled_from(Status))
            if size
            else st.just({}),
        )
    )
)
def test_what_was_packed_is_found(case: tuple[int, dict[int, Status]]) -> None:
    size, statuses = case
    opened = open_list(_token(pack(statuses, size)), KEYS)
    for index in range(size):
        assert opened.status(index) == statuses.get(index, Status.VALID)
    assert opened.status(4 * -(-size // 4)) is None
    assert opened.status(2**32 - 1) is None


def test_bits_stand_as_in_the_draft_of_the_ietf() -> None:
    """Its example of two bits: least significant first."""
    statuses = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]
    assert pack(dict(enumerate(statuses)), 12) == bytes([0xC9, 0x44, 0xF9])


def test_the_token_is_of_the_form() -> None:
    token = _token(pack({1: Status.REVOKED}, 8))
    assert jwt.get_unverified_header(token) == {
        "alg": "ES256", "typ": "statuslist+jwt", "kid": "513",
    }  # fmt: skip
    claims = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims.pop("status_list")["bits"] == 2
    assert claims == {"sub": SUBJECT, "iat": NOW_S, "exp": NOW_S + 1000, "ttl": 300}


def test_a_list_of_20_000_badges_is_small() -> None:
    chosen = {n * 7919 % 20_000: Status.REVOKED for n in range(400)}
    assert len(_token(pack(chosen, 20_000))) < 2500


def test_another_key_of_the_same_kid_may_have_signed() -> None:
    keys = {ISSUER.kid: [Issuer().point, b"no point", ISSUER.point]}
    assert open_list(_token(), keys).iat == NOW_S


def _good() -> dict[str, object]:
    lst = _lst(zlib.compress(b"\0"))
    return {"iat": 1, "exp": 2, "ttl": 3, "status_list": {"bits": 2, "lst": lst}}


def test_the_claims_that_it_needs() -> None:
    assert open_list(_signed(_good()), KEYS).exp == 2


@pytest.mark.parametrize(
    "change",
    [
        {"iat": None}, {"iat": "1"}, {"iat": True}, {"iat": 1.5}, {"exp": None}, {"ttl": []},
        {"status_list": None}, {"status_list": []}, {"status_list": {"bits": 2}},
        {"status_list": {"bits": 1, "lst": _lst(zlib.compress(b"\0"))}},
        {"status_list": {"bits": 2, "lst": 5}}, {"status_list": {"bits": 2, "lst": "é"}},
        {"status_list": {"bits": 2, "lst": _lst(b"no zlib")}},
        {"status_list": {"bits": 2, "lst": _lst(zlib.compress(bytes(999))[:-4])}},
    ],
)  # fmt: skip
def test_claims_that_do_not_fit(change: dict[str, object]) -> None:
    with pytest.raises(BadList):
        open_list(_signed(_good() | change), KEYS)


@pytest.mark.parametrize("claims", [[], "x", 5, None])
def test_claims_that_are_none(claims: object) -> None:
    with pytest.raises(BadList):
        open_list(_signed(claims), KEYS)


def test_a_list_that_unpacks_to_gigabytes() -> None:
    bomb = zlib.compress(bytes(status_list.MAX_LIST_BYTES + 1), 9)
    claims = _good() | {"status_list": {"bits": 2, "lst": _lst(bomb)}}
    with pytest.raises(BadList):
        open_list(_signed(claims), KEYS)


@pytest.mark.parametrize(
    "token",
    ["", "x", "a.b.c", "..", "é", "\ud800", "x" * 5_000_000, "e30.e30.",
     urlsafe_b64encode(b"[" * 100_000).decode() + ".e30.e30"],
)  # fmt: skip
def test_what_is_no_token(token: str) -> None:
    with pytest.raises(BadList):
        open_list(token, KEYS)


def test_another_signature_header_or_key() -> None:
    stranger = make(_list(b"\0"), subject=SUBJECT, kid=ISSUER.kid, key=new_key())
    none = jwt.encode(
        _good(), None, algorithm="none", headers={"typ": status_list.TYPE, "kid": "513"}
    )
    hmac = jwt.encode(
        _good(), "k" * 32, algorithm="HS256", headers={"typ": status_list.TYPE, "kid": "513"}
    )
    head, claims, signature = _token().split(".")
    mixed = ".".join((head, _token(b"\1").split(".")[1], signature))
    for token in (
        stranger, none, hmac, mixed, f"{head}.{claims}.", _signed(_good(), typ="JWT"),
        _signed(_good(), kid="514"), _signed(_good(), kid="x"), _signed(_good(), kid="9" * 5000),
        _signed(_good(), kid=""),
    ):  # fmt: skip
        with pytest.raises(BadList):
            open_list(token, KEYS)
    with pytest.raises(BadList):
        open_list(_token(), {})
