"""Writes of bands: the named divisions of a number that tables are divided by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from linli.access.guard import NotPermitted
from linli.access.roles import Permission
from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.facts.dictionary import Dictionary, Kind, UnknownTerm, dictionary
from linli.lists.models import Bands, SavedList

NUMBERS = (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY)


def users_of(bands: Bands) -> int:
    """How many kept lists are divided by these bands."""
    mark = f"band:{bands.path}:{bands.key}"
    pairs = [[[axis, mark]] for axis in ("rows", "across")]
    return sum(SavedList.objects.filter(definition__contains=pair).count() for pair in pairs)


def divisible(words: Dictionary) -> list[tuple[str, str, str]]:
    """What can be divided into bands: subject, element path and both in words."""
    return [
        (subject.key, element.key, f"{subject.label}：{element.label}")
        for subject in words.subjects()
        if subject.page
        for element in subject.elements.values()
        if element.kind in NUMBERS and element.decode is None
    ]


def _check(subject: str, path: str) -> None:
    try:
        element = dictionary.element(subject, path)
    except UnknownTerm:
        element = None
    if element is None or element.kind not in NUMBERS or element.decode is not None:
        raise RuleError(_("请选择要分段的数字。"), field="what")


def save_bands(
    *,
    acting_user: Any,
    name: str,
    edges: Sequence[float],
    source: str = "",
    subject: str = "",
    path: str = "",
    bands_id: int | None = None,
) -> Bands:
    """Add bands of a number, or change the name, the edges or the source of those of before; lists that use them follow.

    `edges` are what `rules.read_edges` made of the user's text. Raises RuleError for a name in use or for what is no number;
    NotPermitted.
    """
    if not acting_user.can(Permission.MANAGE_SYSTEM):
        raise NotPermitted(Permission.MANAGE_SYSTEM)
    name = " ".join(name.replace("\x00", "").split())[:40]
    if not name:
        raise RuleError(_("请填写名称。"), field="name")
    with audit.action(acting_user, "lists.bands") as act:
        if bands_id is None:
            _check(subject, path)
            made = Bands(subject=subject, path=path, key=_free_key(path))
        else:
            found = Bands.objects.select_for_update().filter(pk=bands_id).first()
            if found is None:
                raise NotPermitted(Permission.MANAGE_SYSTEM)
            made = found
        if Bands.objects.filter(subject=made.subject, name=name).exclude(pk=made.pk).exists():
            raise RuleError(_("已经有叫这个名字的分段，请换一个名字。"), field="name")
        made.name, made.edges, made.source = name, list(edges), source.strip()[:100]
        made.save()
        told = "、".join(f"{edge:g}" for edge in edges)
        act.record(made, _("设定分段“%(name)s”：%(edges)s") % {"name": name, "edges": told})
    return made


def delete_bands(*, acting_user: Any, bands_id: int) -> None:
    """Forget bands that no kept list uses. Raises RuleError where one does; NotPermitted."""
    if not acting_user.can(Permission.MANAGE_SYSTEM):
        raise NotPermitted(Permission.MANAGE_SYSTEM)
    with audit.action(acting_user, "lists.bands_delete") as act:
        found = Bands.objects.select_for_update().filter(pk=bands_id).first()
        if found is None:
            raise NotPermitted(Permission.MANAGE_SYSTEM)
        used = users_of(found)
        if used:
            raise RuleError(_("有 %(n)s 份保存的统计表在用这种分段，不能删除。") % {"n": used})
        act.record(found, _("删除分段“%(name)s”") % {"name": found.name})
        found.delete()


def _free_key(path: str) -> str:
    """A key that no bands have: it stands in addresses and in kept definitions."""
    base = path.replace(".", "_")
    have = set(Bands.objects.filter(key__startswith=base).values_list("key", flat=True))
    return next(key for number in range(1, len(have) + 2) if (key := f"{base}_{number}") not in have)
