"""Announcements of the demo district: one that was sent and read, one to come, one being written."""

import random
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.blueprints.accounts.models import User
from app.blueprints.announcements import sending, services
from app.blueprints.announcements.audience import Audience, senders_of
from app.blueprints.announcements.models import Announcement
from app.blueprints.announcements.services import Draft
from app.blueprints.deliveries.models import Delivery
from app.blueprints.notifications.models import Notification
from app.blueprints.organisations.holding import holders
from app.blueprints.organisations.models import Role

SHOWN_SHARE, READ_SHARE = 0.85, 0.8
CHECK_UP = {
    "title_zh": "骑手免费体检本周六开始",
    "body_zh": "本周六、周日 9:00 至 16:00，各街道社区卫生服务站为骑手免费体检，出示星骑士码即可，不用预约。",
    "title_en": "Free check-ups for riders from Saturday",
    "body_en": "On Saturday and Sunday, 9:00 to 16:00, the health stations of all streets check riders free of charge. Show your badge; no appointment is needed.",
}
RAIN = {
    "title_zh": "明晚有大雨，请注意骑行安全",
    "body_zh": "气象台预报明晚有大雨。低洼路段可能积水，请减速慢行，不要涉水。全区驿站延长开放到 23:00，可进站避雨、充电。",
    "title_en": "Heavy rain tomorrow evening: ride with care",
    "body_en": "Heavy rain is forecast for tomorrow evening. Low roads may be under water: slow down, and do not ride through it. All stations stay open until 23:00.",
}
HELMETS = {"title_zh": "新头盔到站点领取", "body_zh": "本月新头盔已到，请到所属站点领取。"}


def build_announcements(session: Session, chance: random.Random, now: datetime) -> None:
    """Write them, the sent one with those who saw and opened it."""
    authority = _first(session, Role.ADMINISTRATOR)
    sent_at = now - timedelta(days=6)
    sent = _draft(session, authority, CHECK_UP, sent_at - timedelta(minutes=20))
    services.schedule(session, authority, sent.id, at=None, now=sent_at)
    while sending.send_some(session, now=sent_at):
        pass
    _let_them_read(session, sent, chance)
    rain = _draft(session, authority, RAIN, now - timedelta(hours=1))
    services.schedule(session, authority, rain.id, at=now + timedelta(days=1), now=now)
    _draft(session, _first(session, Role.COMPANY_MANAGER), HELMETS, now - timedelta(hours=3))


def _first(session: Session, role: Role) -> User:
    return session.get_one(User, min(holders(session, role)))


def _draft(session: Session, author: User, words: dict[str, str], at: datetime) -> Announcement:
    draft = Draft(sender=senders_of(author)[0], audience=Audience(), **words)
    return services.create(session, author, draft, now=at)


def _let_them_read(session: Session, sent: Announcement, chance: random.Random) -> None:
    """Nothing of it is to be sent any more; most had it on their phone, and most of those opened
    it."""
    own = Notification.wording_id == sent.wording_id
    told = session.execute(select(Notification.id, Notification.user_id).where(own)).all()
    session.execute(update(Notification).where(own).values(spread_at=sent.sent_at))
    seen = [one for one in sorted(told) if chance.random() < SHOWN_SHARE]
    read = [one.id for one in seen if chance.random() < READ_SHARE]
    at = (sent.send_at or sent.created_at) + timedelta(minutes=9)
    row = {"way": "push", "created_at": at, "expires_at": at, "sent_at": at, "work_state": "done"}
    session.execute(
        insert(Delivery), [row | {"notification_id": one, "user_id": who} for one, who in seen]
    )
    for ids, name in (([one.id for one in seen], "shown_at"), (read, "read_at")):
        session.execute(update(Notification).where(Notification.id.in_(ids)).values({name: at}))
