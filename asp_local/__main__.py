"""The command line: `python -m asp_local`."""

import signal
import sys
import threading
from pathlib import Path
from typing import Any

import click

from asp_local.dialect import BadDialect, Dialect
from asp_local.faults import Controls
from asp_local.seed import SeedError
from asp_local.server import LocalAsp
from asp_local.store import DatabaseError
from local_partner.settings import BadSetting

DEFAULTS = Controls()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=0, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free one."
)
@click.option("--seed", type=click.Path(path_type=Path), help="TOML file with accounts, sites and seminars.")
@click.option("--database", type=click.Path(path_type=Path), help="SQLite file that keeps the records.")
@click.option(
    "--latency-ms", type=float, default=DEFAULTS.latency_ms, help="Least time that an answer takes."
)
@click.option("--rate-per-s", type=float, default=DEFAULTS.rate_per_s, help="Requests a second before a 429.")
@click.option(
    "--rate-kind",
    default=DEFAULTS.rate_kind,
    show_default=True,
    help="bucket, sliding or fixed: how it is counted.",
)
@click.option(
    "--rate-window-s",
    type=float,
    default=DEFAULTS.rate_window_s,
    help="Seconds it is counted over, default 1.",
)
@click.option("--retry-after/--no-retry-after", default=True, help="Whether a 429 says when to come back.")
@click.option(
    "--max-in-flight", type=int, default=DEFAULTS.max_in_flight, help="Requests at once before a 429."
)
@click.option("--fail-rate", type=float, default=DEFAULTS.fail_rate, help="Share of requests that fail.")
@click.option("--fail-status", type=int, default=DEFAULTS.fail_status, help="Status of those, default 500.")
@click.option(
    "--drop-before-commit-rate",
    type=float,
    default=DEFAULTS.drop_before_commit_rate,
    help="Share of writes whose connection is cut before they are done.",
)
@click.option(
    "--drop-after-commit-rate",
    type=float,
    default=DEFAULTS.drop_after_commit_rate,
    help="Share of writes that are done but never answered.",
)
@click.option(
    "--garble-rate", type=float, default=DEFAULTS.garble_rate, help="Share of answers that are an HTML page."
)
@click.option(
    "--truncate-rate", type=float, default=DEFAULTS.truncate_rate, help="Share of answers that break off."
)
@click.option(
    "--token-ttl-s", type=float, default=DEFAULTS.token_ttl_s, help="Life of a token, default 3600."
)
@click.option(
    "--firewall-status",
    type=int,
    default=DEFAULTS.firewall_status,
    help="Answer to writes that look like an attack.",
)
@click.option("--utf8mb3", is_flag=True, help="Fail on writes with emoji.")
@click.option("--one-problem", is_flag=True, help="Name the first wrong field of a record alone.")
@click.option("--pages-with-a-gap", type=int, default=0, help="Later pages of lists that miss a record.")
@click.option("--pages-that-overlap", type=int, default=0, help="Later pages of lists that repeat a record.")
@click.option(
    "--dialect",
    type=click.Path(path_type=Path),
    help="TOML file with other names of paths, fields and headers.",
)
@click.option("--random-seed", type=int, help="Makes the shares above fall on the same requests each time.")
def main(
    host: str,
    port: int,
    seed: Path | None,
    database: Path | None,
    dialect: Path | None,
    random_seed: int | None,
    **controls: Any,
) -> None:
    """Run a local development server that answers like ASP Events. It is no part of ASP Events."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        spoken = Dialect.read(dialect) if dialect else None
        asp = LocalAsp(
            seed, database, address=(host, port), random_seed=random_seed, dialect=spoken, **controls
        )
    except (SeedError, DatabaseError, BadSetting, BadDialect) as exc:
        sys.exit(f"asp-local: {exc}")
    try:
        url = asp.start()
    except OSError as exc:
        asp.stop()
        sys.exit(f"asp-local: cannot listen on {host}:{port}: {exc.strerror or exc}")
    click.echo(f"asp-local listening on {url}")
    sys.stdout.flush()
    stop.wait()
    asp.stop()


if __name__ == "__main__":
    main()
