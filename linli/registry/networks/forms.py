"""Forms of the networks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel import phone as phones
from linli.regions.models import Level, Region
from linli.registry.networks import choosing
from linli.registry.networks.models import OF_PLACES, Kind, NetworkPost
from linli.registry.networks.rules import Covered
from linli.registry.people.pickers import PersonField, day, text


class PlacesField(forms.MultipleChoiceField):
    """Staircases of a community, ticked; each says how many households it has."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[Covered]:
        """What was ticked, as the rules know it."""
        return [choosing.covered(one) for one in super().clean(value)]


def _areas(region_code: str) -> list[tuple[str, str]]:
    """The region itself, and the grids of a community."""
    inside = Region.objects.filter(
        region_code__startswith=region_code, level__in=(Level.COMMUNITY, Level.GRID), valid_to=None
    )
    return [
        (one.region_code, str(_("整个社区")) if one.level == Level.COMMUNITY else one.title)
        for one in inside.order_by("region_code")
    ]


class AppointForm(forms.Form):
    """Somebody takes a post."""

    person = PersonField(_("居民"), required=False)
    name = text(_("姓名"), most=40, help_text=_("不是本辖区居民的填写，如街道派来的网格员"))
    phone = text(_("电话"), most=30)
    area = forms.ChoiceField(label=_("负责哪里"), help_text=_("一个网格另有民警的，选网格"))
    unit = text(_("所在单位"), most=40, help_text=_("例如：香水园派出所"))
    group = text(_("居民小组"), most=40, help_text=_("例如：第三居民小组"))
    places = PlacesField(label=_("负责的单元或楼栋"), required=False)
    since = day(_("任职日期"), initial=timezone.localdate)
    note = text(_("备注"), most=200)

    def __init__(self, *args: Any, kind: str, region_code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind not in OF_PLACES:
            del self.fields["places"]
        else:
            places: Any = self.fields["places"]
            places.choices = choosing.choices(region_code, kind)
        if kind != Kind.GROUP_LEADER:
            del self.fields["group"]
        if kind == Kind.POLICE:
            area: Any = self.fields["area"]
            area.choices = _areas(region_code)
            # An officer comes from the station, not from among the residents.
            del self.fields["person"]
            self.fields["name"].required = True
            self.fields["name"].help_text = ""
        else:
            del self.fields["area"]
            if kind in OF_PLACES:
                del self.fields["unit"]


class PutRightForm(forms.Form):
    """What was written wrongly of a post."""

    name = text(_("姓名"), most=40, required=True)
    phone = text(_("电话"), most=30)
    unit = text(_("所在单位"), most=40, help_text=_("例如：香水园派出所"))
    note = text(_("备注"), most=200)

    def __init__(self, *args: Any, post: NetworkPost, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if post.person_id is not None:
            del self.fields["name"], self.fields["phone"]
        elif post.phone:
            self.fields["phone"].help_text = _("已登记 %(phone)s。不改请留空，要清除请填“无”。") % {
                "phone": phones.mask(post.phone)
            }
        if post.kind in OF_PLACES:
            del self.fields["unit"]


class PlacesForm(forms.Form):
    """What somebody looks after from now on."""

    group = text(_("居民小组"), most=40)
    places = PlacesField(label=_("负责的单元或楼栋"), required=False)
    note = text(_("备注"), most=200)

    def __init__(self, *args: Any, post: NetworkPost, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places: Any = self.fields["places"]
        places.choices = choosing.choices(post.region_code[:12], post.kind, besides=post)
        if post.kind != Kind.GROUP_LEADER:
            del self.fields["group"]


class EndForm(forms.Form):
    """Giving up a post."""

    on = day(_("卸任日期"), initial=timezone.localdate)
    reason = text(_("原因"), most=100, required=True, help_text=_("例如：搬走、年龄大、换届"))
