"""The command line: everything that an operator or a script needs."""

from portal.cli.main import main

__all__ = ["main"]
