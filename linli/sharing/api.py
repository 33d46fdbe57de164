"""The API for departments' systems, version 1. Every call states its purpose, is limited, and leaves a record."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from linli.facts.dictionary import dictionary
from linli.regions import names
from linli.sharing import actions, reading, serializers
from linli.sharing.models import Client, Entitlement, Key, Operation
from linli.sharing.problems import Refused
from linli.sharing.rules import BadCursor

PER_HUNDRED = 100  # a batch counts as one call for each hundred numbers


class Authentication(BaseAuthentication):
    """A client's key in `Authorization: Bearer …`."""

    def authenticate(self, request: Request) -> tuple[Client, Key]:
        """The client and its key. Raises NotAuthenticated."""
        key = actions.open_key(request.META.get("HTTP_AUTHORIZATION", ""), timezone.localdate())
        if key is None:
            raise exceptions.NotAuthenticated
        return key.client, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class _Scheme(OpenApiAuthenticationExtension):
    """How the schema names the key."""

    target_class = Authentication
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "管理员发放的密钥，只显示一次。"}


class IsClient(BasePermission):
    """Only systems with a key."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.user, Client)


def _problems(*codes: int) -> dict[int, OpenApiResponse]:
    said = {
        400: "请求有误",
        401: "密钥无效",
        403: "用途没有授权",
        404: "没有找到，或不在授权范围内",
        410: "游标已失效，请从头读",
        429: "超过限额，Retry-After 秒后再试",
    }
    return {
        (code, "application/problem+json"): OpenApiResponse(serializers.Problem, said[code])  # type: ignore[misc]
        for code in codes
    }


class View(APIView):
    """A call: who, what for, how often; and its record."""

    authentication_classes = (Authentication,)
    permission_classes = (IsClient,)
    renderer_classes = (JSONRenderer,)
    parser_classes = (JSONParser,)
    operation = ""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Start the record, and count the call."""
        self.began, self.purpose, self.asked, self.found = time.monotonic(), "", 0, 0
        self.held: Entitlement | None = None
        super().initial(request, *args, **kwargs)
        self.count(1)

    @property
    def client(self) -> Client:
        found = self.request.user
        assert isinstance(found, Client)
        return found

    def count(self, calls: int) -> None:
        """Use up calls of this minute. Raises Refused 429."""
        now = timezone.now()
        minute = now.replace(second=0, microsecond=0)
        if not actions.use(self.client, "minute", minute, calls, self.client.per_minute):
            raise Refused(
                f"每分钟最多 {self.client.per_minute} 次（批量查每 100 个号码算一次），请稍后再试。",
                code=429,
                wait=60 - now.second,
            )

    def count_people(self, number: int) -> None:
        """Use up people of this day. Raises Refused 429."""
        now = timezone.localtime()
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        if not actions.use(self.client, "people", day, number, self.client.people_per_day):
            raise Refused(
                f"今天查询的人数已到上限 {self.client.people_per_day}，请明天再查，或联系数据管理部门。",
                code=429,
                wait=int((day + timedelta(days=1) - now).total_seconds()) + 1,
            )

    def read(self, shape: Any, data: Any) -> dict[str, Any]:
        """What was asked, checked. Raises ValidationError."""
        asked = shape(data=data)
        asked.is_valid(raise_exception=True)
        found: dict[str, Any] = asked.validated_data
        self.purpose = found.get("purpose", "")
        return found

    def entitled(self, subject: str) -> Entitlement:
        """The entitlement that the purpose names. Raises Refused 403: it says nothing of anybody's data."""
        today = timezone.localdate()
        for one in Entitlement.objects.filter(client=self.client, subject=subject, ended_at__isnull=True):
            if one.in_force(today) and self.purpose in one.purposes and self.operation in one.operations:
                self.held = one
                return one
        raise Refused("这个用途没有生效的授权，请核对用途，或联系数据管理部门。", code=403)

    def elements(self, wanted: list[str] | None) -> list[str]:
        """The elements asked for, all that are entitled where none are named. Raises Refused for others."""
        assert self.held is not None
        if wanted is None:
            return list(self.held.elements)
        if outside := [path for path in wanted if path not in self.held.elements]:
            raise Refused(f"没有名为“{outside[0]}”的数据元，或没有授权。", field="elements", code=404)
        return list(dict.fromkeys(wanted))

    def day(self, on: date | None) -> date:
        """The as-of day. Raises Refused for days to come, and those before anything was recorded."""
        today = timezone.localdate()
        if on is not None and not date(1949, 10, 1) <= on <= today:
            raise Refused("截至日期不能晚于今天，也不能早于 1949-10-01。", field="on")
        return on or today

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Never kept by anybody on the way; the call is noted, also when it was refused."""
        made = super().finalize_response(request, response, *args, **kwargs)
        made.headers["Cache-Control"] = "no-store"
        client = getattr(request, "_user", None)
        if isinstance(client, Client):
            held = getattr(self, "held", None)
            actions.note_call(
                client=client,
                key=request.auth,
                region_code=held.region_code if held is not None else client.region_code,
                operation=self.operation,
                purpose=self.purpose,
                asked=self.asked,
                found=self.found,
                status=made.status_code,
                milliseconds=round((time.monotonic() - self.began) * 1000),
                address=request.META.get("REMOTE_ADDR", "") or "",
            )
        return made


class Entitlements(View):
    """现在有效的授权"""

    operation = "entitlements"

    @extend_schema(
        operation_id="entitlements",
        summary="查看授权",
        description="本接入方现在有效的授权：能查什么、查谁、做什么用。",
        responses={200: serializers.EntitlementsAnswer, **_problems(401, 429)},
    )
    def get(self, request: Request) -> Response:
        words = dictionary.refresh()
        today = timezone.localdate()
        found = []
        for one in Entitlement.objects.filter(client=self.client, ended_at__isnull=True):
            if not one.in_force(today):
                continue
            measures = words.subject(one.subject).measures
            found.append(
                {
                    "subject": one.subject,
                    "label": one.subject_label,
                    "region": one.region_code,
                    "region_name": names.title(one.region_code),
                    "operations": one.operations,
                    "purposes": one.purposes,
                    "conditions": one.condition_labels,
                    "elements": [
                        {
                            "key": path,
                            "label": label,
                            "kind": element.kind.value,
                            "unit": element.unit,
                            "standard": element.standard,
                        }
                        for path, label in zip(one.elements, one.element_labels, strict=True)
                        for element in (words.walk(one.subject, path)[2],)
                    ],
                    "measures": [
                        {"key": key, "label": measures[key].label, "unit": measures[key].unit}
                        for key in one.measures
                        if key in measures
                    ],
                    "valid_to": one.valid_to,
                }
            )
        answer = {"client": self.client.name, "entitlements": found}
        return Response(serializers.EntitlementsAnswer(answer).data)


class Lookup(View):
    """按号码查一人"""

    operation = Operation.LOOKUP.value

    @extend_schema(
        operation_id="lookup",
        summary="按号码查一人",
        description="号码只放在请求内容里，不放在网址里。没有这个人和不在授权范围内，回答都是 404。",
        request=serializers.LookupRequest,
        responses={200: serializers.Record, **_problems(400, 401, 403, 404, 429)},
    )
    def post(self, request: Request) -> Response:
        asked = self.read(serializers.LookupRequest, request.data)
        held = self.entitled("person")
        elements, on = self.elements(asked.get("elements")), self.day(asked.get("on"))
        self.count_people(1)
        self.asked = 1
        found = reading.look_up(self.client, held, [asked["id_number"]], elements, self.purpose, on)[0]
        if found is None:
            raise Http404
        self.found = 1
        return Response(serializers.Record(found).data)


class Batch(View):
    """按号码批量查"""

    operation = Operation.BATCH.value

    @extend_schema(
        operation_id="batch",
        summary="按号码批量查",
        description="一次最多 1000 个号码；结果与号码的次序一致。每 100 个号码算一次调用。",
        request=serializers.BatchRequest,
        responses={200: serializers.BatchAnswer, **_problems(400, 401, 403, 404, 429)},
    )
    def post(self, request: Request) -> Response:
        asked = self.read(serializers.BatchRequest, request.data)
        held = self.entitled("person")
        elements, on = self.elements(asked.get("elements")), self.day(asked.get("on"))
        numbers: list[str] = asked["id_numbers"]
        if more := (len(numbers) - 1) // PER_HUNDRED:
            self.count(more)
        self.count_people(len(set(numbers)))
        self.asked = len(numbers)
        found = reading.look_up(self.client, held, numbers, elements, self.purpose, on)
        self.found = sum(1 for one in found if one is not None)
        results = [
            {"id_number": number, "found": one is not None, "record": one}
            for number, one in zip(numbers, found, strict=True)
        ]
        return Response(serializers.BatchAnswer({"results": results}).data)


class Changes(View):
    """订阅变动"""

    operation = Operation.CHANGES.value

    @extend_schema(
        operation_id="changes",
        summary="订阅变动",
        description=(
            "游标之后有变动的人，以及现在的记录。第一次不带游标，读到 more 为 false，就有了全部；以后带着最后的游标再来，"
            "只得到变动。每个变动至少给一次，不会漏。亲属（户主、配偶等）自己的变动不算本人的变动；年龄随日子增长不算变动。"
        ),
        parameters=[serializers.ChangesRequest],
        responses={200: serializers.ChangesAnswer, **_problems(400, 401, 403, 410, 429)},
    )
    def get(self, request: Request) -> Response:
        asked = self.read(serializers.ChangesRequest, request.query_params)
        held = self.entitled("person")
        limit = asked.get("limit", 100)
        try:
            found = reading.changes(
                self.client, held, asked.get("cursor", ""), limit, self.purpose, timezone.localdate()
            )
        except BadCursor:
            raise Refused("游标不对，或者已经太旧，请不带游标从头读。", code=410) from None
        self.asked = self.found = found.people
        return Response(
            serializers.ChangesAnswer(
                {
                    "changed": found.changed,
                    "removed": found.removed,
                    "cursor": found.cursor,
                    "more": found.more,
                }
            ).data
        )


class Counts(View):
    """查统计数"""

    operation = Operation.COUNTS.value

    @extend_schema(
        operation_id="counts",
        summary="查统计数",
        description="一项指标的合计，或分街道、社区、网格的数。",
        parameters=[serializers.CountsRequest],
        responses={200: serializers.CountsAnswer, **_problems(400, 401, 403, 404, 429)},
    )
    def get(self, request: Request) -> Response:
        asked = self.read(serializers.CountsRequest, request.query_params)
        held = self.entitled(asked["subject"])
        on = self.day(asked.get("on"))
        measure = asked["measure"]
        if measure not in held.measures:
            raise Refused(f"没有名为“{measure}”的指标，或没有授权。", field="measure", code=404)
        found = dictionary.refresh().subject(held.subject).measures.get(measure)
        if found is None:
            raise Refused(f"没有名为“{measure}”的指标，或没有授权。", field="measure", code=404)
        answer = {
            "measure": measure,
            "label": found.label,
            "unit": found.unit,
            "on": on,
            "counts": reading.counts(held, measure, asked.get("by", ""), on),
        }
        return Response(serializers.CountsAnswer(answer).data)


class Unknown(View):
    """Anything else under the API's address."""

    operation = "unknown"
    schema = None

    def get(self, request: Request, **kwargs: Any) -> Response:
        """Whatever the method, it is not there."""
        raise Http404

    post = put = patch = delete = get
