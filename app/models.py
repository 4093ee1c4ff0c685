"""Every feature's tables in one metadata, for migrations and tests."""

from app.blueprints.accounts import models as accounts
from app.blueprints.organisations import models as organisations
from app.blueprints.photos import models as photos
from app.blueprints.reports import models as reports
from app.blueprints.sync import models as sync

__all__ = ["accounts", "organisations", "photos", "reports", "sync"]
