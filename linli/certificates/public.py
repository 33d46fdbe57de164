"""Pages for everybody, without an account: the list, and the check of a certificate. They tell nothing of anybody."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _t
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView, View

from linli.certificates import actions, listing
from linli.certificates.actions.checking import TooOften
from linli.certificates.forms import CheckForm
from linli.certificates.models import Standing
from linli.regions import names
from linli.regions.models import Region

MOST_CODE = 12


class PublicList(TemplateView):
    """/certificates/public?region=&q=: what a community may certify and what it must not, and where to go instead."""

    template_name = "certificates/public_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The list of a place, searched by what people call things."""
        wanted = self.request.GET.get("region", "")[:MOST_CODE]
        region = Region.objects.filter(region_code=wanted).first() if wanted.isdecimal() else None
        key = region.region_code if region is not None else ""
        asked = self.request.GET.get("q", "").strip()[:60]
        editions = listing.in_force(key)
        found = listing.find(asked, editions)
        return super().get_context_data(
            title=_t("%(where)s证明清单") % {"where": names.title(key)} if key else _t("社区证明清单"),
            asked=asked,
            region=key,
            allowed=[listing.explained(one, key) for one in found if one.standing == Standing.ALLOWED],
            refused=[listing.explained(one, key) for one in found if one.standing == Standing.NOT_ALLOWED],
            ended=[listing.explained(one, key) for one in found if one.standing == Standing.ENDED],
            **kwargs,
        )


def _answer(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, "certificates/check.html", {"title": _t("证明核验"), **context}, status=status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _too_often(request: HttpRequest, problem: TooOften, form: Any) -> HttpResponse:
    response = _answer(request, {"form": form, "problem": problem.message}, 429)
    response.headers["Retry-After"] = str(problem.seconds)
    return response


def _address(request: HttpRequest) -> str:
    return request.META.get("REMOTE_ADDR", "") or ""


@method_decorator(never_cache, name="dispatch")
class CheckPage(View):
    """/certificates/check: by number and check word, and by the file."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return _answer(request, {"form": CheckForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        """The answer, the same for a wrong number and a wrong check word."""
        form = CheckForm(request.POST, request.FILES)
        if not form.is_valid():
            return _answer(request, {"form": form}, 422)
        data = form.cleaned_data
        try:
            if data.get("file") is not None:
                told = actions.check_by_file(
                    number=data["number"],
                    word=data["word"],
                    data=data["file"].read(),
                    address=_address(request),
                )
            else:
                told = actions.check_by_number(
                    number=data["number"], word=data["word"], address=_address(request)
                )
        except TooOften as problem:
            return _too_often(request, problem, form)
        if told is None:
            return _answer(request, {"form": form, "unknown": True}, 404)
        return _answer(request, {"told": told})


@method_decorator(never_cache, name="dispatch")
class CheckedByCode(View):
    """/c/<token>: where the QR code leads."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """The answer."""
        try:
            told = actions.check_by_token(token=token, address=_address(request))
        except TooOften as problem:
            return _too_often(request, problem, CheckForm())
        if told is None:
            return _answer(request, {"form": CheckForm(), "unknown": True}, 404)
        return _answer(request, {"told": told})
