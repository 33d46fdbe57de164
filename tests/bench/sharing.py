"""The feed of changes and the search for duplicates on the whole district."""

from __future__ import annotations

from tests.bench.ground import line, pair, seconds

PAGE = 500


def run() -> None:
    """Pages of the feed against the same rows asked of the dictionary; the scan of a street and of the district."""
    from django.db import connection, transaction
    from django.utils import timezone

    from linli.access.models import Unit
    from linli.audit.recording import SYSTEM
    from linli.demo.places_making import STREET
    from linli.registry.matching import candidates
    from linli.registry.people.models import Person
    from linli.registry.quality import scanning
    from linli.sharing import reading
    from linli.sharing.models import Client, Entitlement

    on = timezone.localdate()
    district = STREET[:6]
    with transaction.atomic():
        unit = Unit.objects.create(region_code=district, name="测速的部门", kind="department")
        client = Client.objects.create(name="测速", region_code=district, unit=unit, responsible="测速")
        held = Entitlement(
            client=client,
            subject="person",
            region_code=district,
            elements=["name", "sex", "birth_date", "standing", "address"],
            conditions=["present"],
            operations=["changes"],
            purposes=["测速"],
        )

        def page(cursor: str = "") -> reading.Changes:
            return reading.changes(client, held, cursor, PAGE, "测速", on)

        ids = list(Person.objects.in_region(district).order_by("pk").values_list("pk", flat=True)[:PAGE])
        first = pair(page, lambda: reading.records(client, held, ids, held.elements, on), runs=7)
        line(
            f"变动订阅，第一页 {PAGE} 人",
            f"{first.ours * 1000:.0f} 毫秒，是直接取这些人的 {first.ratio:.2f} 倍",
        )
        transaction.set_rollback(True)
    base, _first, following = reading._now()
    stand = reading.Cursor(base, following)
    line("变动订阅，没有变动时问一次", f"{_poll(stand, 0):.0f} 毫秒", "标准 100 毫秒以内")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_person SET note = note WHERE id IN (SELECT id FROM people_person ORDER BY id LIMIT 20000)"
        )
    line("变动订阅，改了 2 万人后的一页", f"{_poll(stand, PAGE):.0f} 毫秒", "标准 500 毫秒以内")
    line(
        "变动订阅，改了 2 万人后的末页", f"{_poll(stand, PAGE, last_page=True):.0f} 毫秒", "标准 500 毫秒以内"
    )

    def scan(region: str) -> None:
        with transaction.atomic():
            candidates.scan(acting_user=SYSTEM, region_code=region)
            transaction.set_rollback(True)

    line("查重，一个街道", f"{seconds(lambda: scan(STREET)):.1f} 秒")
    people = Person.objects.in_region(district).count()
    taken = seconds(lambda: scan(district))
    line(f"查重，全区 {people:,} 人", f"{taken:.0f} 秒，每秒 {people / taken:,.0f} 人")

    def look(region: str) -> None:
        with transaction.atomic():
            scanning.scan(region, timezone.localdate())
            transaction.set_rollback(True)

    line("房屋、户、单位、人群的数据质量，一个街道", f"{seconds(lambda: look(STREET)):.1f} 秒")
    line("房屋、户、单位、人群的数据质量，全区", f"{seconds(lambda: look(district)):.0f} 秒")


def _poll(stand: object, limit: int, *, last_page: bool = False) -> float:
    """Milliseconds of asking whom a window touched, from its beginning or near its end."""
    from linli.sharing import reading, touches

    since = getattr(stand, "since", 0)
    until = reading._now()[1]
    last = 0
    if last_page:
        everybody = sorted(touches.touched(since, until, 0, 1_000_000))
        last = everybody[-limit] if len(everybody) > limit else 0
    return 1000 * min(
        seconds(lambda: reading._changed(since, until, last, max(limit, 1))) for _run in range(5)
    )
