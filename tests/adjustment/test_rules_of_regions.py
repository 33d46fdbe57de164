"""What is settled for a district or street stays with it when its communities are adjusted, and binds those that come of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from linli.access.models import Post, User
from linli.access.roles import Role
from linli.audit.recording import SYSTEM, RuleError
from linli.certificates import actions as certificates
from linli.certificates import listing
from linli.certificates.models import Kind
from linli.facts import plan as facts
from linli.facts.dictionary import dictionary
from linli.gate.agenda import actions as agenda
from linli.gate.agenda import reading, rules
from linli.gate.agenda.models import Feed, Joint, LoadRule, Proposal, Tour, Visit
from linli.gate.assessment import actions as assessment
from linli.gate.assessment.models import Contest, Objection, Plan, Score
from linli.gate.assessment.rules import Way
from linli.kernel.scope import Scope
from linli.regions.following import has_region, way_of
from linli.registry.adjustment import actions
from tests.adjustment.street import STREET, carried_out, head, make_street, plan_of

pytestmark = pytest.mark.django_db
DISTRICT = STREET[:6]
A, B = STREET + "001", STREET + "002"


@pytest.mark.parametrize(
    "model", [LoadRule, Proposal, Visit, Joint, Tour, Kind, Plan, Score, Objection, Contest]
)
def test_these_follow_nothing(model: type) -> None:
    assert way_of(model) is None


def test_an_address_follows_its_post() -> None:
    assert not has_region(Feed)
    assert way_of(Post) is None  # ended and given anew: its calendar address ends with it


def test_two_communities_become_one_and_the_rules_of_the_regions_above_hold_on() -> None:
    today = timezone.localdate()
    make_street(today, communities=2, homes=80)
    officer = User.objects.create(username="district.office", name="马海英")
    Post.objects.create(
        user=officer, role=Role.DISTRICT_OFFICER, region_code=DISTRICT, valid_from=date(2020, 1, 1)
    )
    certificates.ensure_list()
    stop = {"title": "居住情况证明", "basis": "本区清单", "standing": "ended"}
    certificates.publish(
        acting_user=officer, region_code=DISTRICT, values=stop, code="residence", reason="改为告知承诺"
    )
    with pytest.raises(RuleError, match="区里统一制定"):
        certificates.publish(
            acting_user=officer, region_code=B, values=stop, code="apart", reason="社区自己定"
        )
    ceiling = rules.Ceiling(week_hours=Decimal(5), month_hours=Decimal(12))
    agenda.set_ceiling(acting_user=SYSTEM, region_code=STREET, ceiling=ceiling)
    with pytest.raises(RuleError, match="街道或区里"):
        agenda.set_ceiling(acting_user=SYSTEM, region_code=B, ceiling=ceiling)
    year = assessment.draft_plan(acting_user=officer, region_code=DISTRICT, year=2026, title="2026 年方案")
    part = assessment.set_part(
        acting_user=officer, plan=year, title="满意度", weight=100, way=Way.SATISFACTION
    )
    assessment.publish(acting_user=officer, plan=year)
    assessment.enter(acting_user=officer, part=part, scores={A: Decimal(80), B: Decimal(70)})
    contest = assessment.add_contest(acting_user=officer, region_code=DISTRICT, title="旧评比")

    user = head()
    plan = plan_of(user)
    actions.merge_community(acting_user=user, plan=plan, key=B, into=A)
    carried_out(user, plan, today)

    assert reading.ceilings([A])[A].week_hours == Decimal(5)
    assert listing.one_in_force(A, "residence").standing == "ended"
    year.refresh_from_db()
    contest.refresh_from_db()
    assert (year.region_code, contest.region_code) == (DISTRICT, DISTRICT)
    assert LoadRule.objects.get().region_code == STREET
    # The score of then stays the one of the community of then: the district still counts both.
    assert dict(Score.objects.values_list("region_code", "points")) == {A: Decimal(80), B: Decimal(70)}
    dictionary.refresh()
    wish = facts.Wish("score", [Scope.of(DISTRICT)], today)
    assert facts.total(wish, "scores") == 2
    # Who scores now is who exists now.
    now = assessment.communities_of(STREET)
    assert A in now
    assert B not in now
