"""A folder of files: whole or not at all, and nothing outside of it."""

import os
from pathlib import Path

import pytest

from app.lib.storage import FolderStorage


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "kept")


def test_what_is_put_is_got(storage: FolderStorage) -> None:
    storage.put("photos/ab/one.jpg", b"bytes")
    assert storage.get("photos/ab/one.jpg") == b"bytes"


def test_putting_again_replaces(storage: FolderStorage) -> None:
    storage.put("one", b"old")
    storage.put("one", b"new")
    assert storage.get("one") == b"new"


def test_what_is_deleted_is_gone(storage: FolderStorage) -> None:
    storage.put("one", b"bytes")
    storage.delete("one")
    storage.delete("one")  # silent
    with pytest.raises(FileNotFoundError):
        storage.get("one")


@pytest.mark.parametrize("name", ["../out", "a/../../out", "/etc/passwd", "photos/../../out"])
def test_no_name_leaves_the_folder(storage: FolderStorage, name: str) -> None:
    for act in (storage.get, storage.delete, lambda name: storage.put(name, b"x")):
        with pytest.raises(ValueError, match="leaves the folder"):
            act(name)


def test_a_file_that_could_not_be_written_whole_is_not_there(
    storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disk_is_full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    storage.put("one", b"old")
    monkeypatch.setattr(os, "fsync", disk_is_full)
    for name in ("one", "two"):
        with pytest.raises(OSError, match="No space"):
            storage.put(name, b"new")
    assert storage.get("one") == b"old"
    assert [path.name for path in storage.folder.iterdir()] == ["one"]
