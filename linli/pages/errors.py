"""Error pages. None of them needs the database; each says what happened and what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def _page(status: int, title: str, says: str, icon: str) -> HttpResponse:
    body = render_to_string(
        "pages/error.html", {"code": status, "title": title, "says": says, "icon_name": icon}
    )
    return HttpResponse(body, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _page(
        400, _("请求有误"), _("系统没有看懂这个请求。请返回上一页，重新填写后再试。"), "alert-circle"
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _page(
        403,
        _("没有权限"),
        _("您的岗位不能使用这个页面。如果工作需要，请联系本单位的系统管理员调整岗位。"),
        "lock",
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _page(
        404,
        _("没有找到"),
        _("这个页面不存在，或者内容不在您负责的区域内。请检查网址，或回到工作台重新查找。"),
        "zoom-question",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return _page(
        500,
        _("系统出错了"),
        _("刚才的操作没有完成，错误已经记录。请稍后再试；若一直出现，请告诉系统管理员。"),
        "alert-triangle",
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or came from elsewhere: 403."""
    return _page(
        403,
        _("页面已过期"),
        _("页面打开时间太久，或者浏览器没有接受 Cookie。请返回上一页刷新后重新提交。"),
        "clock",
    )
