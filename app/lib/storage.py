"""Where bytes are kept, behind an interface: a local folder by default."""

import os
import tempfile
from pathlib import Path
from typing import Protocol


class Storage(Protocol):
    """Bytes by name; a name is a relative path of letters, digits, '/', '.' and '-'."""

    def put(self, name: str, content: bytes) -> None: ...
    def get(self, name: str) -> bytes:
        """Raises FileNotFoundError."""
        ...

    def delete(self, name: str) -> None:
        """Silent when there is no such name."""
        ...


class FolderStorage:
    """A folder on this machine. A file appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, name: str) -> Path:
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise ValueError("a name that leaves the folder")
        return path

    def put(self, name: str, content: bytes) -> None:
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def get(self, name: str) -> bytes:
        return self._path(name).read_bytes()

    def delete(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)
