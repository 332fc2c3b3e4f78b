"""The web application, for a WSGI server: `gunicorn wsgi:app`."""

from portal.application import create_app

app = create_app()
