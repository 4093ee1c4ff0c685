"""The demo district's rules: which of its departments take what.

Categories name kinds of departments; where the district calls one otherwise, a rule says so.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.blueprints.cases.models import RoutingRule
from app.blueprints.demo.district import District
from app.blueprints.organisations.models import Kind
from app.blueprints.reports.models import Category

CALLED = {
    "市政设施": "公共设施", "公安交警": "交警", "消防救援": "消防", "电力通信": "供电", "街道社区": "民政",
    "住房建设": "住建", "市场监督管理": "市场监管", "河道水务": "水务",
}  # fmt: skip
"""What a kind of department is called here."""
AT_ONCE = ("0401", "0402", "0403", "1101")
"""Sent without waiting for the dispatcher: roads that gave way, burst mains, gas, open manholes."""
FURTHER: tuple[dict[str, Any], ...] = (
    {"category_code": "1103", "department": "路灯管理"},
    {"category_code": "0404", "department": "城市排水"},
    {"group": "05", "hour_from": 22, "hour_to": 6, "department": "公安"},
    {"category_code": "0504", "area": "金鸡湖街道", "department": "停车管理"},
    {"category_code": "0704", "department": "骑手服务", "automatic": True},
)


def build_rules(session: Session, district: District, now: datetime) -> int:
    """Write the rules; answers how many."""
    ids = {
        str(row["name_zh"]): number
        for row in district.rows
        if district.ids[number := int(str(row["id"]))] in (Kind.DEPARTMENT, Kind.STREET)
    }
    special = {rule.get("category_code") for rule in FURTHER if "area" not in rule}
    categories = session.execute(select(Category.code, Category.department).order_by(Category.code))
    usual = [
        {
            "category_code": code,
            "department": CALLED.get(kind, kind),
            "automatic": code in AT_ONCE,
        }
        for code, kind in categories
        if code not in special and (kind in CALLED or code in AT_ONCE)
    ]
    rows = [_row(rule, ids, now) for rule in (*usual, *FURTHER)]
    session.execute(insert(RoutingRule), rows)
    return len(rows)


def _row(rule: dict[str, Any], ids: dict[str, int], now: datetime) -> dict[str, Any]:
    return {
        "group": rule.get("group"),
        "category_code": rule.get("category_code"),
        "area_id": ids[rule["area"]] if "area" in rule else None,
        "hour_from": rule.get("hour_from"),
        "hour_to": rule.get("hour_to"),
        "department_id": ids[rule["department"]],
        "automatic": rule.get("automatic", False),
        "created_at": now,
    }
