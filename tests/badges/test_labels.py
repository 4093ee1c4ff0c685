"""What a guard reads aloud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.blueprints.badges.labels import badge_label
from app.lib.text import masked_name


@pytest.mark.parametrize(
    ("company", "name", "label"),
    [
        ("飞速配送", "王小明", "飞速王**"),
        ("飞速配送", "王明", "飞速王*"),
        ("飞速", "王", "飞速王"),
        ("美团", "欧阳小明", "美团欧**"),
        ("Swift Delivery", "John Smith", "Swift DelJ**"),
        ("飞速配送", "王骑手（演示）", "飞速王**"),
        ("", "王小明", "王**"),
        ("飞速配送", "  ", "飞速配送"),
    ],
)
def test_labels(company: str, name: str, label: str) -> None:
    assert badge_label(company, name) == label


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_label_has_room_and_hides_the_name(company: str, name: str) -> None:
    label = badge_label(company, name)
    assert len(label.encode(errors="replace")) <= 12
    assert label.endswith(masked_name(name))
    assert len(masked_name(name)) <= 3
