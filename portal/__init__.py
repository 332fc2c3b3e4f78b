"""The portal: an organisation's programme, pushed one way into ASP Events."""
