"""What falls due is told, listed, and carried to one of its three ends."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.models import Role, User
from linli.access.testing import COMMUNITY, Characters, characters
from linli.audit.models import Disclosure
from linli.audit.recording import SYSTEM, RuleError
from linli.jobs.daily import run_all
from linli.notices.models import Notice
from linli.registry.groups import actions, confirming, papers, reviews
from linli.registry.groups.models import EvidenceFile, Group, Matter, Membership, Review
from linli.registry.groups.seeds import ensure_groups
from linli.registry.people.models import Person
from linli.registry.people.tests.street import make_homes, register

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\nscan"


def day(offset: int) -> date:
    return timezone.localdate() + timedelta(days=offset)


@pytest.fixture
def who() -> Characters:
    ensure_groups(acting_user=SYSTEM)
    return characters()


@pytest.fixture
def person(who: Characters) -> Person:
    return register(who.worker, make_homes()[0], "王建国")


def join(who: Characters, person: Person, code: str = "low_income", **more: Any) -> Membership:
    more = {"class_code": "1", "certificate": "D1"} | more if code == "low_income" else more
    return actions.add_membership(
        acting_user=who.worker,
        person_id=person.pk,
        group_code=code,
        evidence="确认文书",
        since=day(-300),
        **more,
    )


def listed(who: Characters) -> list[tuple[str, date]]:
    return [(one.matter, one.due_on) for one in reviews.visible(who.worker, day(0))]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("review", "until", "expected"),
    [
        (-5, None, [("review", -5)]),
        (30, None, [("review", 30)]),
        (31, None, []),
        (40, 20, [("expiry", 20)]),
        (10, 20, [("expiry", 20)]),
        (None, -1, [("expiry", -1)]),
        (None, -181, []),
    ],
)
def test_what_is_due(
    who: Characters,
    person: Person,
    review: int | None,
    until: int | None,
    expected: list[tuple[str, int]],
) -> None:
    one = join(who, person, "volunteer")
    Membership.objects.filter(pk=one.pk).update(
        review_on=None if review is None else day(review),
        period=(day(-300), None if until is None else day(until)),
    )
    assert listed(who) == [(matter, day(offset)) for matter, offset in expected]
    counted = reviews.counts(day(0), length=12)
    assert [(d.number, d.first) for d in counted.values()] == [(1, day(n)) for _m, n in expected]


def test_renewed_ended_and_not_applicable_leave_the_list_and_a_record(
    who: Characters, person: Person
) -> None:
    review = join(who, person, review_on=day(-3))
    actions.confirm_membership(acting_user=who.worker, membership_id=review.pk, evidence="年审通过")
    assert listed(who) == []
    aside = join(who, person, "unemployed", certificate="S1", review_on=day(5))
    with pytest.raises(RuleError, match="为什么不适用"):
        actions.set_aside(acting_user=who.worker, membership_id=aside.pk, matter=Matter.REVIEW, reason="")
    actions.set_aside(
        acting_user=who.worker, membership_id=aside.pk, matter=Matter.REVIEW, reason="已转就业困难人员"
    )
    ended = join(who, person, "volunteer", until=day(10))
    actions.end_membership(acting_user=who.worker, membership_id=ended.pk, on=day(0), reason="搬走了")
    assert listed(who) == []
    said = set(Review.objects.values_list("matter", "outcome", "reason"))
    assert said == {
        ("review", "renewed", "年审通过"),
        ("review", "not_applicable", "已转就业困难人员"),
        ("expiry", "ended", "搬走了"),
    }


def test_an_end_is_renewed_with_a_new_end(who: Characters, person: Person) -> None:
    one = join(who, person, until=day(-2))
    with pytest.raises(RuleError, match="新的到期日期"):
        actions.confirm_membership(acting_user=who.worker, membership_id=one.pk)
    with pytest.raises(RuleError, match="应晚于"):
        actions.confirm_membership(acting_user=who.worker, membership_id=one.pk, until=day(-1))
    made = actions.confirm_membership(acting_user=who.worker, membership_id=one.pk, until=day(363))
    assert (made.period.lower, made.period.upper) == (day(-300), day(363))
    assert ("expiry", "renewed") in set(Review.objects.values_list("matter", "outcome"))
    other = join(who, person, "volunteer")
    with pytest.raises(RuleError, match="长期有效"):
        actions.confirm_membership(acting_user=who.worker, membership_id=other.pk, until=day(9))


def test_the_todo_counts_only_groups_one_may_see(who: Characters, person: Person) -> None:
    join(who, person, review_on=day(-3))
    join(who, person, "volunteer", review_on=day(3))
    Group.objects.filter(code="low_income").update(viewers=[Role.STREET_OFFICER])
    run_all(day(0))
    (told,) = Notice.objects.filter(done_at__isnull=True, key__startswith="groups.due")
    assert (told.user, told.title, told.due_on) == (who.worker, "东外社区：1 项人群复核或到期要办", day(3))


class TestPapers:
    @pytest.fixture(autouse=True)
    def _media(self, settings: Any, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = tmp_path

    def test_a_paper_is_kept_and_read_only_by_those_who_may(
        self, who: Characters, person: Person, tmp_path: Path, django_capture_on_commit_callbacks: Any
    ) -> None:
        one = join(who, person)
        client = Client()
        client.force_login(who.worker)
        sent = client.post(
            reverse("groups:file_add", args=[one.pk]), {"file": SimpleUploadedFile("低保证.png", PNG)}
        )
        assert sent.status_code == 302
        file = EvidenceFile.objects.get()
        assert PNG not in (tmp_path / file.path).read_bytes()
        url = reverse("groups:file", args=[file.pk])
        assert client.post(url, {"purpose": ""}).status_code == 422
        got = client.post(url, {"purpose": "核对年审"})
        assert b"".join(got.streaming_content) == PNG  # type: ignore[arg-type]
        assert got.headers["Content-Disposition"].startswith("attachment")
        assert Disclosure.objects.get().purpose == "核对年审"
        for user in (who.neighbour, self.grid_worker(who)):
            other = Client()
            other.force_login(user)
            assert other.post(url, {"purpose": "看看"}).status_code == 404
            with pytest.raises(NotPermitted):
                papers.open_file(acting_user=user, file_id=file.pk, purpose="看看")
        with django_capture_on_commit_callbacks(execute=True):
            papers.remove_file(acting_user=who.worker, file_id=file.pk, reason="传错了")
        assert not (tmp_path / file.path).exists()

    @staticmethod
    def grid_worker(who: Characters) -> User:
        post = who.officer.posts.get()
        post.role, post.region_code = Role.GRID_WORKER, COMMUNITY
        post.save()
        return User.objects.get(pk=who.officer.pk)

    def test_what_is_no_paper_is_refused_in_the_form(self, who: Characters, person: Person) -> None:
        one = join(who, person)
        client = Client()
        client.force_login(who.worker)
        url = reverse("groups:file_add", args=[one.pk])
        page = client.post(url, {"file": SimpleUploadedFile("a.pdf", b"MZ")})
        assert page.status_code == 422
        assert "PDF、JPG 或 PNG" in page.content.decode()
        for n in range(papers.MOST):
            papers.add_file(
                acting_user=who.worker, membership_id=one.pk, upload=SimpleUploadedFile(f"{n}.png", PNG)
            )
        with pytest.raises(RuleError, match="最多存"):
            papers.add_file(
                acting_user=who.worker, membership_id=one.pk, upload=SimpleUploadedFile("x.png", PNG)
            )


def test_pages(who: Characters, person: Person) -> None:
    one = join(who, person, review_on=day(-3))
    client = Client()
    client.force_login(who.worker)
    page = client.get(reverse("groups:due")).content.decode()
    assert "复核逾期 3 天" in page
    assert client.get(reverse("groups:due"), {"late": "1", "matter": "review"}).status_code == 200
    assert "没有符合条件" in client.get(reverse("groups:due"), {"matter": "expiry"}).content.decode()
    client.post(
        f"{reverse('groups:set_aside', args=[one.pk])}?matter=review", {"reason": "终身救助，不用复核"}
    )
    shown = client.get(reverse("groups:membership", args=[one.pk])).content.decode()
    assert "不适用" in shown
    assert "终身救助，不用复核" in shown


def test_a_roster_of_another_day(who: Characters, person: Person) -> None:
    one = join(who, person, "volunteer")
    actions.end_membership(acting_user=who.worker, membership_id=one.pk, on=day(-10), reason="本人退出")
    client = Client()
    client.force_login(who.worker)
    url = reverse("groups:roster", args=["volunteer"])
    assert "王建国" not in client.get(url).content.decode()
    then = client.get(url, {"on": str(day(-11))}).content.decode()
    assert "王建国" in then
    assert "加入成员" not in then
    assert "王建国" not in client.get(url, {"on": str(day(-10))}).content.decode()
    assert "王建国" not in client.get(url, {"on": str(day(-301))}).content.decode()
    listed = client.get(reverse("groups:list"), {"on": str(day(-11))}).content.decode()
    assert f"人数是 {day(-11)} 本辖区的在册成员" in listed


def test_many_reviews_in_one_go_keep_the_evidence_of_each(who: Characters, person: Person) -> None:
    """A round of visits: reviews are done, ends that need a new day are named, nothing is done twice."""
    other = register(who.worker, make_homes(estate="和平小区")[1], "孙建国", serial=2)
    reviewed = join(who, person, review_on=day(-5))
    ending = join(who, other, review_on=day(10), until=day(20), certificate="D2")
    done, problems = confirming.confirm_reviews(
        acting_user=who.worker, membership_ids=[reviewed.pk, ending.pk], on=day(0), how="入户核实，没有变化"
    )
    assert done == 1
    assert problems == [f"孙建国（低保）：{day(20)} 到期，请点“继续”填新的到期日期"]
    reviewed.refresh_from_db()
    assert reviewed.evidence == "确认文书"
    assert reviewed.review_on is not None
    assert reviewed.review_on > day(300)
    kept = Review.objects.get(membership=reviewed)
    assert (kept.reason, kept.outcome, kept.due_on) == ("入户核实，没有变化", "renewed", day(-5))
    with pytest.raises(RuleError, match="已经办过"):
        confirming.confirm_reviews(
            acting_user=who.worker, membership_ids=[reviewed.pk], on=day(0), how="入户核实"
        )


@pytest.mark.parametrize(("how", "on", "said"), [("", 0, "怎样核实"), ("入户核实", 1, "还没有到")])
def test_many_reviews_say_what_is_missing(
    who: Characters, person: Person, how: str, on: int, said: str
) -> None:
    one = join(who, person, review_on=day(-5))
    with pytest.raises(RuleError, match=said):
        confirming.confirm_reviews(acting_user=who.worker, membership_ids=[one.pk], on=day(on), how=how)


def test_a_neighbours_reviews_are_not_touched(who: Characters, person: Person) -> None:
    one = join(who, person, review_on=day(-5))
    with pytest.raises(RuleError, match="已经办过"):
        confirming.confirm_reviews(
            acting_user=who.neighbour, membership_ids=[one.pk], on=day(0), how="入户核实"
        )
    one.refresh_from_db()
    assert one.review_on == day(-5)


def test_picked_ones_are_reviewed_from_the_list(who: Characters, person: Person, client: Client) -> None:
    one = join(who, person, review_on=day(-5))
    client.force_login(who.worker)
    answer = client.post(reverse("groups:due"), {"action": "confirm", "pk": [one.pk]}, follow=True)
    assert "低保 1 人" in answer.content.decode()
    answer = client.post(
        reverse("groups:due_confirm"), {"how": "入户核实", "on": day(0).isoformat()}, follow=True
    )
    assert "已复核 1 人。" in answer.content.decode()
    assert listed(who) == []


@pytest.mark.parametrize(("name", "data", "kept"), [("证.png", PNG, 1), ("证.txt", b"text", 0)])
def test_the_paper_comes_with_the_enrolment_or_neither(
    who: Characters, person: Person, client: Client, name: str, data: bytes, kept: int
) -> None:
    client.force_login(who.worker)
    answer = client.post(
        f"{reverse('groups:add', args=['low_income'])}?person={person.pk}",
        {
            "class_code": "1",
            "certificate": "D1",
            "evidence": "确认文书",
            "since": day(-3).isoformat(),
            "file": SimpleUploadedFile(name, data),
        },
    )
    assert answer.status_code == (302 if kept else 422)
    assert EvidenceFile.objects.filter(membership__person=person).count() == kept
    assert Membership.objects.filter(person=person).count() == kept
