"""The categories that come with the project."""

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blueprints.reports.models import Category

COUNT = 54


def _count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Category)) or 0


def test_all_are_there_with_both_languages(session: Session) -> None:
    categories = session.scalars(select(Category)).all()
    assert len(categories) == COUNT
    for category in categories:
        assert category.name("zh_Hans") != category.name("en")
        assert category.filing_condition
        assert category.closing_condition
        assert category.limit > 0


def test_loading_again_renews_them(app: Flask, session: Session) -> None:
    session.get_one(Category, "0102").name_zh = "旧名"
    session.commit()
    result = app.test_cli_runner().invoke(args=["categories", "load"])
    assert result.exit_code == 0, result.output
    assert f"{COUNT} categories" in result.output
    assert _count(session) == COUNT
    assert session.get_one(Category, "0102", populate_existing=True).name_zh == "暴露垃圾"


def test_the_page_offers_each(app: Flask) -> None:
    page = app.test_client().get("/reports/new").text
    assert page.count('name="category"') == COUNT
