"""The verdict: each reason, the order of them, and what is kept of what was accepted."""

from dataclasses import replace
from typing import Any

import pytest

from app.blueprints.badges import codec
from app.blueprints.badges.codec import Code, decode, to_text
from app.blueprints.badges.replays import Replays
from app.blueprints.badges.status_list import Status, StatusList, pack
from app.blueprints.badges.verdict import Level, Reader, Reason, judge
from tests.support.sk1 import NOW_S, Issuer, Phone, altered, reader_of

ISSUER = Issuer()
HOUR_S = 3600


def _reason(text: str, **known: object) -> str:
    return judge(text, reader_of(ISSUER, **known)).reason


def _closed(_code: Code) -> str:
    return "hours"


def _list(age_s: int = 60, exp: int = NOW_S + HOUR_S, packed: bytes = bytes(250)) -> StatusList:
    return StatusList(NOW_S - age_s, exp, 300, packed)


def test_green() -> None:
    verdict = judge(ISSUER.phone().show(), reader_of(ISSUER))
    assert (verdict.level, verdict.reason, verdict.detail) == (Level.GREEN, Reason.OK, None)
    assert verdict.code is not None


def test_what_cannot_be_read_has_no_code() -> None:
    for text, reason in (("https://example.com", "not_ours"), ("SK1:5", "malformed")):
        verdict = judge(text, reader_of(ISSUER))
        assert (verdict.level, verdict.reason, verdict.code) == (Level.RED, reason, None)


def test_the_bounds_of_validity_are_minutes() -> None:
    minute = NOW_S // 60
    for issued_at, expires_at, reason in (
        (minute, minute + 1, "ok"),
        (minute + 1, minute + 2, "not_yet_valid"),
        (minute - 5, minute, "expired"),
    ):
        phone = ISSUER.phone(issued_at=issued_at, expires_at=expires_at)
        assert _reason(phone.show()) == reason
        assert _reason(phone.show(), now_s=NOW_S + 0.5) == reason


def test_one_of_several_keys_of_a_kid() -> None:
    other, third = Issuer(ISSUER.kid), Issuer(ISSUER.kid)
    for signer in (ISSUER, other):
        assert judge(signer.phone().show(), reader_of(ISSUER, other)).reason == "ok"
    assert judge(third.phone().show(), reader_of(ISSUER, other)).reason == "bad_signature"
    assert judge(Issuer(9).phone().show(), reader_of(ISSUER)).reason == "unknown_key"
    assert judge(ISSUER.phone().show(), reader_of(ISSUER, keys={513: []})).reason == "unknown_key"


@pytest.mark.parametrize(
    ("status", "reason"),
    [(Status.REVOKED, "revoked"), (Status.SUSPENDED, "suspended"), (Status.UNKNOWN, "revoked")],
)
def test_the_list_says_no(status: Status, reason: str) -> None:
    for text in (ISSUER.phone().show(), ISSUER.printed()):
        assert _reason(text, statuses={7: status}) == reason
        assert _reason(text, statuses={6: status, 8: status}) in ("ok", "printed")


def test_a_badge_past_the_end_of_the_list() -> None:
    assert _reason(ISSUER.phone(status_index=1000).show()) == "list_stale"
    assert _reason(ISSUER.phone(status_index=999).show()) == "ok"
    assert _reason(ISSUER.printed(status_index=2**32 - 1)) == "printed"


def test_scopes() -> None:
    for scope, scopes, reason in ((0, (), "ok"), (5, (5, 6), "ok"), (7, (5, 6), "wrong_scope")):
        assert _reason(ISSUER.phone(scope=scope).show(), scopes=frozenset(scopes)) == reason


def test_the_gates_own_rules_say_which_one() -> None:
    verdict = judge(ISSUER.phone().show(), reader_of(ISSUER, gate_refuses=_closed))
    assert (verdict.level, verdict.reason, verdict.detail) == ("red", "gate_closed", "hours")


@pytest.mark.parametrize(
    ("off_s", "reason"),
    [
        (0, "ok"),
        (90, "ok"),
        (91, "clock_skew"),
        (600, "clock_skew"),
        (601, "clock"),
        (2**20, "clock"),
    ],
)
def test_the_proofs_time(off_s: int, reason: str) -> None:
    for time_s in (NOW_S + off_s, NOW_S - off_s):
        assert _reason(ISSUER.phone().show(time_s)) == reason


@pytest.mark.parametrize(
    ("listed", "reason"),
    [
        (_list(24 * HOUR_S), "ok"), (_list(24 * HOUR_S + 1), "list_stale"),
        (_list(72 * HOUR_S), "list_stale"), (_list(72 * HOUR_S + 1), "list_expired"),
        (_list(exp=NOW_S + 1), "ok"), (_list(exp=NOW_S), "list_expired"),
    ],
)  # fmt: skip
def test_the_age_of_the_list(listed: StatusList, reason: str) -> None:
    assert _reason(ISSUER.phone().show(), list=listed) == reason


def test_a_challenge_must_be_the_one_asked_for() -> None:
    asked = b"\0\0\0\0\1\2\3\4"
    for shown, wanted, reason in (
        (asked, asked, "ok"),
        (asked, b"", "bad_proof"),
        (b"", asked, "bad_proof"),
        (bytes(8), asked, "bad_proof"),
    ):
        assert _reason(ISSUER.phone().show(NOW_S, shown), challenge=wanted) == reason


def test_a_printed_badge_cannot_answer_a_challenge_and_stays_amber() -> None:
    verdict = judge(ISSUER.printed(), reader_of(ISSUER, challenge=b"12345678"))
    assert (verdict.level, verdict.reason) == (Level.AMBER, Reason.PRINTED)


def test_a_proof_of_another_phone_or_credential() -> None:
    mine, thief = ISSUER.phone(), Phone()
    thief.credential = mine.credential
    assert _reason(thief.show()) == "bad_proof"
    other = ISSUER.phone()
    spliced = other.credential + decode(mine.show()).payload[len(mine.credential) :]
    assert _reason(to_text(spliced)) == "bad_proof"


Parts = dict[str, Any]

# Each step breaks one more thing, which is checked earlier than those before: it must win.
STEPS: tuple[tuple[str, Parts, Parts], ...] = (
    # expected, what changes in the code, what changes in the reader
    ("list_stale", {}, {"age_s": 25 * HOUR_S}),
    ("printed", {"printed": True}, {}),
    ("clock_skew", {"printed": False, "time_s": NOW_S - 95}, {}),
    ("list_expired", {}, {"age_s": 73 * HOUR_S}),
    ("replayed", {}, {"replayed": True}),
    ("clock", {"time_s": NOW_S - 700}, {}),
    ("bad_proof", {"thief": True}, {}),
    ("gate_closed", {}, {"gate_refuses": _closed}),
    ("wrong_scope", {"scope": 4}, {}),
    ("suspended", {}, {"status": Status.SUSPENDED}),
    ("expired", {"expires_at": NOW_S // 60 - 1}, {}),
    ("bad_signature", {"forged": True}, {}),
    ("unknown_key", {}, {"keys": {}}),
)


@pytest.mark.parametrize("last", range(len(STEPS)), ids=[reason for reason, *_rest in STEPS])
def test_what_is_checked_first_wins(last: int) -> None:
    made: Parts = {}
    known: Parts = {}
    for _expected, in_code, in_reader in STEPS[: last + 1]:
        made |= in_code
        known |= in_reader
    text = _made(**made)
    assert judge(text, _reader(text, **known)).reason == STEPS[last][0]


def _made(
    *, printed: bool = False, time_s: int = NOW_S, thief: bool = False, forged: bool = False,
    **fields: Any,
) -> str:  # fmt: skip
    signer = Issuer(ISSUER.kid) if forged else ISSUER
    if printed:
        return signer.printed(**fields)
    phone = signer.phone(**fields)
    shown = Phone(credential=phone.credential) if thief else phone
    return shown.show(time_s)


def _reader(
    text: str, *, age_s: int, status: Status = Status.VALID, replayed: bool = False, **known: Any
) -> Reader:
    reader = reader_of(ISSUER, list=_list(age_s, packed=pack({7: status}, 1000)), **known)
    code = decode(text)
    if replayed and code.proof:
        reader.replays.accept(code.credential.badge_id, code.proof, NOW_S - 60)
    return reader


def test_a_photograph_of_a_code_is_a_replay() -> None:
    reader, text = reader_of(ISSUER), ISSUER.phone().show()
    answers = [
        judge(text, replace(reader, now_s=NOW_S + later_s)).reason
        for later_s in (0, 3, 5, 6, 60, 90, 91, 599, 601)
    ]
    assert answers == ["ok"] * 3 + ["replayed"] * 5 + ["clock"]


def test_looking_on_does_not_make_the_look_longer() -> None:
    reader, text = reader_of(ISSUER), ISSUER.phone().show()
    answers = [
        judge(text, replace(reader, now_s=NOW_S + later_s)).reason for later_s in range(0, 12, 3)
    ]
    assert answers == ["ok", "ok", "replayed", "replayed"]


def test_altered_signatures_are_the_same_code() -> None:
    """(r, n - s) verifies too: were a replay known by its bytes, it would come in again."""
    reader, text = reader_of(ISSUER), ISSUER.phone().show()
    payload = decode(text).payload
    again = to_text(payload[:-64] + altered(payload[-64:]))
    assert judge(again, reader_of(ISSUER)).reason == "ok"
    assert judge(text, reader).reason == "ok"
    assert judge(again, replace(reader, now_s=NOW_S + 30)).reason == "replayed"


def test_an_altered_issuers_signature_breaks_the_proof_that_covers_it() -> None:
    phone = ISSUER.phone()
    credential = phone.credential[:-64] + altered(phone.credential[-64:])
    proof = decode(phone.show()).payload[len(credential) :]
    assert _reason(to_text(credential + proof)) == "bad_proof"
    printed = decode(ISSUER.printed()).payload
    assert _reason(to_text(printed[:-64] + altered(printed[-64:]))) == "printed"


def test_what_was_red_is_not_remembered() -> None:
    phone = ISSUER.phone()
    text = phone.show()
    reader = reader_of(ISSUER, gate_refuses=_closed)
    assert judge(text, reader).reason == "gate_closed"
    later = replace(reader, gate_refuses=lambda _code: None, now_s=NOW_S + 30)
    assert judge(text, later).reason == "ok"


def test_each_code_is_a_new_one() -> None:
    reader, phone = reader_of(ISSUER), ISSUER.phone()
    assert {judge(phone.show(), reader).reason for _number in range(5)} == {"ok"}


def test_replays_are_forgotten_after_a_quarter_of_an_hour() -> None:
    replays, phone = Replays(), ISSUER.phone()
    code = decode(phone.show())
    assert code.proof
    badge_id = code.credential.badge_id
    replays.accept(badge_id, code.proof, 1000)
    assert replays.seen(badge_id, code.proof, 1000 + 900)
    assert not replays.seen(badge_id, code.proof, 1000 + 901)
    other = decode(phone.show()).proof
    assert other
    replays.accept(badge_id, other, 3000)
    assert len(replays) == 1


def test_replays_are_built_from_what_was_kept() -> None:
    text = ISSUER.phone().show()
    code = decode(text)
    assert code.proof
    key = (code.credential.badge_id, code.proof.time_s, code.proof.counter)
    assert _reason(text, replays=Replays([(key, NOW_S - 6)])) == "replayed"
    assert _reason(text, replays=Replays([(key, NOW_S - 5)])) == "ok"


def test_every_reason_has_its_colour() -> None:
    levels = {reason: reason.level for reason in Reason}
    assert [reason for reason, level in levels.items() if level == Level.GREEN] == [Reason.OK]
    amber = {reason.value for reason, level in levels.items() if level == Level.AMBER}
    assert amber == {"clock_skew", "printed", "list_stale", "short_code"}


def test_keys_that_are_no_points_verify_nothing() -> None:
    for key in (b"", b"\x02" * 33, b"\0" * 33, b"x"):
        assert _reason(ISSUER.phone().show(), keys={ISSUER.kid: [key]}) == "bad_signature"


def test_signatures_of_zeros_and_of_the_order() -> None:
    payload = decode(ISSUER.phone().show()).payload
    for signature in (bytes(64), b"\xff" * 64, bytes(32) + b"\1" * 32):
        forged = payload[:79] + signature + payload[143:]
        assert _reason(to_text(forged)) == "bad_signature"
        assert _reason(to_text(payload[:-64] + signature)) == "bad_proof"
    assert codec.CREDENTIAL_BYTES == 143
