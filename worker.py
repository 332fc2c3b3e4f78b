"""A worker: `python worker.py` carries out syncs from the queue that PORTAL_REDIS_URL names.

Start as many as needed.
"""

import sys

from portal.errors import PortalError
from portal.workers.working import run_worker


def main() -> None:
    try:
        run_worker()
    except PortalError as problem:
        sys.exit(f"worker: {problem}")


if __name__ == "__main__":
    main()
