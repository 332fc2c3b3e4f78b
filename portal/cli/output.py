"""Standard output and error that never fail after the work is done, and never change the exit status.

Text goes out as UTF-8 where the stream takes that, else as ASCII with \\u escapes, which JSON reads as well. No name
steers a terminal. A reader that has gone is nothing to speak of; a full disk is said once on standard error.
"""

import codecs
import errno
import io
import os
import sys

from portal.text.control_characters import made_visible

GONE = (errno.EPIPE, errno.EBADF)  # nobody reads any more
ESCAPES = "portal-escapes"


def escaped(text: str) -> str:
    """The text in ASCII; what lies beyond is written as \\uXXXX, in two halves where JSON wants two."""
    return text.encode("ascii", ESCAPES).decode("ascii")


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    beyond = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    units = (beyond[place : place + 2].hex() for place in range(0, len(beyond), 2))
    return "".join(f"\\u{unit}" for unit in units), error.end


codecs.register_error(ESCAPES, _escape)


class Output(io.TextIOWrapper):
    """A stream whose failures end its output and nothing else."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._takes_unicode = codecs.lookup(stream.encoding).name == "utf-8"
        self._lost = False
        lines = stream.line_buffering
        # Click takes a stream that says “ascii” for one that was set up wrongly, and sends UTF-8 through it.
        encoding = "utf-8" if self._takes_unicode else "iso-8859-1"
        super().__init__(stream.detach(), encoding, ESCAPES, line_buffering=lines)
        self.is_terminal = self.isatty()

    def write(self, text: str) -> int:
        """Write what can be written; returns the length of the text."""
        self._put(made_visible(text) if self.is_terminal else text)
        return len(text)

    def rewrite_line(self, text: str) -> None:
        """Put the text in the place of a terminal's last line."""
        self._put(f"\r\033[K{text}")
        self.flush()

    def _put(self, text: str) -> None:
        if not self._lost:
            try:
                super().write(text if self._takes_unicode else escaped(text))
            except (OSError, ValueError) as problem:
                self._lose(problem)

    def flush(self) -> None:
        if not self._lost:
            try:
                super().flush()
            except (OSError, ValueError) as problem:
                self._lose(problem)

    def _lose(self, problem: Exception) -> None:
        self._lost = True
        code = problem.errno if isinstance(problem, OSError) else errno.EBADF
        if self is not sys.stderr and code not in GONE:
            reason = os.strerror(code or errno.EIO)
            print(f"Warning: Not everything could be printed: {reason}.", file=sys.stderr)


def secure_streams() -> None:
    """Put such streams in the place of Python's own, and an empty one where the caller closed it."""
    if sys.stdin is None:
        sys.stdin = _empty("r")
    sys.stdout = Output(sys.stdout or _empty("w"))  # type: ignore[arg-type]  # they are Python's own at this point
    sys.stderr = Output(sys.stderr or _empty("w"))  # type: ignore[arg-type]


def _empty(mode: str) -> io.TextIOWrapper:
    file = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115, PTH123  # open as long as the process
    assert isinstance(file, io.TextIOWrapper)  # noqa: S101  # what open gives for text
    return file
