"""The form that brings in a programme file."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField


class ProgrammeForm(FlaskForm):
    file = FileField("Programme file (JSON)", [FileRequired("Choose a file.")])
    confirm_timezone = BooleanField("Change the timezone; the times of synced sessions may move")

    @contextmanager
    def kept_file(self) -> Iterator[Path]:
        """The uploaded file under a name, for as long as it is read."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "programme.json"
            self.file.data.save(path)
            yield path
