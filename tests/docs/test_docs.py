"""The documents say what is so: what can be compared with the code is compared."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from flask.cli import FlaskGroup
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from app.blueprints.badges.verdict import Reason
from app.blueprints.gates.conflicts import ConflictKind
from app.blueprints.organisations.models import Role
from app.blueprints.sync.kinds import KINDS

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    path
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "migrations/README.md")
    if path.is_file()
)
OPERATIONS = ROOT / "docs/operations.md"
BADGE = ROOT / "docs/protocols/badge.md"
OUTBOX = ROOT / "docs/protocols/outbox.md"
OUTBOX_JS = ROOT / "app/static/js/outbox"
_LINK = re.compile(r"""\]\(([^)\s]+)\)|src="([^"]+)\"""")
_NOT_ROUTES = ("/etc/", "/opt/", "/var/", "/path", "/1/", "/static/")

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)


def _code(document: Path) -> Iterator[str]:
    """What stands in backticks, and each line of the blocks."""
    text = document.read_text(encoding="utf-8")
    for block in re.findall(r"```\w*\n(.*?)```", text, re.S):
        yield from block.splitlines()
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))


def _section(document: Path, title: str) -> str:
    """A section's text, from its heading to the next of the same or a higher level."""
    text = document.read_text(encoding="utf-8")
    found = re.search(rf"^(#+) {re.escape(title)}$", text, re.M)
    assert found, f"no section {title!r}"
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.M)
    return rest[: end.start()] if end else rest


def _first_column(text: str) -> set[str]:
    """The words in backticks in the first column of a section's tables."""
    rows = re.findall(r"^\| (`[^|]*) \|", text, re.M)
    return {word for row in rows for word in re.findall(r"`([^`]+)`", row)}


def _slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@each_document
def test_every_link_leads_somewhere(document: Path) -> None:
    for pair in _LINK.findall(document.read_text(encoding="utf-8")):
        target = pair[0] or pair[1]
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        path = (document.parent / name).resolve() if name else document
        assert path.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.M)
            assert anchor in map(_slug, headings), target


@each_document
def test_every_file_that_is_named_exists(document: Path) -> None:
    named = re.compile(r"(?:app|tests|tools|docs|deploy|migrations|requirements)/[\w./@-]*")
    for code in _code(document):
        if named.fullmatch(code):
            assert (ROOT / code).exists(), code


@each_document
def test_every_make_target_exists(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text().replace("$(VENV)", ".venv")
    targets = set(re.findall(r"^([.\w/-]+):(?!=)", makefile, re.M)) - {".PHONY"}
    for code in _code(document):
        for target in re.findall(r"\bmake ([.\w/-]+)", code):
            assert target in targets, code


@each_document
def test_every_command_exists(document: Path, app: Flask) -> None:
    group = FlaskGroup(create_app=lambda: app)
    for code in _code(document):
        for line in re.findall(r"\bflask (?:--app wsgi )?([a-z].*)", code):
            _follow(group, line.split())


def _follow(command: click.Command, words: list[str]) -> None:
    """Walk down a command line; its last command has the options that are named."""
    for word in words:
        if word.startswith("--"):
            options = [name for param in command.params for name in param.opts]
            assert word.partition("=")[0] in options, word
        elif isinstance(command, click.Group):
            with click.Context(command) as context:  # left open it keeps its app in front
                found = command.get_command(context, word)
            assert found, word
            command = found


@each_document
def test_every_path_of_a_page_leads_to_a_page(document: Path, app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    for code in _code(document):
        match = re.fullmatch(r"(?:(GET|POST|PUT) )?(/[\w./<>-]*)", code)
        if match is None or match[2].startswith(_NOT_ROUTES) or match[2].endswith(("/", "...")):
            continue
        try:
            adapter.match(re.sub(r"<[^>]+>", "1", match[2]), method=match[1] or "GET")
        except MethodNotAllowed:
            assert match[1] is None, code
        except (NotFound, RequestRedirect):
            pytest.fail(f"no such page: {code}")


def _settings_read() -> set[str]:
    tree = ast.parse((ROOT / "app/config.py").read_text())
    read = {
        str(node.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "env.get"
        and isinstance(node.args[0], ast.Constant)
    }
    assert "DATA_FOLDER" in read
    return read


def test_every_setting_is_documented_and_read() -> None:
    assert _first_column(_section(OPERATIONS, "Settings")) == _settings_read()


def test_the_example_of_an_environment_names_settings() -> None:
    text = (ROOT / "deploy/star-knight.env.example").read_text()
    named = set(re.findall(r"^#?([A-Z_]+)=", text, re.M))
    assert named
    assert named <= _settings_read()


def test_settings_are_read_in_one_place() -> None:
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "app").rglob("*.py")
        if re.search(r"os\.(environ|getenv)", path.read_text(encoding="utf-8"))
    }
    assert readers == {"app/config.py", "app/serve.py"}  # the second hands it to its children


def _verdicts_of_the_server() -> set[str]:
    """Constants under the key "verdict", and those handed to `receipt`."""
    found: set[str] = set()
    for path in (ROOT / "app/blueprints/sync").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                values = [
                    v for k, v in pairs if isinstance(k, ast.Constant) and k.value == "verdict"
                ]
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "receipt":
                values = node.args[1:]
            else:
                continue
            found |= {str(value.value) for value in values if isinstance(value, ast.Constant)}
    return found


def test_every_verdict_is_documented_said_and_understood() -> None:
    documented = _first_column(_section(OUTBOX, "Verdicts"))
    understood = set(re.findall(r'case "(\w+)":', (OUTBOX_JS / "answers.js").read_text()))
    assert documented == _verdicts_of_the_server() == understood


def _shapes() -> dict[str, set[str]]:
    """The fields of each row in the phone's database, by the name of its type."""
    text = (OUTBOX_JS / "database.js").read_text()
    types = re.findall(r"@typedef \{object\} (\w+)\n(.*?)(?=\n \*\n|\*/)", text, re.S)
    return {name: set(re.findall(r"@property \{.*\} \[?(\w+)", body)) for name, body in types}


def test_every_store_of_the_phone_and_its_fields_are_documented() -> None:
    text = _section(OUTBOX, "On the phone")
    stores = set(re.findall(r'createObjectStore\("(\w+)"', (OUTBOX_JS / "database.js").read_text()))
    assert set(re.findall(r"^\*\*(\w+)\*\*", text, re.M)) == stores
    assert _shapes().keys() == {
        "Item", "Photo", "Receipt", "Draft", "Badge", "Portrait", "Map", "Work", "CasePicture",
        "Message", "Directory",
    }  # fmt: skip
    named = {"Work": "work", "CasePicture": "case_pictures", "Directory": "directory"}
    for name, fields in _shapes().items():
        start = text.index(f"**{named.get(name, f'{name.lower()}s')}**")
        end = text.find("\n**", start + 2)
        missing = fields - set(re.findall(r"`(\w+)`", text[start : end if end > 0 else None]))
        assert not missing, name


def test_every_state_of_an_item_is_documented() -> None:
    line = re.search(r"@typedef \{(.*)\} State", (OUTBOX_JS / "database.js").read_text())
    assert line
    text = _section(OUTBOX, "States")
    for state in re.findall(r'"(\w+)"', line[1]):
        assert re.search(rf"\b{state}\b", text), state


def test_every_kind_of_item_is_named() -> None:
    for kind in KINDS:
        assert f"`{kind}`" in OUTBOX.read_text(encoding="utf-8")


def test_every_reason_of_a_verdict_and_every_conflict_is_documented() -> None:
    reasons, conflicts = _section(BADGE, "Verdicts"), _section(BADGE, "Conflicts")
    assert _first_column(reasons) == set(Reason)
    assert _first_column(conflicts) == set(ConflictKind)


def test_the_role_in_the_example_of_first_people_exists() -> None:
    found = re.search(r"VALUES \(1, 1, '(\w+)'", OPERATIONS.read_text(encoding="utf-8"))
    assert found
    assert found[1] in set(Role)


def test_every_picture_is_shown_and_small() -> None:
    shown = (ROOT / "README.md").read_text(encoding="utf-8")
    for picture in (ROOT / "docs/pictures").iterdir():
        assert f"docs/pictures/{picture.name}" in shown
        assert picture.stat().st_size < 300_000
