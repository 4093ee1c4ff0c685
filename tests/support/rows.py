"""A row in every table."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import Device, SignInCode, User
from app.blueprints.announcements.models import Announcement, AnnouncementEvent
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
from app.blueprints.deliveries.models import Delivery, PushService, Subscription
from app.blueprints.notifications.models import MutedTopic, Notification, Preference, Wording
from app.blueprints.organisations.models import Area, Kind, Membership, Organisation, Role
from app.blueprints.photos.models import Photo, PhotoUpload
from app.blueprints.reports.models import (
    Category,
    EventPhoto,
    Report,
    ReportEvent,
    ReportPhoto,
    State,
)
from app.blueprints.sync.models import SyncItem
from app.lib import clock
from app.lib.turns import Turn
from tests.support import (
    rows_fairness,
    rows_gates,
    rows_points,
    rows_rewards,
    rows_stars,
    rows_stations,
    rows_tasks,
)

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
    rows_gates.rows(session, user, home)
    _messages(session, user, home)
    rows_stations.rows(session, user, home, report)
    rows_points.rows(session, user)
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
