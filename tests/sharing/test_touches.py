"""Who was touched by which transaction: the triggers note it for every way of writing, and nothing that was taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from linli.registry.groups.models import Group, Membership
from linli.registry.people import actions as people
from linli.registry.people.models import Kinship, Person, Residence
from linli.sharing import reading, touches
from tests.sharing.conftest import Api, make_api

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def api(transactional_db: None) -> Api:
    return make_api()


def following() -> int:
    """The number of the next transaction."""
    return reading._now()[2]


def noted(work: Callable[[], object], *, last: int = 0, limit: int = 100) -> dict[int, set[str]]:
    """Whom a deed touched: from the record, which says the same as the rows."""
    since = following()
    work()
    until = following()
    found = touches.touched(since, until, last, limit)
    assert found == reading.changed_in_rows(since, until, last, limit)
    return found


def test_every_way_of_writing_is_noted_with_its_table(api: Api) -> None:
    one, other = api.here[0], api.here[1]
    assert noted(lambda: Person.objects.filter(pk=one.pk).update(note="甲")) == {one.pk: {"people_person"}}
    assert noted(lambda: None) == {}
    group = Group.objects.get(code="volunteer")

    def join() -> None:
        Membership.objects.create(
            region_code=one.region_code, group=group, person=one, period=(date(2020, 1, 1), None)
        )

    assert noted(join) == {one.pk: {"groups_membership"}}
    # A row that goes to somebody else touches both.
    assert noted(lambda: Membership.objects.filter(person=one).update(person=other)) == {
        one.pk: {"groups_membership"},
        other.pk: {"groups_membership"},
    }
    assert noted(lambda: Membership.objects.filter(person=other).delete()) == {
        other.pk: {"groups_membership"}
    }
    kin = people.set_kin(
        acting_user=api.who.worker, person_id=one.pk, relation="father", relative_name="王老汉"
    )
    assert kin.pk
    assert noted(lambda: Kinship.objects.filter(pk=kin.pk).delete()) == {one.pk: {"people_kinship"}}
    assert noted(lambda: Residence.objects.filter(person=other).update(reason="01")) == {
        other.pk: {"people_residence"}
    }


def test_what_is_rolled_back_was_never_there(api: Api) -> None:
    def in_vain() -> None:
        with transaction.atomic():
            Person.objects.update(note="乙")
            transaction.set_rollback(True)

    assert noted(in_vain) == {}


def test_a_bulk_deed_is_one_row_a_stretch_and_pages_go_by_person(api: Api) -> None:
    far = 7 * touches.STRETCH + 3
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_person (id, region_code, name, initials, former_name, sex, id_kind, id_number, ethnic, native_place, "
            "marital, political, education, employment, occupation, employer, phone, landline, email, blood_type, health, standing, "
            "source, note, created_at, updated_at) SELECT %s + n * 2500, region_code, name, initials, '', sex, '', ''::bytea, '', "
            "'', '', '', '', '', '', '', ''::bytea, ''::bytea, '', '', '', standing, '', '', now(), now() "
            "FROM people_person, generate_series(1, 20) n WHERE id = %s",
            [far, api.here[0].pk],
        )
    since = following()
    everybody = sorted(Person.objects.values_list("pk", flat=True))
    Person.objects.update(note="丙")
    until = following()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sharing_touch WHERE xid >= %s", [since])
        assert cursor.fetchone()[0] == len({pk // touches.STRETCH for pk in everybody})
    for limit in (1, 3, 100):
        paged: list[int] = []
        while page := touches.touched(since, until, paged[-1] if paged else 0, limit):
            assert len(page) <= limit
            paged += sorted(page)
        assert paged == everybody


def test_an_old_window_is_answered_from_the_rows(api: Api) -> None:
    since = following()
    Person.objects.filter(pk=api.here[0].pk).update(note="丁")
    before = touches.kept_since()
    assert before <= since
    assert touches.forget(timezone.now() + timedelta(days=1)) > 0
    until = following()
    assert touches.kept_since() > since
    assert touches.touched(since, until, 0, 10) == {}
    assert set(reading._changed(since, until, 0, 10)) == {api.here[0].pk}
    assert touches.forget(timezone.now() + timedelta(days=1)) == 0
