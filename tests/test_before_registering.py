"""Before somebody is registered: who may be the same person, within the area with details, elsewhere only that there is one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from linli.access.testing import NEIGHBOUR, Characters, characters
from linli.kernel.citizen_number import checksum
from linli.ledgers.tests.street import Street, build
from linli.regions import names
from linli.registry.people import extensions
from linli.registry.people.models import Person

URL = "/people/register/"


@pytest.fixture
def street(db: Any) -> Street:
    made = build()
    names.forget()
    return made


@pytest.fixture
def client(street: Street) -> Client:
    who: Characters = characters()
    made = Client()
    made.force_login(who.worker)
    return made


def slip_of(number: str) -> str:
    """The number with another seventeenth digit and the check character that belongs to it."""
    body = number[:16] + str((int(number[16]) + 2) % 10)
    return body + checksum(body)


def test_a_number_with_a_slip_is_found(client: Client, street: Street) -> None:
    page = client.post(
        URL, {"step": "find", "name": "郭建军", "id_number": slip_of(street.son.id_number)}
    ).content.decode()
    assert "可能是下面的人" in page
    assert street.son.get_absolute_url() in page
    assert "姓名相同" in page


def test_name_and_birth_date_find_without_a_number(client: Client, street: Street) -> None:
    page = client.post(URL, {"step": "find", "name": "韩玉梅", "birth_date": "1952-02-02"}).content.decode()
    assert street.wife.get_absolute_url() in page
    assert "出生日期相同" in page
    assert client.post(URL, {"step": "find", "birth_date": "1952-02-02"}).status_code == 422


def test_a_name_that_sounds_alike_is_found_by_the_day_of_birth(client: Client, street: Street) -> None:
    """韩玉梅 written 韩玉媒, without a number; another day of birth finds nobody."""
    Person.objects.filter(pk=street.wife.pk).update(initials="hym")  # as the registering action writes it
    asked = {"step": "find", "name": "韩玉媒", "birth_date": "1952-02-02"}
    page = client.post(URL, asked).content.decode()
    assert street.wife.get_absolute_url() in page
    assert "姓名同音" in page
    elsewhere = client.post(URL, asked | {"birth_date": "1952-02-03"}).content.decode()
    assert street.wife.get_absolute_url() not in elsewhere


def test_saving_asks_once_more_with_all_that_is_known(client: Client, street: Street) -> None:
    data = {
        "step": "save",
        "name": "苏外来",
        "sex": "2",
        "birth_date": "1988-04-04",
        "phone": "13900000004",
        "family": "none",
        "hukou": "unknown",
        "home": str(street.home.pk),
        "share_home": "on",
    }
    before = Person.objects.count()
    answer = client.post(URL, data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "还没有登记" in page
    assert street.lodger.get_absolute_url() in page
    assert f'name="checked" value="{street.lodger.pk}"' in page
    assert Person.objects.count() == before
    answer = client.post(URL, data | {"checked": str(street.lodger.pk)})
    assert answer.status_code == 302
    assert Person.objects.filter(name="苏外来").count() == 2


def test_elsewhere_only_that_there_is_one(client: Client, street: Street) -> None:
    street.lodger.residences.update(region_code=NEIGHBOUR)
    Person.objects.filter(pk=street.lodger.pk).update(region_code=NEIGHBOUR)
    page = client.post(
        URL, {"step": "find", "name": "苏外来", "phone": "13900000004", "birth_date": "1988-04-04"}
    ).content.decode()
    assert "在您负责的区域以外，有一份登记很可能是同一个人" in page
    assert street.lodger.get_absolute_url() not in page
    assert "小吃店" not in page


def test_a_shared_home_alone_says_nothing(street: Street) -> None:
    found = extensions.alike({"name": "生面孔", "birth_date": date(1999, 9, 9), "home": street.home.pk})
    assert found == []
