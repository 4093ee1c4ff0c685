"""Those who are looked at, and those who look."""

from tests.badges.conftest import administrator, badge, manager, phone

__all__ = ["administrator", "badge", "manager", "phone"]
