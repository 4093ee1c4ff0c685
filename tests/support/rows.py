"""A row in every table."""

from sqlalchemy.orm import Session

from app.blueprints.accounts.models import Device, SignInCode, User
from app.blueprints.organisations.models import Kind, Membership, Organisation, Role
from app.blueprints.photos.models import Photo, PhotoUpload
from app.blueprints.reports.models import Category, Report, ReportEvent, ReportPhoto, State
from app.blueprints.sync.models import SyncItem
from app.lib import clock

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
            ReportEvent(report_id=report.id, actor_id=user.id, to_state=State.RECEIVED, at=now),
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
    session.commit()
    session.close()
