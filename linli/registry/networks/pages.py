"""The pages of the networks: how they stand by community, the gaps of one, the posts and their forms."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.access.models import Post
from linli.access.roles import Permission, Role
from linli.kernel import phone as phones
from linli.kernel.scope import within
from linli.pages import html
from linli.pages.asof import Dated, carry
from linli.pages.parts import Kpi
from linli.pages.tables import Table, TagColumn, TitleColumn
from linli.pages.views import DetailPage, EditPage, HistoryTab, ListPage, Permitted, Tab
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level, Region
from linli.registry.networks import actions, choosing, filters, forms, reading, rules
from linli.registry.networks.models import OF_PLACES, Kind, NetworkPost, levels_of
from linli.registry.networks.rules import Covered
from linli.registry.people.models import Standing, describe_period
from linli.registry.places import areas

VIEW, EDIT = Permission.VIEW_PEOPLE, Permission.EDIT_PEOPLE
COMMUNITY, GRID = KEY_LENGTH[Level.COMMUNITY], KEY_LENGTH[Level.GRID]


class Overview(Dated, Permitted, TemplateView):
    """/networks/: one row a community of the user's area, with what is missing, today or on another day."""

    permission = VIEW
    dated = True
    as_of_says = _("岗位和户是那一天的；负责范围和户所在的房屋是现在登记的。")
    template_name = "networks/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows and their sums."""
        user: Any = self.request.user
        rows, counted = reading.standings(user.scopes(VIEW), self.on)
        total = reading.total(rows)
        missing = sum(row.leaders_missing for row in rows)
        named = names.titles(row.region_code for row in rows)
        return super().get_context_data(
            title=_("网格与楼门网络"),
            page_view=self,
            as_of=self.as_of,
            counted=counted,
            rows=[
                (
                    row,
                    named[row.region_code],
                    carry(reverse("networks:community", args=[row.region_code]), self.request),
                )
                for row in rows
                if len(row.region_code) >= COMMUNITY
            ],
            kpis=[
                Kpi(
                    _("缺网格员的网格"),
                    total.grids_open,
                    "grid-dots",
                    _("个"),
                    tone="danger" if total.grids_open else "",
                ),
                Kpi(_("缺楼门栋长的单元"), total.stairs_open, "stairs", _("个")),
                Kpi(
                    _("没有居民小组长的户"),
                    total.households_open,
                    "home-question",
                    _("户"),
                    under=_t("按 %(limit)s 户一名，还差 %(n)s 名")
                    % {"limit": rules.HOUSEHOLDS_A_GROUP, "n": f"{missing:,}"},
                ),
                Kpi(_("超过 50 户的小组"), total.groups_over, "users-group", _("个")),
            ],
            **kwargs,
        )


def _region_or_404(user: Any, code: str, permission: Permission) -> Region:
    found = Region.objects.filter(region_code=code, level__in=(Level.COMMUNITY, Level.GRID)).first()
    if found is None or not user.can(permission, code):
        raise Http404
    return found


class Community(Dated, Permitted, TemplateView):
    """/networks/<region>/: what is missing in a community or grid, each gap with the way to fill it."""

    permission = VIEW
    dated = True
    as_of_says = Overview.as_of_says
    template_name = "networks/community.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The gaps, and the groups with their households."""
        user: Any = self.request.user
        code = self.kwargs["region_code"]
        region = _region_or_404(user, code, VIEW)
        on = self.on
        scopes = within(user.scopes(VIEW), code)
        standing = reading.standing(scopes, on, len(code)).get(code, reading.Standing(code))
        groups = reading.groups(scopes, on)
        held = NetworkPost.objects.permitted(user, VIEW).filter(
            region_code__startswith=code, period__contains=on
        )
        police = [
            (one, names.title(one.region_code))
            for one in held.filter(kind=Kind.POLICE).order_by("region_code", "pk")
        ]
        left = held.filter(person__standing__in=(Standing.GONE, Standing.DEAD, Standing.HUKOU_ONLY))
        return super().get_context_data(
            title=f"{region.title}的网络",
            region=region,
            community=code[:COMMUNITY],
            standing=standing,
            stairs=reading.open_stairs(code, on),
            houses=reading.open_houses(code, on),
            grids=[(one, names.title(one)) for one in reading.open_grids(code, on)],
            groups=groups,
            over=[one for one in groups if one.households > rules.HOUSEHOLDS_A_GROUP],
            left=[] if self.past else left,
            page_view=self,
            as_of=self.as_of,
            police=police,
            posts_url=carry(f"{reverse('networks:posts')}?region={code}", self.request),
            limit=rules.HOUSEHOLDS_A_GROUP,
            crumbs=[
                (str(_("网格与楼门网络")), carry(reverse("networks:overview"), self.request)),
                (region.title, ""),
            ],
            can_edit=user.can(EDIT, code) and not self.past,
            **kwargs,
        )


class PostTable(Table):
    """Posts."""

    name = TitleColumn(verbose_name=_("姓名"))
    kind = TagColumn(verbose_name=_("岗位"), tones={Kind.GROUP_LEADER: "brand", Kind.DOOR_HEAD: "ok"})
    region_code = tables.Column(verbose_name=_("社区或网格"))
    group = tables.Column(verbose_name=_("居民小组"))
    places = tables.Column(verbose_name=_("负责范围"), orderable=False, empty_values=())
    period = tables.Column(verbose_name=_("任职时间"), orderable=False)

    class Meta(Table.Meta):
        model = NetworkPost
        fields: tuple[str, ...] = ()

    def render_region_code(self, value: str) -> str:
        """Its spoken name."""
        return areas.community_of(value)

    def render_places(self, record: Any) -> str:
        """The first three places."""
        covers = list(record.covers.all())
        return "、".join(str(one) for one in covers[:3]) + ("…" if len(covers) > 3 else "") or html.DASH

    def render_period(self, value: Any, record: NetworkPost) -> SafeString:
        """From until; marked when the holder has left."""
        gone = record.person is not None and record.person.standing in (
            Standing.GONE,
            Standing.DEAD,
            Standing.HUKOU_ONLY,
        )
        said = format_html("{}", describe_period(value))
        if gone and value.upper is None and record.person is not None:
            return format_html("{} {}", said, html.tag(record.person.get_standing_display(), "danger"))
        return said


class PostList(ListPage):
    """/networks/posts/"""

    model = NetworkPost
    permission = VIEW
    dated = True
    as_of_says = _("列出的是那一天在任的人；负责范围是现在登记的。")
    title = _("网格员、民警、小组长和楼门栋长")
    noun = _("人")
    filterset_class = filters.PostFilters
    table_class = PostTable
    empty_title = _("还没有登记")
    empty_hint = _("到“网格与楼门网络”里打开社区，从缺口处登记。")

    def get_queryset(self) -> QuerySet:
        """With holders and places."""
        rows = super().get_queryset().select_related("person")
        return rows.prefetch_related(
            "covers__building__estate", "covers__unit__building__estate", "covers__home"
        )


class PostPage(HistoryTab, DetailPage):
    """/networks/posts/<id>/"""

    model = NetworkPost
    permission = VIEW
    template_name = "networks/post.html"
    tabs = (Tab("facts", _("岗位"), "networks/_post.html"),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its places and households."""
        user: Any = self.request.user
        post: NetworkPost = self.object
        number = post.phone or (post.person.phone if post.person else "")
        group = reading.groups(user.scopes(VIEW), timezone.localdate(), [post.pk])
        return super().get_context_data(
            area=areas.community_of(post.region_code),
            covers=list(post.covers.select_related("unit__building__estate", "home", "building__estate")),
            households=group[0].households if group else None,
            limit=rules.HOUSEHOLDS_A_GROUP,
            phone=phones.mask(number) if number else "",
            period=describe_period(post.period),
            running=post.period.upper is None,
            of_places=post.kind in OF_PLACES,
            crumbs=[
                (str(_("网格与楼门网络")), reverse("networks:overview")),
                (
                    names.title(post.region_code[:COMMUNITY]),
                    reverse("networks:community", args=[post.region_code[:COMMUNITY]]),
                ),
                (post.name, ""),
            ],
            can_edit=user.can(EDIT, post.region_code),
            **kwargs,
        )


class Appoint(EditPage):
    """/networks/<region>/appoint/<kind>/?place=12-3: a form for one kind of post in one community or grid."""

    permission = EDIT
    form_class: Any = forms.AppointForm
    submit_label = _("登记")
    success_message = _("已登记。")

    @property
    def kind(self) -> str:
        """The post asked for."""
        kind = self.kwargs["kind"]
        if kind not in Kind.values:
            raise Http404
        return str(kind)

    @property
    def region(self) -> Region:
        """Where; a grid for the posts of grids."""
        found = _region_or_404(self.request.user, self.kwargs["region_code"], EDIT)
        if found.level not in levels_of(self.kind):
            raise Http404
        return found

    @property
    def title(self) -> str:
        """登记楼门栋长."""
        return f"登记{Kind(self.kind).label}"

    @property
    def subtitle(self) -> str:
        """Where."""
        return areas.community_of(self.region.region_code)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The places depend on kind and community."""
        return super().get_form_kwargs() | {"kind": self.kind, "region_code": self.region.region_code}

    def get_form(self, form_class: Any = None) -> Any:
        """The person is picked among those the user may see."""
        form = super().get_form(form_class)
        if "person" in form.fields:
            form.fields["person"].user = self.request.user
        return form

    def get_initial(self) -> dict[str, Any]:
        """The staircase of the gap that led here."""
        return {"places": self.request.GET.getlist("place")}

    def cancel_url(self) -> str:
        """Back to the community."""
        return reverse("networks:community", args=[self.region.region_code[:COMMUNITY]])

    def perform(self, form: Any) -> str:
        """Appoint."""
        data = dict(form.cleaned_data)
        actions.appoint(
            acting_user=self.request.user,
            kind=self.kind,
            region_code=data.pop("area", "") or self.region.region_code,
            person_id=data.pop("person", None),
            **data,
        )
        return self.cancel_url()


class PostEdit(EditPage):
    """A form about a post."""

    model = NetworkPost
    permission = EDIT

    @property
    def subtitle(self) -> str:
        """Whose."""
        return str(self.object) if self.object is not None else ""


class ChangePlaces(PostEdit):
    """/networks/posts/<id>/places/"""

    title = _("调整负责范围")
    intro = _("从今天起改变。换人请先办理卸任，再登记新的人。")
    form_class: Any = forms.PlacesForm

    def get_queryset(self) -> Any:
        """Leaders and door heads."""
        return super().get_queryset().filter(kind__in=OF_PLACES)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The places depend on the post."""
        return super().get_form_kwargs() | {"post": self.object}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {
            "group": self.object.group,
            "note": self.object.note,
            "places": [
                choosing.key(Covered(one.building_id, one.unit_id, one.home_id))
                for one in self.object.covers.all()
            ],
        }

    def perform(self, form: Any) -> NetworkPost:
        """Change them."""
        return actions.change_places(acting_user=self.request.user, post=self.object, **form.cleaned_data)


class PutRight(PostEdit):
    """/networks/posts/<id>/edit/"""

    title = _("更正登记")
    form_class: Any = forms.PutRightForm
    success_message = _("已更正。")

    @property
    def intro(self) -> str:
        """Where the rest is put right."""
        if self.object.person_id is None:
            return str(_("写错了的在这里改。换人请先办理卸任，再登记新的人。"))
        return str(_("姓名和电话在居民的登记里改。换人请先办理卸任，再登记新的人。"))

    def get_queryset(self) -> Any:
        """Posts that somebody holds now."""
        return super().get_queryset().filter(period__endswith__isnull=True)

    def get_form_kwargs(self) -> dict[str, Any]:
        """What may be changed depends on the post."""
        return super().get_form_kwargs() | {"post": self.object}

    def get_initial(self) -> dict[str, Any]:
        """As it is; the phone is not shown again."""
        return {"name": self.object.name, "unit": self.object.unit, "note": self.object.note}

    def perform(self, form: Any) -> NetworkPost:
        """Put it right."""
        post, data = self.object, dict(form.cleaned_data)
        said = data.pop("phone", "")
        phone = "" if said == "无" else said or post.phone
        data.setdefault("unit", post.unit)
        return actions.put_right(acting_user=self.request.user, post=post, phone=phone, **data)


class EndPost(PostEdit):
    """/networks/posts/<id>/end/"""

    title = _("办理卸任")
    form_class: Any = forms.EndForm
    submit_label = _("卸任")
    success_message = _("已办理卸任。")

    def perform(self, form: Any) -> NetworkPost:
        """End it."""
        return actions.end(acting_user=self.request.user, post=self.object, **form.cleaned_data)


def workers_of(grid: str) -> list[str]:
    """The names of the users who hold the post of grid worker at a grid today."""
    today = timezone.localdate()
    rows = Post.objects.filter(role=Role.GRID_WORKER, region_code=grid).select_related("user")
    return [one.user.name for one in rows if one.in_force(today)]
