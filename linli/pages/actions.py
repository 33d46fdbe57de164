"""Writes of the kit: saved views."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext as _

from linli.audit import recording as audit
from linli.pages.models import SavedView

MOST = 30


def save_view(*, acting_user: Any, page: str, name: str, query: str) -> SavedView:
    """Keep a list's filters under a name; the same name is overwritten. The page number is not kept.

    Raises RuleError for an empty or long name and past 30 views of one list.
    """
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise audit.RuleError(_("请给视图起个名字。"), field="name")
    if len(name) > 20:
        raise audit.RuleError(_("视图的名字最多 20 个字。"), field="name")
    pairs = [(key, value) for key, value in parse_qsl(query.replace("\x00", "")) if key != "page"]
    with audit.action(acting_user, "pages.save_view") as act:
        mine = SavedView.objects.filter(user_id=acting_user.pk, page=page)
        if mine.exclude(name=name).count() >= MOST:
            raise audit.RuleError(_("每个列表最多保存 30 个视图，请先删除不用的。"), field="name")
        view, _made = SavedView.objects.update_or_create(
            user_id=acting_user.pk, page=page, name=name, defaults={"query": urlencode(pairs)}
        )
        act.record(view, _("保存视图“%(name)s”") % {"name": name})
    return view


def delete_view(*, acting_user: Any, view: SavedView) -> None:
    """Forget a saved view. Raises RuleError when it belongs to somebody else."""
    if view.user_id != acting_user.pk:
        raise audit.RuleError(_("只能删除自己的视图。"))
    with audit.action(acting_user, "pages.delete_view") as act:
        act.record(view, _("删除视图“%(name)s”") % {"name": view.name})
        view.delete()
