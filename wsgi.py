"""The WSGI entry point: ``granian --interface wsgi wsgi:app``."""

from app import create_app
from app.lib.garbage import leave_out_what_stands

app = create_app()
leave_out_what_stands()
