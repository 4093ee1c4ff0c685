"""No redirect leaves the site."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.links import local_path


@pytest.mark.parametrize("path", ["/", "/reports/7", "/reports?before=3", "/a#b", "/上报"])
def test_our_own_paths_are_kept(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "target",
    [
        None, "", "reports", "https://evil.example/", "//evil.example/", "///evil.example/",
        "/\\evil.example", "\\\\evil.example", "/a\\b", "http:evil.example", "javascript:alert(1)",
        " //evil.example", "/\t/evil.example", "/\n/evil.example", "/" + "a" * 500,
    ],
)  # fmt: skip
def test_all_else_leads_home(target: str | None) -> None:
    assert local_path(target) == "/"


def test_the_default_is_the_callers() -> None:
    assert local_path("//evil.example", "/me") == "/me"


@given(st.text())
def test_an_answer_never_names_another_host(target: str) -> None:
    path = local_path(target)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
