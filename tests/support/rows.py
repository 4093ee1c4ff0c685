"""A row in every table."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import Device, SignInCode, User
from app.blueprints.announcements.models import Announcement, AnnouncementEvent
from app.blueprints.audit.models import AuditEntry
from app.blueprints.badges.models import Badge, BadgeEvent, Holder, Portrait
from app.blueprints.cases.models import (
    AnswerTemplate,
    CalendarDay,
    CaseFlag,
    CaseLink,
    CasePart,
    DepartmentAbsence,
    RoutingRule,
    SavedFilter,
)
from app.blueprints.counters.models import BrokenFacility, HandOver, Supply
from app.blueprints.deliveries.models import Delivery, PushService, Subscription
from app.blueprints.gates.models import (
    Barrier,
    Building,
    Compound,
    CompoundGroup,
    CompoundGroupMember,
    Gate,
    Pass,
    PassConflict,
    Presence,
    Scanner,
    ScannerCode,
    Undo,
)
from app.blueprints.insight.models import Demand, DemandCursor
from app.blueprints.notifications.models import MutedTopic, Notification, Preference, Wording
from app.blueprints.organisations.models import Area, Kind, Membership, Organisation, Role
from app.blueprints.photos.models import Photo, PhotoUpload
from app.blueprints.points.models import (
    Account,
    Debt,
    Entry,
    Hold,
    Lot,
    LotUse,
    Occurrence,
    Rule,
    Transfer,
)
from app.blueprints.reports.models import (
    Category,
    EventPhoto,
    Report,
    ReportEvent,
    ReportPhoto,
    State,
)
from app.blueprints.stations.models import (
    Station,
    StationEvent,
    StationFacility,
    StationPicture,
)
from app.blueprints.sync.models import SyncItem
from app.blueprints.visits.models import CheckIn, VisitSum, VisitTotal
from app.blueprints.voices.models import Rating, Wish, WishEvent
from app.lib import clock
from app.lib.turns import Turn
from tests.support import rows_fairness, rows_rewards, rows_stars, rows_tasks

HASH = "ab" * 32


def a_row_in_every_table(session: Session) -> None:
    """Commit one row to each table, as full as its columns allow."""
    now = clock.now()
    user = User(phone="+8613900000000", name="甲", created_at=now)
    home = Organisation(kind=Kind.COMPANY, path="/1/", name_zh="公司", name_en="Company")
    category = Category(
        code="0102",
        kind="event",
        group_zh="市容",
        group_en="City",
        name_zh="垃圾",
        name_en="Rubbish",
        five_role="五员",
        department="市容环卫",
        filing_condition="成堆",
        closing_condition="清除",
        limit=4,
        limit_unit="working_hours",
        points=5,
        changed_at=now,
    )
    photo = Photo(
        sha256=HASH,
        mime="image/jpeg",
        size_bytes=1,
        width=1,
        height=1,
        created_at=now,
        work_state="pending",
        attempts=0,
    )
    session.add_all([user, home, category, photo])
    session.flush()
    report = Report(
        reporter_id=user.id,
        category_code="0102",
        description="",
        place="门口",
        latitude=31.3,
        longitude=120.7,
        accuracy_m=8.0,
        captured_at=now,
        sent_at=now,
        server_offset_ms=5,
        received_at=now,
        moved_at=now,
        state=State.RECEIVED,
    )
    session.add(report)
    session.flush()
    session.add_all(
        [
            Membership(user_id=user.id, organisation_id=home.id, role=Role.RIDER, created_at=now),
            Device(
                user_id=user.id,
                secret_hash=HASH,
                label="x",
                created_at=now,
                last_seen_at=now,
                expires_at=now,
            ),
            SignInCode(
                user_id=user.id,
                number_hash=HASH,
                address_hash=HASH,
                nonce="00",
                wrong_tries=0,
                created_at=now,
                expires_at=now,
                work_state="pending",
                attempts=0,
            ),
            PhotoUpload(sha256=HASH, user_id=user.id, created_at=now),
            ReportPhoto(report_id=report.id, position=1, sha256=HASH),
            ReportEvent(
                report_id=report.id,
                actor_id=user.id,
                step="receive",
                to_state=State.RECEIVED,
                at=now,
            ),
            SyncItem(
                owner_id=user.id,
                key="k",
                kind="report",
                schema=1,
                content_hash=HASH,
                reference="2026-000001",
                url="/reports/1",
                received_at=now,
            ),
        ]
    )
    session.flush()
    _case(session, user, report)
    _badge_and_gate(session, user, home)
    _messages(session, user, home)
    _station(session, user, home, report)
    _points(session, user)
    for part in (rows_stars, rows_rewards, rows_tasks, rows_fairness):
        part.rows(session, user)
    session.commit()
    session.close()


def _case(session: Session, user: User, report: Report) -> None:
    """What stands beside a case, and a department that it may go to."""
    now = clock.now()
    office = Organisation(kind=Kind.DEPARTMENT, path="/9/", name_zh="环卫", name_en="Cleaning")
    double = Report(
        reporter_id=user.id, category_code="0102", description="", place="门口", captured_at=now,
        received_at=now, moved_at=now, state=State.MERGED, merged_into_id=report.id,
    )  # fmt: skip
    event = ReportEvent(
        report_id=report.id, actor_id=user.id, step="note", from_state=State.RECEIVED,
        to_state=State.RECEIVED, note="x", internal=True, data={"a": 1}, at=now,
    )  # fmt: skip
    session.add_all([office, double, event])
    session.flush()
    texts = {"name_zh": "名", "name_en": "Name", "text_zh": "文", "text_en": "Text"}
    session.add_all(
        [
            EventPhoto(event_id=event.id, position=1, sha256=HASH),
            Area(
                organisation_id=office.id, polygon="{}", south=31.0, west=120.0, north=32.0,
                east=121.0, loaded_at=now,
            ),
            CasePart(report_id=report.id, department_id=office.id, task="x"),
            RoutingRule(department_id=office.id, category_code="0102", created_at=now),
            DepartmentAbsence(
                department_id=office.id, substitute_id=office.id, since=now, until=now,
                reason="x", created_by_id=user.id,
            ),
            AnswerTemplate(step="reject", category_code="0102", **texts),
            SavedFilter(user_id=user.id, name="x", query="state=received"),
            CaseLink(report_id=double.id, other_id=report.id, distance_m=3, found_at=now),
            CaseFlag(report_id=report.id, kind="same_photo", data={}, found_at=now),
            CalendarDay(day=now.date(), works=True),
        ]
    )  # fmt: skip
    session.flush()


def _messages(session: Session, user: User, home: Organisation) -> None:
    """A message in an office's words, on its way to a phone."""
    now = clock.now()
    words = Wording(title_zh="x", title_en="x", body_zh="x", body_en="x", recalled_at=now)
    device = session.scalars(select(Device)).first()
    session.add(words)
    session.flush()
    told = Notification(
        user_id=user.id, kind="announcement", data={}, url="/x", wording_id=words.id,
        created_at=now, spread_at=now, shown_at=now, read_at=now,
    )  # fmt: skip
    phone = Subscription(
        user_id=user.id, device_id=device.id if device else 0, endpoint="https://x",
        endpoint_hash=HASH, origin="https://x", p256dh="x", auth="x", key_id="x",
        site="https://x", locale="en", created_at=now, confirmed_at=now,
    )  # fmt: skip
    announced = Announcement(
        organisation_id=home.id, author_id=user.id, role=Role.ADMINISTRATOR, wording_id=words.id,
        state="recalled", audience={"roles": ["rider"], "companies": [], "area": None},
        created_at=now, send_at=now, sent_at=now, recalled_at=now,
    )  # fmt: skip
    session.add_all([told, phone, announced])
    session.flush()
    session.add_all(
        [
            Delivery(
                user_id=user.id, way="push", notification_id=told.id, subscription_id=phone.id,
                origin="https://x", created_at=now, expires_at=now, sent_at=now,
            ),
            PushService(origin="https://x", failures=1, stopped_at=now, reason="x"),
            Preference(
                user_id=user.id, quiet=True, quiet_from=1, quiet_until=2, changed_at=now
            ),
            MutedTopic(user_id=user.id, topic="badge", muted_at=now),
            AnnouncementEvent(
                announcement_id=announced.id, actor_id=user.id, step="recall", at=now
            ),
            Turn(name="sweep", taken_at=now),
        ]
    )  # fmt: skip
    session.flush()


def _badge_and_gate(session: Session, user: User, home: Organisation) -> None:
    """A rider's badge, and a compound with one gate that the rider passed."""
    now, key, signature = clock.now(), b"\2" * 33, b"\0" * 64
    phone = User(phone=None, name="门岗手机", created_at=now)
    place = Organisation(kind=Kind.COMPOUND, path="/2/", name_zh="小区", name_en="Compound")
    door = Organisation(kind=Kind.GATE, path="/2/3/", name_zh="东门", name_en="East gate")
    portrait = Portrait(user_id=user.id, sha256=HASH, state="approved", created_at=now)
    badge = Badge(
        user_id=user.id, badge_id="ab" * 8, kind="live", device_key=key, standing="active",
        created_at=now, renewed_at=now, expires_at=now,
    )  # fmt: skip
    session.add_all([phone, place, door, portrait, badge])
    session.flush()
    session.add_all(
        [
            Compound(organisation_id=place.id, call="0512-0000"),
            CompoundGroup(number=7, owner_id=place.id, name="一片"),
        ]
    )
    session.flush()
    session.add(Gate(organisation_id=door.id, compound_id=place.id, place_code="c" * 16))
    session.flush()
    made = {"created_by_id": user.id, "created_at": now}
    scanner = Scanner(
        gate_id=door.id, user_id=phone.id, device_key=key, label="x", last_seen_at=now,
        last_hash=HASH, **made,
    )  # fmt: skip
    barrier = Barrier(gate_id=door.id, label="x", token_hash=HASH, **made)
    session.add_all([scanner, barrier])
    session.flush()
    link = {
        "seq": 1, "prev_hash": HASH, "statement_hash": HASH, "statement": "{}",
        "signature": signature, "chain": "ok", "scanner_id": scanner.id, "at": now,
        "received_at": now,
    }  # fmt: skip
    passed = Pass(
        key="p", compound_id=place.id, gate_id=door.id, barrier_id=barrier.id, rider_id=user.id,
        badge_id=badge.id, method="live", direction="entry", phone_level="green",
        phone_reason="ok", server_level="green", server_reason="ok", outcome="entered", **link,
    )  # fmt: skip
    session.add(passed)
    session.flush()
    session.add_all(
        [
            Holder(
                user_id=user.id, company_id=home.id, portrait_id=portrait.id, created_at=now
            ),
            BadgeEvent(
                user_id=user.id, badge_id=badge.id, actor_id=user.id, what="enrolled", at=now
            ),
            CompoundGroupMember(compound_id=place.id, number=7),
            Building(compound_id=place.id, name="1幢", x=0.5, y=0.5),
            ScannerCode(gate_id=door.id, code_hash=HASH, expires_at=now, **made),
            Undo(key="u", pass_key="p", **link),
            PassConflict(
                compound_id=place.id, pass_id=passed.id, scanner_id=scanner.id, kind="clock",
                created_at=now,
            ),
            Presence(
                compound_id=place.id, rider_id=user.id, pass_id=passed.id, entered_at=now
            ),
            AuditEntry(actor_id=user.id, subject="rider:1", what="log", reason="x", at=now),
        ]
    )  # fmt: skip


def _station(session: Session, user: User, home: Organisation, report: Report) -> None:
    """A station with everything that happens at one."""
    now = clock.now()
    place = Organisation(kind=Kind.STATION, path="/5/", name_zh="驿站", name_en="Station")
    session.add(place)
    session.flush()
    here, at = {"station_id": place.id}, {"latitude": 31.3, "longitude": 120.7}
    session.add(
        Station(
            organisation_id=place.id,
            number="S1",
            level=1,
            kind="filling",
            address_zh="x",
            operator_id=home.id,
            state_until=now,
            notice="x",
            notice_until=now,
            created_at=now,
            changed_at=now,
            ended_at=now,
            **at,
        )
    )
    session.flush()
    counted = {"day": now.date(), "value": 1, "check_ins": 1, "people": 1, "visits": 1}
    wish = Wish(
        key="w",
        rider_id=user.id,
        text="x",
        state="fulfilled",
        answer="x",
        at=now,
        moved_at=now,
        **here,
    )
    session.add(wish)
    session.flush()
    session.add_all(
        [
            StationFacility(facility="water", count=2, works=False, note="x", **here),
            StationPicture(position=1, sha256=HASH, width=1, height=1, created_at=now, **here),
            StationEvent(
                actor_id=user.id, step="change", data={"name": ["x", "y"]}, at=now, **here
            ),
            CheckIn(
                key="c",
                rider_id=user.id,
                company_id=home.id,
                way="poster",
                purpose="water",
                at=now,
                received_at=now,
                recorder_id=user.id,
                mark="too_far",
                distance_m=1,
                undone_at=now,
                undone_by_id=user.id,
                **here,
                **at,
            ),
            VisitSum(dimension="hour", **here, **counted),
            VisitTotal(dimension="hour", **here, **counted),
            Demand(month=now.date(), row=1, column=1, hour=1, reports=1, check_ins=1),
            DemandCursor(source="reports", last_id=1),
            Supply(name="x", level="low", changed_at=now, changed_by_id=user.id, **here),
            HandOver(author_id=user.id, text="x", at=now, done_at=now, done_by_id=user.id, **here),
            BrokenFacility(facility="water", report_id=report.id, at=now, **here),
            Rating(check_in_key="c", rider_id=user.id, score=3, words="x", at=now, **here),
            WishEvent(wish_id=wish.id, actor_id=user.id, step="answer", to_state="open", at=now),
        ]
    )
    session.flush()


def _points(session: Session, user: User) -> None:
    """A rider's points: earned, held, spent, expired, owed."""
    now = clock.now()
    account = Account(kind="rider", user_id=user.id, balance=1, held=1, debt=1, created_at=now)
    issue = Account(kind="issue", shard=0, balance=-1, created_at=now)
    source = {"source_kind": "case", "source_id": "1"}
    transfer = Transfer(
        scope="earn", key="1", request_hash=HASH, kind="earn", actor_id=user.id, at=now, **source
    )
    session.add_all([account, issue, transfer])
    session.flush()
    lot = Lot(
        account_id=account.id,
        transfer_id=transfer.id,
        amount=1,
        remaining=0,
        expires_at=now,
        warned_at=now,
    )
    hold = Hold(
        account_id=account.id,
        scope="h",
        key="1",
        request_hash=HASH,
        amount=1,
        placed_at=now,
        ended_at=now,
        **source,
    )
    session.add_all([lot, hold])
    session.flush()
    session.add_all(
        [
            Entry(transfer_id=transfer.id, account_id=account.id, amount=1, balance_after=1),
            Entry(transfer_id=transfer.id, account_id=issue.id, amount=-1, balance_after=-1),
            LotUse(lot_id=lot.id, hold_id=hold.id, amount=1),
            Debt(
                account_id=account.id,
                creditor_id=issue.id,
                transfer_id=transfer.id,
                amount=1,
                remaining=1,
            ),
        ]
    )
    session.flush()
    rule = Rule(
        occasion="case",
        name_zh="x",
        name_en="x",
        amount=1,
        daily_times=1,
        daily_points=1,
        place_daily_times=1,
        since=now,
        until=now,
        created_by_id=user.id,
        created_at=now,
        ended_by_id=user.id,
    )
    session.add(rule)
    session.flush()
    session.add(
        Occurrence(
            occasion="case",
            source_id=1,
            rider_id=user.id,
            at=now,
            worth=1,
            received_at=now,
            outcome="paid",
            amount=1,
            rule_id=rule.id,
            transfer_id=transfer.id,
            settled_at=now,
        )
    )
    session.flush()
