"""Renews the Chinese catalogue from the words in the code, and says which still lack a translation.

English stands in the code. Fill in what is named, then run it again: it compiles what it finds.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "app/translations"
CATALOGUE = FOLDER / "zh_Hans/LC_MESSAGES/messages.po"


def pybabel(*arguments: str) -> None:
    command = [str(Path(sys.executable).with_name("pybabel")), "--quiet", *arguments]
    subprocess.run(command, check=True, cwd=ROOT)


def extract(target: Path) -> None:
    """Write every msgid of the code and the templates to a template file."""
    pybabel(
        "extract",
        "-F",
        str(FOLDER / "babel.cfg"),
        "-k",
        "_l",
        "--no-location",
        "--sort-output",
        "-o",
        str(target),
        "app",
    )


def renew() -> None:
    """Bring the catalogue up to the code; nothing is guessed, words no longer used go."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        extract(template)
        pybabel(
            "update",
            "-i",
            str(template),
            "-d",
            str(FOLDER),
            "--no-fuzzy-matching",
            "--ignore-obsolete",
            "--width",
            "100",
        )
    pybabel("compile", "-d", str(FOLDER))


def untranslated() -> list[str]:
    """The msgids that have no Chinese."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans")
    return [str(one.id) for one in catalogue if one.id and not all(_chinese_of(one))]


def _chinese_of(message: Message) -> tuple[str, ...]:
    """One text, or one for each plural form."""
    return message.string if isinstance(message.string, tuple) else (message.string,)


if __name__ == "__main__":
    renew()
    missing = untranslated()
    print("\n".join(missing) or "every word has its Chinese")
    sys.exit(bool(missing))
