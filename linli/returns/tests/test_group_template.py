"""The roster of a group: template → filled → brought back → read by lists. Every detail of every group; party members without a
column of classes."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from linli.access.testing import COMMUNITY, Characters, characters
from linli.audit.recording import SYSTEM
from linli.facts.plan import Wish, rows
from linli.kernel.scope import Scope
from linli.ledgers.tests.street import ON, Street, build
from linli.regions import names
from linli.registry.groups import detail_rules
from linli.registry.groups.detail_facts import key_of
from linli.registry.groups.models import Group, Membership
from linli.registry.groups.seeds import SEEDS, ensure_groups
from linli.registry.people.models import Person
from linli.returns import actions, group_template, rules
from linli.returns.models import Return
from linli.returns.tests.test_returns import look, roster, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def street(db: Any) -> Street:
    made = build()
    ensure_groups(acting_user=SYSTEM)
    names.forget()
    return made


@pytest.fixture
def who(street: Street) -> Characters:
    return characters()


def downloaded(who: Characters, code: str) -> Any:
    client = Client()
    client.force_login(who.worker)
    answer = client.get(reverse("returns:group_template", args=[code]))
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def as_bytes(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


VALUES: dict[str, Any] = {
    detail_rules.TEXT: "第三支部",
    detail_rules.DATE: "2019-03-05",
    detail_rules.MONEY: 1250.5,
    detail_rules.NUMBER: 3,
    detail_rules.FLAG: "是",
}
TOLD: dict[str, Any] = {
    detail_rules.TEXT: "第三支部",
    detail_rules.DATE: date(2019, 3, 5),
    detail_rules.MONEY: Decimal("1250.50"),
    detail_rules.NUMBER: 3,
    detail_rules.FLAG: True,
}


def test_every_column_of_every_groups_template_is_recognised(who: Characters) -> None:
    words = actions.words()
    asked = 0
    for group in Group.objects.filter(is_active=True):
        returned = send(who, as_bytes(downloaded(who, group.code)), name=f"{group.name}.xlsx")
        wanted = group_template.columns(group, words)
        found = {one.label.lstrip("*"): one.element for one in returned.recognition.mappings}
        assert returned.recognition.population.conditions == [f"in_{group.code}"], group.name
        assert found == {column.heading: path for path, column in wanted}, group.name
        asked += len(group.asks)
    assert asked == sum(len(seed["details"]) for seed in SEEDS)


@pytest.mark.parametrize("code", ["low_income", "disabled", "party", "unemployed", "veteran"])
def test_what_is_filled_in_comes_back_and_is_read_by_lists(
    who: Characters, street: Street, code: str
) -> None:
    group = Group.objects.get(code=code)
    person = (
        Person.objects.filter(region_code__startswith=COMMUNITY, death_date=None)
        .exclude(pk__in=Membership.objects.filter(group=group).values("person"))
        .exclude(id_digest=None)
        .filter(birth_date__range=(date(1967, 1, 1), date(2000, 1, 1)))
        .first()
    )
    assert person is not None
    book, words = downloaded(who, code), actions.words()
    sheet = book.worksheets[0]
    filled: dict[str, Any] = {"name": person.name, "id_number": person.id_number}
    told: dict[str, Any] = {}
    if group.classes:
        filled[f"{code}_class"], told[f"{code}_class"] = group.classes[0]["label"], group.classes[0]["code"]
    if group.levels:
        filled[f"{code}_level"], told[f"{code}_level"] = group.levels[1]["label"], group.levels[1]["code"]
    if group.needs_certificate:
        filled[f"{code}.certificate"] = told[f"{code}.certificate"] = "BJ20190001"
    filled[f"{code}.from_date"], told[f"{code}.from_date"] = "2019-03-05", date(2019, 3, 5)
    filled[f"{code}.evidence"] = told[f"{code}.evidence"] = "街道审批表"
    for detail in group.asks:
        key = key_of(code, detail)
        if detail.kind == detail_rules.CODE:
            filled[key], told[key] = detail.options[0]["label"], detail.options[0]["code"]
        else:
            filled[key], told[key] = VALUES[detail.kind], TOLD[detail.kind]
    for place, (path, _column) in enumerate(group_template.columns(group, words), 1):
        if path in filled:
            sheet.cell(3, place, filled.pop(path))
    assert not filled
    returned = send(who, as_bytes(book))
    assert set(look(who, returned)) == {rules.CHANGED}, returned.rows
    actions.apply_return(acting_user=who.worker, return_id=returned.pk)
    wish = Wish("person", (Scope.of(COMMUNITY),), ON, elements=tuple(told), ids=[person.pk])
    ((_pk, values),) = list(rows(wish, actions.words()))
    assert dict(zip(told, values, strict=True)) == told
    assert set(look(who, send(who, as_bytes(book)))) == {rules.SAME}


def member(person: Person) -> Membership | None:
    return Membership.objects.filter(person=person, group__code="party").first()


def new_members(street: Street) -> list[Person]:
    found = Person.objects.filter(region_code__startswith=COMMUNITY, death_date=None).exclude(id_digest=None)
    return list(found.exclude(groups__group__code="party").filter(birth_date__lt=date(2000, 1, 1))[:3])


def test_party_members_without_a_column_of_classes_are_of_the_kind_their_political_status_tells(
    who: Characters, street: Street
) -> None:
    full, trial, unknown = new_members(street)
    book = roster(
        ["姓名", "身份证号", "政治面貌", "所在党支部"],
        [full.name, full.id_number, "中共党员", "第一党支部"],
        [trial.name, trial.id_number, "预备党员", "第一党支部"],
        title="社区党员花名册",
    )
    returned = send(who, book)
    look(who, returned)
    actions.apply_return(acting_user=who.worker, return_id=returned.pk)
    kinds = [getattr(member(one), "class_code", None) for one in (full, trial)]
    assert kinds == ["1", "2"]

    bare = roster(["姓名", "身份证号"], [unknown.name, unknown.id_number], title="社区党员花名册")
    Person.objects.filter(pk=unknown.pk).update(political="")
    asked: Return = send(who, bare)
    assert "类别" in str(look(who, asked))
    assert member(unknown) is None
    page = Client()
    page.force_login(who.worker)
    assert "没有写类别的，按" in page.get(asked.get_absolute_url()).content.decode()
    actions.choose_options(
        acting_user=who.worker,
        return_id=asked.pk,
        chosen={"register": True, "group": True, "class_code_party": "1"},
    )
    look(who, asked)
    actions.apply_return(acting_user=who.worker, return_id=asked.pk)
    made = member(unknown)
    assert made is not None
    assert made.class_code == "1"
