"""The portal: an organisation's programme, pushed one way into ASP Events."""

from portal.application import create_app

__all__ = ["create_app"]
