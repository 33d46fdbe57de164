"""Fast cells say exactly what django-tables2 would."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import django_tables2 as tables
import pytest
from django.test import RequestFactory

from linli.access.models import Post, Role, User
from linli.access.units import named_unit
from linli.pages import cells
from linli.pages.tables import DateColumn, NumberColumn, Table, TagColumn, TitleColumn


class PostTable(Table):
    """Choices, longer ways, own render functions of every signature, defaults, links."""

    role = tables.Column(verbose_name="角色")
    user = TitleColumn(accessor="user__name", verbose_name="姓名")
    region_code = tables.Column(verbose_name="区域")
    unit = tables.Column(verbose_name="单位", default="没有")
    valid_from = DateColumn(verbose_name="任职")
    tag = TagColumn(accessor="role", verbose_name="标签", tones={Role.AUDITOR: "warn"})
    both = tables.Column(accessor="pk", verbose_name="都要")
    nothing = tables.Column(empty_values=(), verbose_name="算出", orderable=False)
    away = tables.Column(accessor="user__nowhere__deeper", verbose_name="没有的路")
    linked = tables.Column(
        accessor="user__name", linkify=lambda record: f"/x/{record.pk}", verbose_name="链接"
    )
    number = NumberColumn(accessor="user_id", verbose_name="数")
    coloured = tables.Column(accessor="role", attrs={"td": {"class": lambda record: f"c{record.pk}"}})

    class Meta(Table.Meta):
        pass

    def render_both(self, value: int, record: Post, bound_row: Any, table: Any, column: Any) -> str:
        return f"{value} <{record.role}> {bound_row.row_counter >= 0} {table is self} {column is not None}"

    def render_user(self, record: Post) -> str:
        return f"<b>{record.user.name}</b>"

    def render_nothing(self, record: Post) -> str:
        return f"第{record.pk}"


@pytest.mark.django_db
def test_cells_are_what_the_library_renders() -> None:
    user = User.objects.create(username="a", name="李<b>")
    for role in (Role.AUDITOR, Role.GRID_WORKER):
        Post.objects.create(user=user, role=role, region_code="11")
    table = PostTable(Post.objects.select_related("user").order_by("pk"), request=RequestFactory().get("/"))
    for row in table.rows:
        for bound in table.columns:
            assert cells.cell_maker(table, bound)(cells.Line(table, row.record)) == row.get_cell(
                bound.name
            ), bound.name


def test_plain_objects_and_dictionaries_are_read_alike() -> None:
    class Plain(Table):
        name = tables.Column()
        age = tables.Column(accessor="years")

        class Meta(Table.Meta):
            pass

    for record in (SimpleNamespace(name="甲", years=lambda: 3), {"name": "甲", "years": 3}):
        table = Plain([record], request=RequestFactory().get("/"))
        found = [cells.cell_maker(table, bound)(cells.Line(table, record)) for bound in table.columns]
        assert found == ["甲", 3]


@pytest.mark.django_db
def test_text_is_escaped() -> None:
    user = User.objects.create(username="a", name="<script>")
    Post.objects.create(user=user, role=Role.AUDITOR, region_code="11", unit=named_unit("11", "<i>"))
    table = PostTable(Post.objects.select_related("user", "unit"), request=RequestFactory().get("/"))
    shown = cells.rows(table)
    assert "<script>" not in shown
    assert "&lt;i&gt;" in shown
