"""The pages: the counter's way from the question to the paper, and what strangers are told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from linli.access import sealed_files
from linli.access.roles import Role
from linli.access.testing import COMMUNITY, DISTRICT, Characters, _user, characters
from linli.audit.models import Disclosure
from linli.certificates import actions
from linli.certificates.actions import checking
from linli.certificates.models import Certificate, Check, CheckWay, Office
from linli.certificates.tests.counter import issued, prepared, seal
from linli.registry.people.tests.street import make_family, make_homes

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Characters:
    return characters()


@pytest.fixture
def family(who: Characters):
    actions.ensure_list()
    homes = make_homes(COMMUNITY, 3)
    _household, head, wife, son = make_family(who.worker, homes[0])
    return homes, head, wife, son


def _client(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _text(answer) -> str:
    return re.sub(r"<[^>]+>", " ", answer.content.decode())


def test_from_the_question_to_the_paper(who, family) -> None:
    client, head = _client(who.worker), family[1]
    used = seal()
    asked = client.get(reverse("certificates:counter"), {"q": "居住证明"})
    assert reverse("certificates:pick", args=["residence"]) in asked.content.decode()
    picked = client.post(reverse("certificates:pick", args=["residence"]), {"person": head.pk})
    assert picked["Location"] == reverse("certificates:prepare", args=[head.pk, "residence"])
    form = client.get(picked["Location"])
    assert "新兴小区1号楼101室" in _text(form)
    assert head.id_number not in form.content.decode()
    sent = client.post(
        picked["Location"],
        {
            "asker_kind": "self",
            "asker_paper": "身份证原件",
            "receiver": "延庆区第一小学",
            "purpose": "入学",
            "as_of": timezone.localdate().isoformat(),
            "copies": 1,
            "body": "兹证明此人品行端正",
            "姓名": "冒名者",
        },
    )
    made = Certificate.objects.get()
    assert sent["Location"] == made.get_absolute_url()
    assert "品行" not in made.body
    assert "冒名者" not in made.body
    shown = client.get(made.get_absolute_url())
    assert "出具并用印" in _text(shown)
    assert head.id_number not in shown.content.decode()
    done = client.post(
        reverse("certificates:issue", args=[made.pk]), {"seal": used.pk, "hand": "王建华"}, follow=True
    )
    assert "第0001号" in _text(done)
    before = Disclosure.objects.count()
    paper = client.get(reverse("certificates:paper", args=[made.pk]))
    assert paper["Content-Type"] == "application/pdf"
    assert Disclosure.objects.count() == before + 1


def test_what_stands_in_the_way_is_shown_with_the_way_to_put_it_right(who, family) -> None:
    homes, *_rest = family
    from linli.registry.people.tests.street import register

    unknown = register(who.worker, homes[1], "张不详", serial=40, since=None)
    answer = _client(who.worker).get(reverse("certificates:prepare", args=[unknown.pk, "residence"]))
    page = answer.content.decode()
    assert reverse("people:correct_living", args=[unknown.pk]) in page
    assert "现在还不能开" in page
    assert "why=facts" in page


def test_a_refusal_from_the_counter(who, family) -> None:
    client = _client(who.worker)
    page = client.get(reverse("certificates:counter"), {"q": "无犯罪记录证明"}).content.decode()
    url = reverse("certificates:refuse") + "?code=no_crime"
    assert url in page
    sent = client.post(
        url,
        {
            "region_code": COMMUNITY,
            "asked": "无犯罪记录证明",
            "name": "王建国",
            "asker": "某物业公司",
            "why": "not_allowed",
        },
        follow=True,
    )
    assert "公安派出所" in _text(sent)
    nothing = client.get(reverse("certificates:counter"), {"q": "菜刀实名购买"})
    assert "清单上没有这一项" in _text(nothing)


def test_officers_of_the_district_see_no_text(who, family) -> None:
    made = issued(who, family[1].pk)
    district = _client(_user("quji", "马海英", Role.DISTRICT_OFFICER, DISTRICT))
    page = district.get(made.get_absolute_url())
    assert "新兴小区" not in page.content.decode()
    assert district.get(reverse("certificates:paper", args=[made.pk])).status_code == 404
    assert district.get(reverse("certificates:askers_export")).content[:2] == b"PK"


def test_strangers_learn_no_more_than_they_need(who, family) -> None:
    head = family[1]
    made = issued(who, head.pk)
    answer = Client().get(reverse("certificates:checked", args=[made.token]))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    # With no-referrer a browser sends its form without an origin, and is refused.
    assert answer["Referrer-Policy"] == "same-origin"
    for wanted in (made.number_text, "居住情况证明", made.issuer_name, "王*国", head.id_number[-4:], "有效"):
        assert wanted in page
    for hidden in (
        "王建国",
        head.id_number,
        head.id_number[:14],
        "新兴小区",
        "子女入学",
        "第一小学",
        who.worker.name,
    ):
        assert hidden not in page
    assert str(made.pk) not in re.findall(r"/certificates/(\d+)", page)
    assert Certificate.objects.get(pk=made.pk).checks == 1
    assert list(Check.objects.values_list("way", "told")) == [("code", "valid")]


def test_withdrawn_and_expired_ones_say_so(who, family) -> None:
    made = issued(who, family[1].pk)
    url = reverse("certificates:checked", args=[made.token])
    actions.withdraw(acting_user=who.worker, certificate_id=made.pk, reason="写错了内情")
    page = _text(Client().get(url))
    assert "已作废" in page
    assert "内情" not in page
    late = Certificate(state="issued", number=1, valid_until=timezone.localdate() - timedelta(days=1))
    assert late.standing() == "expired"


def test_a_changed_text_is_noticed(who, family) -> None:
    made = issued(who, family[1].pk)
    made.body = made.body.replace("1号楼", "2号楼")
    told = checking._tell(made, CheckWay.CODE)
    assert not told.intact


def test_by_number_and_check_word(who, family) -> None:
    made = issued(who, family[1].pk)
    client, url = Client(), reverse("certificates:check")
    typed = made.number_text.replace("〔", "[").replace("〕", "]")
    good = client.post(url, {"number": typed, "word": made.check_word.lower()})
    assert "王*国" in _text(good)
    wrong_word = client.post(url, {"number": typed, "word": "222222"})
    wrong_number = client.post(url, {"number": typed.replace("0001", "0002"), "word": made.check_word})
    assert (wrong_word.status_code, wrong_number.status_code) == (404, 404)
    assert _answer_text(wrong_word) == _answer_text(wrong_number)
    data = sealed_files.read(made.file)
    for content, said in ((data, "完全一致"), (data + b" ", "不是出具时的原件")):
        upload = SimpleUploadedFile("a.pdf", content)
        shown = client.post(url, {"number": typed, "word": made.check_word, "file": upload})
        assert said in _text(shown)


def _answer_text(answer) -> str:
    return re.findall(r'<div class="notice danger">.*?</div></div>', answer.content.decode(), re.S)[0]


def test_a_persons_page_tells_of_their_certificates(who, family) -> None:
    made = issued(who, family[1].pk)
    page = _text(_client(who.worker).get(family[1].get_absolute_url(), {"tab": "certificates"}))
    assert made.number_text in page
    assert "开证明" in page
    officer = _text(_client(who.officer).get(family[1].get_absolute_url(), {"tab": "certificates"}))
    assert made.number_text in officer
    assert "开证明" not in officer


def test_guessing_is_stopped(who, family) -> None:
    made = issued(who, family[1].pk)
    client, url = Client(), reverse("certificates:check")
    sent = {"number": made.number_text, "word": "222222"}
    codes = [client.post(url, sent).status_code for _n in range(checking.MOST[CheckWay.NUMBER] + 1)]
    assert codes[:-1] == [404] * checking.MOST[CheckWay.NUMBER]
    assert codes[-1] == 429
    right = client.post(url, sent | {"word": made.check_word})
    assert right.status_code == 429
    assert int(right["Retry-After"]) > 0
    assert Client().get(reverse("certificates:checked", args=[made.token])).status_code == 200


def test_unknown_codes_and_drafts_tell_nothing(who, family) -> None:
    prepared(who.worker, family[1].pk)
    for token in ("X" * 26, "a", "-" * 26):
        assert Client().get(reverse("certificates:checked", args=[token])).status_code == 404
    empty = Client().post(reverse("certificates:check"), {"number": "", "word": ""})
    assert empty.status_code == 422
    nothing = Client().post(reverse("certificates:check"), {"number": "0", "word": "______"})
    assert nothing.status_code == 404


def test_everybody_finds_the_list(who, family) -> None:
    page = _text(Client().get(reverse("certificates:public"), {"q": "活着证明", "region": COMMUNITY}))
    assert "健在证明" in page
    assert "社会保险经办机构" in page
    assert "亲属关系证明" not in page
    whole = _text(Client().get(reverse("certificates:public")))
    assert whole.count("也叫：") >= 25
    assert Client().get(reverse("certificates:public"), {"region": "xx'"}).status_code == 200


def test_lists_ask_as_often_for_many_as_for_one(who, family, settings) -> None:
    settings.LINLI_BADGE_SECONDS = 600  # the sidebar's own questions aside
    client = _client(who.worker)
    asked: dict[str, list[int]] = {}
    for member in family[1:]:
        issued(who, member.pk)
        for name in ("certificates:list", "certificates:seals"):
            client.get(reverse(name))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(name))
            asked.setdefault(name, []).append(len(queries))
    assert all(len(set(counts)) == 1 and counts[0] <= 14 for counts in asked.values()), asked


def test_the_office_publishes_a_new_edition_and_everybody_sees_what_changed(who, family) -> None:
    _user("quji", "马海英", Role.DISTRICT_OFFICER, DISTRICT)
    client = _client(_user("quji2", "马海燕", Role.DISTRICT_OFFICER, DISTRICT))
    url = reverse("certificates:kind_edit", args=["residence"])
    form = client.get(url).context["form"]
    assert "instead" not in form.fields
    sent = {name: form.initial.get(name, form.fields[name].initial) for name in form.fields}
    sent = {name: "" if value is None else value for name, value in sent.items()}
    sent["since"] = timezone.localdate().isoformat()
    refused = client.post(url, {**sent, "days": 45})
    assert refused.status_code == 422
    assert "reason" in refused.context["form"].errors
    done = client.post(url, {**sent, "days": 45, "reason": "三十天不够用"}, follow=True)
    said = _text(done)
    assert done.redirect_chain[0][0] == reverse("certificates:kind", args=["residence"])
    assert all(word in said for word in ("三十天不够用", "30 天", "45 天", "现行", "马海燕"))
    # The standing is changed by another form, which asks only what that needs.
    stopping = client.get(url, {"as": "ended"}).context["form"]
    assert "wording" not in stopping.fields
    forbidden = client.get(reverse("certificates:kind_edit", args=["alive"]), {"as": "allowed"})
    assert forbidden.context["form"].fields["title"].disabled
    assert "wording" not in forbidden.context["form"].fields
    # The worker sees the record, and yesterday's list says what held then.
    worker = _client(who.worker)
    assert "三十天不够用" in _text(worker.get(reverse("certificates:kind", args=["residence"])))
    assert worker.get(reverse("certificates:kind", args=["nothing"])).status_code == 404
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert "有效 30 天" in _text(worker.get(reverse("certificates:kinds"), {"day": yesterday}))
    assert "有效 45 天" in _text(worker.get(reverse("certificates:kinds")))
    assert worker.get(reverse("certificates:kinds"), {"day": "0001-01-01"}).status_code == 200


def test_an_office_is_changed_and_taken_down_with_reasons(who, family) -> None:
    client = _client(_user("quji", "马海英", Role.DISTRICT_OFFICER, DISTRICT))
    values = {"region_code": DISTRICT, "kind": "police", "name": "香水园派出所", "address": "妫水北街"}
    client.post(reverse("certificates:office_add"), values)
    office = Office.objects.get()
    edit = reverse("certificates:office_edit", args=[office.pk])
    assert client.post(edit, {**values, "phone": "110"}).status_code == 422
    client.post(edit, {**values, "phone": "110", "reason": "装了电话"})
    page = client.get(office.get_absolute_url(), {"tab": "history"})
    assert "装了电话" in _text(page)
    assert "居民身份信息证明" in _text(client.get(office.get_absolute_url()))
    client.post(reverse("certificates:office_remove", args=[office.pk]), {"reason": "撤并"})
    office.refresh_from_db()
    assert office.removed_on == timezone.localdate()
    assert "香水园派出所" not in _text(client.get(reverse("certificates:kinds")))


def test_a_line_of_the_seal_log_has_its_page(who, family) -> None:
    made = issued(who, family[1].pk)
    client = _client(who.worker)
    use = made.seal_uses.get()
    assert use.get_absolute_url() in client.get(reverse("certificates:seals")).content.decode()
    assert "王建华" in _text(client.get(use.get_absolute_url()))
