"""The office's pages as each character sees them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from linli.access.models import User
from linli.access.testing import COMMUNITY, PASSWORD, Characters, characters
from linli.audit.models import Event
from linli.audit.recording import SYSTEM
from linli.regions import loading

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Characters:
    return characters()


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_login_page_logs_in_and_keeps_the_goal(people: Characters, client: Client) -> None:
    answer = client.get("/dictionary")
    assert answer.status_code == 302
    assert answer["Location"] == "/login?next=/dictionary"
    answer = client.post("/login", {"username": "worker", "password": PASSWORD, "next": "/dictionary"})
    assert answer.status_code == 302
    assert answer["Location"] == "/dictionary"


def test_login_does_not_follow_a_foreign_goal(people: Characters, client: Client) -> None:
    answer = client.post(
        "/login", {"username": "worker", "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert answer["Location"] == "/"


def test_wrong_password_says_so_and_keeps_the_name(people: Characters, client: Client) -> None:
    answer = client.post("/login", {"username": "worker", "password": "wrong"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "用户名或密码不正确" in text
    assert 'value="worker"' in text


def test_first_password_must_be_changed(people: Characters) -> None:
    User.objects.filter(pk=people.worker.pk).update(must_change_password=True)
    client = _client(User.objects.get(pk=people.worker.pk))
    assert client.get("/")["Location"] == "/me/password"
    answer = client.post(
        "/me/password", {"current": PASSWORD, "new": "Fresh-Start-77", "again": "Fresh-Start-77"}
    )
    assert answer.status_code == 302
    assert client.get("/me").status_code == 200


def test_passwords_that_differ_are_told(people: Characters) -> None:
    answer = _client(people.worker).post(
        "/me/password", {"current": PASSWORD, "new": "Fresh-Start-77", "again": "x"}
    )
    assert answer.status_code == 422
    assert "两次输入的新密码不一致" in answer.content.decode()


def test_idle_session_ends(people: Characters, settings: object) -> None:
    client = _client(people.worker)
    client.get("/me")
    session = client.session
    session["seen"] -= 3 * 3600
    session.save()
    assert client.get("/me")["Location"].startswith("/login")


def test_administrator_makes_an_account_that_can_log_in(people: Characters) -> None:
    loading.load_carried(SYSTEM)
    client = _client(people.administrator)
    answer = client.post(
        reverse("user_create"),
        {
            "username": "newworker",
            "name": "孙新来",
            "role": "community_worker",
            "region_code": COMMUNITY,
            "password": "Welcome-2026-x",
        },
    )
    assert answer.status_code == 302, answer.content.decode()[:2000]
    made = User.objects.get(username="newworker")
    assert made.must_change_password
    assert client.get(reverse("user", args=[made.pk])).status_code == 200
    assert "新增账号" in Event.objects.filter(verb="access.create_user").get().summary
    assert Client().post("/login", {"username": "newworker", "password": "Welcome-2026-x"}).status_code == 302


def test_regions_are_found_by_name_pinyin_and_code(people: Characters) -> None:
    loading.load_carried(SYSTEM)
    client = _client(people.worker)
    for query in ("东外", "dongwai", "dwsq", "110119002001"):
        assert "东外社区居委会" in client.get("/regions", {"q": query}).content.decode(), query
    page = client.get(f"/regions/{COMMUNITY}").content.decode()
    assert "国家统计局" in page
    assert "北京市" in page
    assert client.get("/regions/999").status_code == 404


def test_a_community_is_of_the_city_or_a_rural_pilot(people: Characters) -> None:
    loading.load_carried(SYSTEM)
    from linli.access.models import Post, Role

    Post.objects.create(user=people.stranger, role=Role.DISTRICT_OFFICER, region_code="110119")
    client = _client(User.objects.get(pk=people.stranger.pk))
    url = f"/regions/{COMMUNITY}/edit"
    assert "城乡分类" in client.get(url).content.decode()
    assert client.post(url, {"name": "", "setting": "moon"}).status_code == 422
    client.post(url, {"name": "", "setting": "pilot"})
    assert "农村社区建设试点" in client.get(f"/regions/{COMMUNITY}").content.decode()
    listed = client.get("/regions", {"setting": "pilot"}).content.decode()
    assert "东外社区居委会" in listed
    assert "东外社区居委会" not in client.get("/regions", {"setting": "city"}).content.decode()
    assert "城乡分类" not in client.get("/regions/110119002/edit").content.decode()


def test_dictionary_finds_synonyms(people: Characters) -> None:
    client = _client(people.stranger)
    assert "公民身份号码" in client.get("/dictionary/person", {"q": "身份证号码"}).content.decode()
    assert "没有找到这个词" in client.get("/dictionary", {"q": "不存在的词"}).content.decode()
    assert client.get("/dictionary/nothing").status_code == 404


def test_auditor_verifies_the_chain(people: Characters) -> None:
    from linli.access.models import Post, Role

    Post.objects.create(user=people.stranger, role=Role.AUDITOR, region_code="")
    client = _client(User.objects.get(pk=people.stranger.pk))
    assert client.get("/audit/events").status_code == 200
    assert "逐条校验无误" in client.post("/audit/verify", follow=True).content.decode()


def test_workbench_for_everybody(people: Characters) -> None:
    loading.load_carried(SYSTEM)
    for name, user in people.all().items():
        assert _client(user).get("/").status_code == 200, name


def test_a_locked_account_is_unlocked_by_its_administrator(people: Characters) -> None:
    for _ in range(5):
        Client().post("/login", {"username": "worker", "password": "wrong"})
    client = _client(people.administrator)
    page = client.get(f"/users/{people.worker.pk}").content.decode()
    assert "登录失败锁定" in page
    assert client.post(f"/users/{people.worker.pk}/unlock").status_code == 302
    assert Client().post("/login", {"username": "worker", "password": PASSWORD}).status_code == 302
    assert "登录失败锁定" not in client.get(f"/users/{people.worker.pk}").content.decode()


def test_the_auditor_of_the_area_sees_logins_and_failures(people: Characters) -> None:
    from linli.access.models import Post, Role

    Client().post("/login", {"username": "worker", "password": "wrong"})
    Client().post("/login", {"username": "worker", "password": PASSWORD})
    Post.objects.create(user=people.stranger, role=Role.AUDITOR, region_code="110119")
    page = _client(User.objects.get(pk=people.stranger.pk)).get("/audit/events").content.decode()
    assert "陈小静登录失败" in page
    assert "陈小静登录" in page


def test_disclosures_name_elements_in_chinese(people: Characters) -> None:
    from linli.access.models import Post, Role
    from linli.audit.models import Channel
    from linli.audit.recording import disclose

    disclose(
        acting_user=people.worker,
        person_ids=[1],
        elements=["person.household.head.name", "id_number"],
        purpose="核实",
        channel=Channel.PAGE,
        region_code=COMMUNITY,
    )
    Post.objects.create(user=people.stranger, role=Role.AUDITOR, region_code="110119")
    page = _client(User.objects.get(pk=people.stranger.pk)).get("/audit/disclosures").content.decode()
    assert "户主 · 姓名" in page
    assert "公民身份号码" in page
