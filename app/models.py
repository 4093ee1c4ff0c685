"""Every feature's tables in one metadata, for migrations and tests."""

from app.blueprints.accounts import models as accounts
from app.blueprints.announcements import models as announcements
from app.blueprints.audit import models as audit
from app.blueprints.badges import models as badges
from app.blueprints.cases import models as cases
from app.blueprints.counters import models as counters
from app.blueprints.deliveries import models as deliveries
from app.blueprints.fairness import models as fairness
from app.blueprints.gates import models as gates
from app.blueprints.insight import models as insight
from app.blueprints.notifications import models as notifications
from app.blueprints.organisations import models as organisations
from app.blueprints.photos import models as photos
from app.blueprints.points import models as points
from app.blueprints.reports import models as reports
from app.blueprints.rewards import models as rewards
from app.blueprints.stars import models as stars
from app.blueprints.stations import models as stations
from app.blueprints.sync import models as sync
from app.blueprints.tasks import models as tasks
from app.blueprints.visits import models as visits
from app.blueprints.voices import models as voices
from app.lib import turns

__all__ = [
    "accounts", "announcements", "audit", "badges", "cases", "counters", "deliveries", "fairness",
    "gates", "insight", "notifications", "organisations", "photos", "points", "reports", "rewards",
    "stars", "stations", "sync", "tasks", "turns", "visits", "voices",
]  # fmt: skip
