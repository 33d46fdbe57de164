"""Server time of pages, warm, one user: against the same SQL through psycopg plus an empty page of the same stack."""

from __future__ import annotations

from typing import Any

from tests.bench.ground import line, pair

BAR = 2.5
LIMIT = 0.1


def officer(role: str = "") -> Any:
    """The street's officer (or somebody of another role)."""
    from linli.access.models import Post, Role, User

    post = Post.objects.filter(role=role or Role.STREET_OFFICER).select_related("user").order_by("pk").first()
    return post.user if post else User.objects.order_by("pk").first()


def addresses() -> dict[str, str]:
    """The pages that the bars speak of, by name."""
    from django.urls import reverse

    from linli.registry.people.models import Person
    from linli.registry.places.models import Building

    person = Person.objects.filter(standing="registered").order_by("id")[1000]
    building = Building.objects.order_by("id")[10]
    people = reverse("people:list")
    return {
        "居民列表": people,
        "居民列表第二十页": f"{people}?page=20",
        "按姓名查居民": f"{people}?q={person.name[:2]}",
        "全局搜索": reverse("search") + f"?q={person.name}",
        "楼盘表": reverse("places:building", args=[building.pk]),
        "居民页": reverse("people:person", args=[person.pk]),
    }


def statements(client: Any, url: str) -> list[str]:
    """The SQL of a page, warm: what a process keeps is known to it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    with CaptureQueriesContext(connection) as captured:  # type: ignore[arg-type]
        answer = client.get(url)
    if answer.status_code != 200:
        raise RuntimeError(f"{url}: {answer.status_code}")
    return [one["sql"] for one in captured.captured_queries]


def run() -> None:
    """Measure list, search, building chart and person page as an officer of the street, and the lists as one of the district."""
    from linli.access.models import Role

    measure(officer(), addresses())
    wide = {name: url for name, url in addresses().items() if name not in ("楼盘表", "居民页")}
    measure(officer(Role.DISTRICT_OFFICER), {f"全区：{name}": url for name, url in wide.items()})


def measure(user: Any, pages: dict[str, str], *, runs: int = 15) -> None:
    """Print the time of each page for that user, and its ratio."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(user)
    empty = reverse("search")

    def get(url: str) -> Any:
        answer = client.get(url)
        if answer.status_code != 200:
            raise RuntimeError(f"{url}: {answer.status_code}")
        return answer

    for name, url in pages.items():
        asked = statements(client, url)

        def same_sql(asked: list[str] = asked) -> None:
            get(empty)
            with connection.connection.cursor() as cursor:
                for statement in asked:
                    cursor.execute(statement)
                    if cursor.description:
                        cursor.fetchall()

        found = pair(lambda url=url: get(url), same_sql, runs=runs)  # type: ignore[misc]
        line(
            f"{name}：{found.ours * 1000:.0f} 毫秒，同样 {len(asked)} 条 SQL 加空页 {found.baseline * 1000:.0f} 毫秒",
            f"比值 {found.ratio:.2f}",
            f"标准 ≤ {BAR}，且 ≤ {LIMIT * 1000:.0f} 毫秒",
        )
