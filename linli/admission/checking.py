"""Checking an application: what the rules need is gathered, and what they find is returned. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from linli.access.models import scopes_q
from linli.admission.models import Application, AttachedForm
from linli.admission.rules import columns, findings, likeness, off_limits
from linli.admission.rules.asking import YEARLY
from linli.admission.rules.findings import Finding, Load
from linli.admission.settings import setting_of
from linli.flow.rules.warrants import Per, Thing
from linli.gate.catalogue.models import Basis, Item
from linli.kernel.scope import Scope
from linli.ledgers.models import FormUpload
from linli.office.calendar import current as current_calendar
from linli.regions.models import Level, Region

# The newest forms of other applications that one is compared with.
MOST_FORMS = 500


def communities(areas: Iterable[str]) -> list[str]:
    """The communities that lie in areas."""
    scopes = [Scope.of(area) for area in areas]
    found = Region.objects.filter(
        scopes_q("region_code", scopes), level=Level.COMMUNITY, valid_to__isnull=True
    )
    return list(found.order_by("region_code").values_list("region_code", flat=True))


def load_of(application: Application, areas: list[str]) -> Load:
    """What the application costs a year."""
    times = application.times
    yearly = (application.expected or 0) if times is None else times * YEARLY[Per(application.per)]
    return Load(
        application.hours or Decimal(0),
        yearly,
        len(communities(areas)),
        (application.money or Decimal(0)) * YEARLY[Per(application.money_per)],
        setting_of(application.region_code).wage,
    )


def check(application: Application, *, today: date | None = None) -> tuple[list[Finding], Load]:
    """What is found, what forbids admission first; and what it costs a year. The application lacks nothing."""
    day = today or timezone.localdate()
    areas = [one.region_code for one in application.areas.all()]
    load = load_of(application, areas)
    since = application.since or day
    forms = list(application.forms.all())
    setting = setting_of(application.region_code)
    found = [
        _basis(application, since),
        findings.money(load),
        findings.off_limits(off_limits.find(_words(application, forms))),
        findings.overlap(_overlap(application, day)),
        findings.forms(
            [(str(one), one.columns, _like(one, application)) for one in forms],
            sends_forms=Thing.FORM.value in application.things,
        ),
        findings.powers(application.powers),
        findings.ahead(current_calendar().working_days_between(day, since), setting.ahead_days, since),
        findings.cost(load),
    ]
    order = list(reversed(findings.Tone))
    return sorted(found, key=lambda one: order.index(one.tone)), load


def _basis(application: Application, since: date) -> Finding:
    bases = Basis.objects.in_bulk(application.bases)
    grounds = [
        findings.Ground(str(bases[pk]), bases[pk].in_force(since)) for pk in application.bases if pk in bases
    ]
    document = None
    if application.document_title:
        level = application.document_level or findings.DocumentLevel.STREET
        document = findings.Document(
            application.document,
            findings.DocumentLevel(level),
            application.document_until,
            bool(application.document_path),
        )
    return findings.basis(grounds, document, since)


def _words(application: Application, forms: list[AttachedForm]) -> str:
    headings = [mapping.label for form in forms for mapping in form.recognition.all_mappings]
    told = [application.title, application.content, application.evidence]
    return "\n".join([*told, *(str(form) for form in forms), *headings])


def _overlap(application: Application, day: date) -> list[likeness.Likeness]:
    held = Item.objects.of_catalogue(application.region_code).filter(Q(until__isnull=True) | Q(until__gt=day))
    if application.renews_id is not None:
        held = held.exclude(admission__application_id=application.renews_id)
    asked = likeness.Duty(
        application.title,
        application.title,
        application.content,
        str(application.unit_id),
        frozenset(application.things),
    )
    return likeness.nearest(
        asked,
        [
            likeness.Duty(
                f"{one.code} {one.title}（{one.unit}）",
                one.title,
                one.content,
                str(one.unit_id),
                frozenset(one.things),
            )
            for one in held.select_related("unit")
        ],
    )


def _like(form: AttachedForm, application: Application) -> list[str]:
    """The forms known that ask the same: of other applications in the district, and forms that were filled before."""
    said = []
    others = (
        AttachedForm.objects.filter(
            application__region_code=application.region_code, application__case__isnull=False
        )
        .exclude(application__case__state__in=["refused", "dropped", "withdrawn"])
        .exclude(application=application)
        .select_related("application__unit")
        .defer("recognised")
        .order_by("-id")
    )
    if application.renews_id is not None:
        others = others.exclude(application=application.renews_id)
    elements = form.columns.elements
    for other in others[:MOST_FORMS]:
        where = f"“{other.application.title}”（{other.application.unit}）的《{other}》"
        if form.fingerprint and other.fingerprint == form.fingerprint:
            said.append(f"{where}是同一张表")
        elif share := columns.asks_the_same(elements, other.columns.elements):
            said.append(f"{where}有 {share:.0%} 的已知列相同")
    if form.fingerprint:
        filled = FormUpload.objects.filter(fingerprint=form.fingerprint).count()
        if filled:
            said.append(f"以前填过的表结构相同，已经上传过 {filled} 次")
    return said[:5]
