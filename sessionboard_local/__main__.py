"""The command line: `python -m sessionboard_local`."""

import signal
import sys
import threading
from pathlib import Path
from typing import Any

import click

from local_partner.settings import BadSetting
from sessionboard_local.faults import BREAKS, Controls
from sessionboard_local.records import BadProgramme
from sessionboard_local.server import DEMO_TOKEN, LocalSessionboard
from sessionboard_local.webhooks import Target

DEFAULTS = Controls()


@click.command()
@click.argument("programmes", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=0, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free one."
)
@click.option("--token", default=DEMO_TOKEN, show_default=True, help="The token that is accepted.")
@click.option("--hidden-token", help="Another one, to which personal data is hidden.")
@click.option("--webhook-url", help="Where changes made on its pages are told; also set on its first page.")
@click.option("--webhook-header", default="X-Portal-Secret", show_default=True)
@click.option("--webhook-value", default="", help="The header's value.")
@click.option("--keep", type=click.Path(path_type=Path), help="File that keeps what is changed.")
@click.option(
    "--latency-ms", type=float, default=DEFAULTS.latency_ms, help="Least time that an answer takes."
)
@click.option("--hang-s", type=float, default=DEFAULTS.hang_s, help="Least time that a failing one takes.")
@click.option("--fail-status", type=int, default=DEFAULTS.fail_status, help="Status of failing requests.")
@click.option("--breaks", type=click.Choice(BREAKS), default=DEFAULTS.breaks, help="How answers are spoilt.")
@click.option("--fail-paths", default=DEFAULTS.fail_paths, help="Only of those whose address contains this.")
@click.option("--fail-times", type=int, default=DEFAULTS.fail_times, help="As often; 0: always.")
@click.option("--hide-pii", is_flag=True, help="Hide personal data from every token.")
@click.option("--envelope", type=click.Choice(["results", "data"]), default=DEFAULTS.envelope)
@click.option("--older-arrays", is_flag=True, help="Speakers, moderators and chairpersons, no participants.")
@click.option("--tell-categories", is_flag=True, help="Say the category of custom statuses.")
@click.option(
    "--cache-s", type=float, default=DEFAULTS.cache_s, help="Life of a cached search, 180 over there."
)
@click.option("--limit", type=int, default=DEFAULTS.limit, help="Requests a window and category.")
@click.option("--window-s", type=float, default=DEFAULTS.window_s, help="The window of the limit.")
def main(
    programmes: tuple[Path, ...],
    host: str,
    port: int,
    token: str,
    hidden_token: str | None,
    keep: Path | None,
    webhook_url: str | None,
    webhook_header: str,
    webhook_value: str,
    **controls: Any,
) -> None:
    """Run a local development server that answers like Sessionboard. It is no part of Sessionboard."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    tokens = {token: False} | ({hidden_token: True} if hidden_token else {})
    webhook = Target(webhook_url, {webhook_header: webhook_value}) if webhook_url else None
    try:
        local = LocalSessionboard(
            programmes, tokens=tokens, keep=keep, webhook=webhook, address=(host, port), **controls
        )
        url = local.start()
    except (BadProgramme, BadSetting) as problem:
        sys.exit(f"sessionboard-local: {problem}")
    except OSError as problem:
        sys.exit(f"sessionboard-local: cannot listen on {host}:{port}: {problem.strerror or problem}")
    click.echo(f"sessionboard-local listening on {url}")
    sys.stdout.flush()
    stop.wait()
    local.stop()


if __name__ == "__main__":
    main()
