"""The extensions, made without an application and bound to one in create_app."""

from flask import Flask, request
from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sec_fetch_csrf import SecFetchCSRF
from flask_sqlalchemy import SQLAlchemy

from app.lib.database import Base, configure_engine

db = SQLAlchemy(model_class=Base)
migrate = Migrate()
login_manager = LoginManager()
babel = Babel()
csrf = SecFetchCSRF()
compress = Compress()


def _address() -> str:
    return get_remote_address() if request else "none"


limiter = Limiter(_address, default_limits=["600 per minute"], headers_enabled=True)


def init_app(app: Flask) -> None:
    """Bind the extensions, and set the database's own settings."""
    app.config["DATA_FOLDER"].mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    with app.app_context():
        configure_engine(db.engine)
    migrate.init_app(app, db, render_as_batch=True, compare_type=True)
    login_manager.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    compress.init_app(app)
