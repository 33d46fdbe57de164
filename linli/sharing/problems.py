"""Errors of the API as problem JSON (RFC 9457), in Chinese."""

from __future__ import annotations

import logging
from typing import Any

from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

log = logging.getLogger("linli.sharing")

TITLES = {
    400: "请求有误",
    401: "没有通过身份验证",
    403: "没有获得授权",
    404: "没有找到",
    405: "不支持这种方法",
    406: "不支持这种返回格式",
    410: "游标已失效",
    415: "不支持这种内容格式",
    429: "超过限额",
    500: "系统出错了",
}
DETAILS = {
    401: "请在 Authorization 头里用 Bearer 方式提供有效的密钥。密钥可能写错、过期或已吊销。",
    403: "这个用途没有生效的授权，请核对用途，或联系数据管理部门。",
    404: "没有找到，或者不在授权范围内。",
    405: "这个地址不支持这种请求方法，请查看接口文档。",
    406: "只返回 JSON，请把 Accept 设为 application/json。",
    415: "请求内容请用 JSON，Content-Type 设为 application/json。",
}


class ProblemRenderer(JSONRenderer):
    """JSON whose content type says that it is a problem."""

    media_type = "application/problem+json"
    charset = None


class Refused(exceptions.APIException):
    """A refusal with one sentence, perhaps beside a field."""

    status_code = status.HTTP_400_BAD_REQUEST

    def __init__(self, said: str, *, field: str = "", code: int = 400, wait: int = 0) -> None:
        super().__init__(said)
        self.said, self.field, self.status_code = said, field, code
        self.wait = wait


def _fields(detail: Any, prefix: str = "") -> list[dict[str, str]]:
    if isinstance(detail, dict):
        return [
            one
            for key, value in detail.items()
            for one in _fields(value, f"{prefix}.{key}" if prefix else key)
        ]
    if isinstance(detail, list):
        found: list[dict[str, str]] = []
        for number, value in enumerate(detail):
            nested = isinstance(value, (dict, list))
            found += _fields(value, f"{prefix}.{number}" if nested else prefix)
        return found
    return [{"field": prefix, "message": str(detail)}]


def handler(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler. What nobody expected is logged, and a 500 that says so."""
    errors: list[dict[str, str]] = []
    headers: dict[str, str] = {}
    if isinstance(error, Refused):
        code, detail = error.status_code, error.said
        if error.field:
            errors = [{"field": error.field, "message": error.said}]
        if error.wait:
            headers["Retry-After"] = str(error.wait)
    elif isinstance(error, Http404):
        code, detail = 404, DETAILS[404]
    elif isinstance(error, exceptions.ValidationError):
        code, detail = 400, "有的内容填得不对，请按 errors 里的说明改正。"
        errors = _fields(error.detail)
    elif isinstance(error, exceptions.ParseError):
        code, detail = 400, "内容不是正确的 JSON，请检查。"
    elif isinstance(error, (exceptions.NotAuthenticated, exceptions.AuthenticationFailed)):
        code, detail = 401, DETAILS[401]
        headers["WWW-Authenticate"] = "Bearer"
    elif isinstance(error, exceptions.APIException):
        code = error.status_code
        detail = DETAILS.get(code, TITLES.get(code, str(error.detail)))
    else:
        log.exception("call of the API failed")
        code, detail = 500, "系统出错了，请稍后再试；若一直出现，请联系数据管理部门。"
    return problem(code, detail, errors, headers)


def problem(
    code: int, detail: str, errors: list[dict[str, str]] | None = None, headers: dict[str, str] | None = None
) -> Response:
    """The answer."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(code, "出错了"),
        "status": code,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    return Response(body, status=code, headers=headers, content_type="application/problem+json")
