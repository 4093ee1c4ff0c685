"""The demo's tasks: some to claim near the first stations, one that comes every day, and what
riders did of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.blueprints.accounts.models import User
from app.blueprints.demo.people import People
from app.blueprints.demo.pictures import Scene
from app.blueprints.demo.stations import DemoStation
from app.blueprints.photos.models import PhotoUpload
from app.blueprints.points.budgets import give
from app.blueprints.points.forms import FIVE_ROLES
from app.blueprints.tasks.checking import check
from app.blueprints.tasks.claiming import appeal, claim, hand_in
from app.blueprints.tasks.models import Claim, QuestionKind, Task
from app.blueprints.tasks.proof import HandIn
from app.blueprints.tasks.publishers import home_ids
from app.blueprints.tasks.repeating import begin
from app.blueprints.tasks.services import make, publish
from app.blueprints.tasks.terms import Proof, Question, TaskDraft
from app.lib.clock import start_of_day, to_local
from app.lib.geo import Spot

BUDGET, NEARBY = 3000, 0.0014
Texts = tuple[str, str, str, str]
PARKING: Texts = (
    "地铁口电动车排一排", "Line up the scooters at the metro exit",
    "把堵住盲道的电动车挪进停车框，挪好后拍两张。",
    "Move scooters off the tactile paving into the bays, then take two photos.",
)  # fmt: skip
CHARGING: Texts = (
    "看一看楼道有没有电动车充电",
    "Look for scooters charging in stairwells",
    "走三个单元，看见飞线或楼道充电就拍下来；没有也请答“没有”。",
    "Walk three stairwells; photograph any charging there, or answer that there is none.",
)
PATH: Texts = (
    "看看这段路补好了没有",
    "See whether this stretch was mended",
    "到现场拍一张，答一答补得平不平。",
    "Take one photo there and say whether it is even.",
)
TIDY: Texts = (
    "驿站早间整理半小时",
    "Half an hour of tidying at the station",
    "打卡后擦桌子、换饮水、归整头盔架。",
    "Check in, wipe the tables, change the water, tidy the rack.",
)
VISIT: Texts = (
    "给独居老人送一次菜",
    "Bring groceries to somebody who lives alone",
    "到社区服务站取菜，送到后让老人点个头，写一句近况。",
    "Collect them at the community desk; write a line on how the person is.",
)
RAIN: Texts = (
    "雨天路口提醒慢行",
    "Remind riders to slow down in the rain",
    "在路口站二十分钟，提醒骑手减速、戴好头盔。",
    "Stand at the crossing for twenty minutes and remind riders.",
)


def build_tasks(
    session: Session, people: People, stations: Sequence[DemoStation], scenes: Sequence[Scene],
    grid_worker_id: int, now: datetime,
) -> int:  # fmt: skip
    """Write them; answers how many tasks."""
    admin = session.get_one(User, people.administrator)
    worker = session.get_one(User, grid_worker_id)
    community = home_ids(worker)[0]
    give(
        session, admin, organisation_id=community, amount=BUDGET, reason="社区任务积分",
        key=str(uuid7()), now=now - timedelta(days=30),
    )  # fmt: skip
    authority = home_ids(admin)[0]
    drafts = _drafts(community, authority, stations, now)
    began = now - timedelta(days=6)
    tasks = [_published(session, worker, draft, began) for draft in drafts[:4]]
    tasks += [_published(session, admin, draft, began) for draft in drafts[4:]]
    daily = start_of_day(now) + timedelta(days=1, hours=7)
    tidy = _draft(TIDY, authority, "party", daily, daily + timedelta(hours=2), stations[0], 2, 12)
    tidy = replace(tidy, proof=Proof(check_in=stations[0].id))
    last = to_local(daily).date() + timedelta(days=60)
    begin(session, admin, tidy, weekdays=tuple(range(7)), until=last, now=now)
    _claims(session, people, worker, tasks, scenes, now)
    return len(tasks) + 1


def _drafts(
    community: int, authority: int, stations: Sequence[DemoStation], now: datetime
) -> list[TaskDraft]:
    soon, week = now + timedelta(days=1), now + timedelta(days=5)
    began = now - timedelta(days=6)
    photos = Proof(photos=2, place=True)
    yes_no = Question("有没有看到充电的？", QuestionKind.YES_NO)
    even = Question("补得怎么样？", QuestionKind.CHOICE, ("平整", "不太平", "没有补"))
    words = Question("老人近况如何？")
    first, second, third, *_rest = stations
    return [
        replace(_draft(PARKING, community, "civility", began, week, first, 6, 15), proof=photos),
        replace(
            _draft(CHARGING, community, "safety", began, week, second, 4, 18),
            proof=Proof(photos=0, place=True, questions=(yes_no,)),
        ),
        replace(
            _draft(PATH, community, "inspector", began, soon, third, 2, 10),
            proof=Proof(photos=1, place=True, questions=(even,)),
        ),
        replace(
            _draft(VISIT, community, "governance", began, week, first, 2, 30, 0.6),
            proof=Proof(questions=(words,)), min_star=2,
        ),
        replace(
            _draft(RAIN, authority, "safety", began, week, third, 10, 12, 0.4),
            proof=Proof(photos=1, place=True),
        ),
    ]  # fmt: skip


def _draft(
    texts: Texts, organisation: int, five_role: str, starts: datetime, ends: datetime,
    near: DemoStation, needed: int, points: int, shift: float = 1.0,
) -> TaskDraft:  # fmt: skip
    zh, en, words_zh, words_en = texts
    return TaskDraft(
        organisation_id=organisation, title_zh=zh, title_en=en, words_zh=words_zh,
        words_en=words_en, five_role=FIVE_ROLES[five_role][0], starts_at=starts, ends_at=ends, needed=needed,
        points=points, claim_minutes=26 * 60, place="示例路口",
        latitude=round(near.latitude + NEARBY * shift, 6),
        longitude=round(near.longitude - NEARBY * shift, 6), radius_m=150,
    )  # fmt: skip


def _published(session: Session, actor: User, draft: TaskDraft, at: datetime) -> Task:
    task = make(session, actor, draft, now=at)
    return publish(session, actor, task.id, seen=task.version, now=at)


def _claims(
    session: Session, people: People, worker: User, tasks: Sequence[Task],
    scenes: Sequence[Scene], now: datetime,
) -> None:  # fmt: skip
    """The rider to try has one to do, one that was sent back and one accepted; others wait to be
    checked, and one appeals."""
    parking, charging, path, *_others = tasks
    first, *others = people.riders[:8]
    photos = [scene.after for scene in scenes]
    done = _handed_in(session, first, parking, photos[0:2], now - timedelta(days=4))
    _checked(session, worker, done, "accept", "", now - timedelta(days=3))
    back = _handed_in(session, first, charging, [], now - timedelta(hours=3))
    _checked(session, worker, back, "send_back", "请写清是哪三个单元", now - timedelta(hours=2))
    claim(session, session.get_one(User, first), path.id, now=now - timedelta(hours=1))
    for number, rider_id in enumerate(others[:3], start=1):
        at = now - timedelta(hours=6 - number)
        _handed_in(session, rider_id, parking, photos[2 * number : 2 * number + 2], at)
    refused = _handed_in(session, others[3], charging, [], now - timedelta(days=2))
    _checked(session, worker, refused, "refuse", "照片里不是这个小区", now - timedelta(days=1))
    words = "我去的就是三号楼，门牌在照片左边"
    rider = session.get_one(User, others[3])
    appeal(session, rider, refused.id, words, now=now - timedelta(hours=8))


def _handed_in(
    session: Session, rider_id: int, task: Task, photos: Sequence[str], at: datetime
) -> Claim:
    rider = session.get_one(User, rider_id)
    held = claim(session, rider, task.id, now=at - timedelta(hours=1))
    if photos:
        session.execute(
            insert(PhotoUpload),
            [{"sha256": one, "user_id": rider_id, "created_at": at} for one in photos],
        )
    answers = ("no",) if task.proof["questions"] else ()
    spot = Spot(task.latitude or 0, task.longitude or 0, 12)
    draft = HandIn(str(uuid7()), rider, held.id, answers, tuple(photos), at, spot)
    return hand_in(session, draft, now=at)


def _checked(
    session: Session, worker: User, held: Claim, verdict: str, reason: str, at: datetime
) -> None:
    check(session, worker, held.id, verdict, reason, seen=held.version, now=at)
