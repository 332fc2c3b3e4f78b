"""The web application, for a WSGI server: `gunicorn wsgi:app`."""

import sys

from portal.application import create_app
from portal.errors import PortalError

try:
    app = create_app()
except PortalError as problem:
    sys.exit(f"web: {problem}")
