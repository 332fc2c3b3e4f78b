"""Gives every instance folder a schema of its own on the tests' PostgreSQL, in each process that a test starts."""

import hashlib
import os
from functools import cache

ADDRESS = os.environ.get("TESTS_ON_POSTGRESQL", "")

if ADDRESS:
    import psycopg
    from sqlalchemy import URL, make_url

    from portal.config import Settings

    @cache
    def schema_of(folder: str) -> URL:
        """The address of the folder's schema, made where it is missing."""
        name = "i" + hashlib.sha256(folder.encode()).hexdigest()[:30]
        url = make_url(ADDRESS)
        with psycopg.connect(
            host=url.query["host"], user=url.username, dbname=url.database, autocommit=True
        ) as server:
            server.execute(f"CREATE SCHEMA IF NOT EXISTS {name}")
            server.execute(f"COMMENT ON SCHEMA {name} IS '{folder.encode().hex()}'")
        return url.update_query_dict({"options": f"-csearch_path={name}"})

    def database(own: Settings) -> str | URL:
        return own.database_url or schema_of(str(own.instance_dir.resolve()))

    Settings.database = property(database)
