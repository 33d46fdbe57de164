"""The demonstration of admission: applications at every stage, as the guide tells of them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from linli.admission.models import Admission, Application, Emergency, Instalment, Objection
from linli.audit.recording import SYSTEM
from linli.demo.accounts import make_accounts
from linli.demo.admission_making import make_admission
from linli.demo.departments_making import make_departments
from linli.demo.places_making import STREET
from linli.gate.catalogue import actions as catalogue
from linli.regions.loading import load_carried
from linli.registry.groups.seeds import ensure_groups


@pytest.mark.django_db
def test_every_stage_is_there() -> None:
    load_carried(SYSTEM)
    ensure_groups(acting_user=SYSTEM)
    catalogue.ensure_bases()
    make_departments(STREET[:6])
    make_accounts([], {STREET[:6], STREET, f"{STREET}001", f"{STREET}002"})
    today = timezone.localdate()
    make_admission(today)
    make_admission(today)  # a second time changes nothing
    found = {one.title: one for one in Application.objects.select_related("case__edition__kind")}
    assert sorted(one.state for one in found.values()) == [
        "admitted",
        "admitted",
        "consulting",
        "correcting",
        "draft",
        "received",
        "refused",
        "trial",
    ]
    form = found["高龄津贴发放对象季度核对"].forms.get()
    assert (form.columns.total, form.columns.held, len(form.columns.new)) == (34, 31, 3)
    refused = next(one for one in found.values() if one.state == "refused")
    assert "没有经费" in refused.decisions.get().reason
    owing = Admission.objects.get(arrears_since__isnull=False)
    assert "经费逾期未付" in owing.item.suspended
    assert Instalment.objects.late().exclude(admission=owing).count() == 0
    assert Emergency.objects.filter(reviewed_at__isnull=True).count() == 1
    assert Objection.objects.filter(answered_at__isnull=True).count() == 1
