"""What roles are called on screen."""

from flask_babel import lazy_gettext as _l

from app.blueprints.organisations.models import Role

_ROLES = {
    Role.RIDER: _l("Rider"),
    Role.GUARD: _l("Gate guard"),
    Role.HOST: _l("Station host"),
    Role.GRID_WORKER: _l("Grid worker"),
    Role.DISPATCHER: _l("Dispatcher"),
    Role.HANDLER: _l("Department handler"),
    Role.COMPANY_MANAGER: _l("Company manager"),
    Role.PROPERTY_MANAGER: _l("Property manager"),
    Role.PARTY_ORGANISER: _l("Party organiser"),
    Role.ADMINISTRATOR: _l("Administrator"),
}


def role_name(role: str) -> str:
    """A role in the person's language."""
    return str(_ROLES[Role(role)])
