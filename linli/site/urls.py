"""All addresses. Each room brings its own `urls.py`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("linli.office.urls")),
    path("", include("linli.pages.urls")),
    path("", include("linli.notices.urls")),
    path("", include("linli.jobs.urls")),
    path("", include("linli.outbox.urls")),
    path("places/", include("linli.registry.places.urls")),
    path("people/", include("linli.registry.people.urls")),
    path("lettings/", include("linli.registry.lettings.urls")),
    path("networks/", include("linli.registry.networks.urls")),
    path("groups/", include("linli.registry.groups.urls")),
    path("sources/", include("linli.registry.sources.urls")),
    path("returns/", include("linli.returns.urls")),
    path("changes/", include("linli.registry.changes.urls")),
    path("quality/", include("linli.registry.quality.urls")),
    path("matching/", include("linli.registry.matching.urls")),
    path("intake/", include("linli.registry.intake.urls")),
    path("cases/", include("linli.flow.urls")),
    path("agenda/", include("linli.gate.agenda.urls")),
    path("catalogue/", include("linli.gate.catalogue.urls")),
    path("plates/", include("linli.gate.plates.urls")),
    path("assessment/", include("linli.gate.assessment.urls")),
    path("offlist/", include("linli.gate.offlist.urls")),
    path("adjustment/", include("linli.registry.adjustment.urls")),
    path("", include("linli.ledgers.urls")),
    path("form-tasks/", include("linli.collecting.urls")),
    path("lists/", include("linli.lists.urls")),
    path("", include("linli.admission.urls")),
    path("", include("linli.sharing.urls")),
    path("", include("linli.certificates.urls")),
    path("organisations/", include("linli.registry.organisations.urls")),
]

handler400 = "linli.pages.errors.bad_request"
handler403 = "linli.pages.errors.forbidden"
handler404 = "linli.pages.errors.not_found"
handler500 = "linli.pages.errors.server_error"
