"""The pages of groups: all groups with live counts, a roster, memberships and their forms."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.facts.dictionary import dictionary
from linli.pages.asof import Dated
from linli.pages.views import EditPage, ListPage, Permitted, asks_for, put_error
from linli.registry.groups import (
    actions,
    as_of,
    filters,
    forms,
    papers,
    proposals,
    reviews,
    seeing,
    tables,
    taking,
)
from linli.registry.groups.models import Category, Group, Membership, ProposalState
from linli.registry.people import describing, extensions
from linli.registry.people.forms import PurposeForm
from linli.registry.people.models import Person
from linli.registry.people.pages import url_or_nothing
from linli.registry.people.pickers import OptionField
from linli.registry.places.forms import sealed_changes

VIEW, EDIT = Permission.VIEW_GROUPS, Permission.EDIT_GROUPS


class GroupList(Dated, Permitted, TemplateView):
    """/groups/: every group the user may see, with how many are in it in their area today, or on another day."""

    permission = VIEW
    dated = True
    template_name = "groups/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Groups by category. ?person= puts somebody into one: the links then lead to the form."""
        user: Any = self.request.user
        found = seeing.counts(user, self.on)
        person = person_of(self.request)
        rows: dict[str, list[dict[str, Any]]] = {}
        for group in seeing.groups(user):
            n, due = found.by_group.get(group.pk, (0, 0))
            rows.setdefault(group.category, []).append({"group": group, "n": n, "due": due})
        return super().get_context_data(
            title=_t("把 %(name)s 加入哪类人群？") % {"name": person.name} if person else _("人群"),
            subtitle=_t("人数是 %(day)s 本辖区的在册成员") % {"day": self.on}
            if self.past
            else _("人数是今天本辖区的在册成员"),
            as_of=None if person else self.as_of,
            page_view=self,
            counted=found.at,
            categories=[
                (label, sorted(rows[key], key=lambda one: one["group"].pk))
                for key, label in Category.choices
                if key in rows
            ],
            person=person,
            can_edit=user.can(EDIT),
            due_number=_number(reviews.visible(user, timezone.localdate())),
            proposed_number=_number(proposals.visible(user).filter(state=ProposalState.OPEN)),
            **kwargs,
        )


def _number(rows: QuerySet) -> str:
    """How many, as a tag says it; nothing for none."""
    n = rows.order_by()[:1000].count()
    return "" if not n else "999+" if n > 999 else str(n)


def person_of(request: Any) -> Person | None:
    """The person named by ?person=, if the user may edit their groups."""
    wanted = request.GET.get("person", "")
    if not wanted.isdecimal() or len(wanted) > 18:
        return None
    found: Person | None = Person.objects.permitted(request.user, EDIT).filter(pk=wanted).first()
    return found


def group_or_404(user: Any, code: str) -> Group:
    """A group the user may see."""
    return get_object_or_404(seeing.groups(user), code=code)


class Roster(ListPage):
    """/groups/<code>/"""

    model = Membership
    permission = VIEW
    dated = True
    as_of_says = _(
        "名单、年龄和住址是这一天的，按成员现在所在的社区列出；类别、等级、证件和复核日期是这一天登记的。"
    )
    template_name = "groups/roster.html"
    noun = _("人")
    filterset_class = filters.RosterFilters
    table_class = tables.RosterTable
    empty_title = _("这类人群还没有成员")
    empty_hint = _("点“加入成员”逐人登记；不分类别等级的，也可以在居民列表里勾选后批量加入。")

    @property
    def group(self) -> Group:
        """The group of the address."""
        if not hasattr(self, "_group"):
            self._group = group_or_404(self.request.user, self.kwargs["code"])
        return self._group

    @property
    def page_name(self) -> str:
        """Views are saved for each group."""
        return f"groups:roster:{self.kwargs['code']}"

    @property
    def title(self) -> str:
        """The group."""
        return self.group.name

    @property
    def subtitle(self) -> str:
        """Who keeps it, on what ground."""
        parts = [_t("%(keeper)s主管") % {"keeper": self.group.keeper} if self.group.keeper else ""]
        parts.append(_t("依据：%(text)s") % {"text": self.group.evidence} if self.group.evidence else "")
        return " · ".join(part for part in parts if part)

    @property
    def export_url(self) -> str:
        """To the list of the same people, taken away as Excel."""
        user: Any = self.request.user
        address = url_or_nothing("lists:export")
        if not address or not user.can(Permission.EXPORT_PEOPLE):
            return ""
        asked = {key: str(value) for key, value in self.request.GET.items() if value}
        query = taking.list_of(self.group, asked, self.on, timezone.localdate(), dictionary.refresh())
        return f"{address}?{query}" if query else ""

    def get_queryset(self) -> QuerySet:
        """The group's memberships that the user may see."""
        return (
            seeing.memberships(self.request.user)
            .filter(group=self.group)
            .select_related("person", "group")
            .order_by("region_code", "id")
        )

    def get_filterset(self) -> Any:
        """The filters know the group."""
        return filters.RosterFilters(
            self.request.GET, queryset=self.get_queryset(), request=self.request, group=self.group
        )

    def get_table(self, rows: QuerySet) -> Any:
        """Only the columns that the group has; addresses of the page's people."""
        table = super().get_table(rows)
        group = self.group
        hidden = [
            key
            for key, used in (
                ("class_code", group.classes),
                ("level_code", group.levels),
                ("certificate", group.needs_certificate),
            )
            if not used
        ]
        table.exclude = tuple(hidden)
        user: Any = self.request.user
        listed = [row.record for row in table.paginated_rows]
        today = self.on
        places = describing.addresses([one.person_id for one in listed], today)
        as_of.set_back(listed, today)
        for one in listed:
            one.place, one.on = places.get(one.person_id, ""), today
            one.editable = (
                not self.past
                and seeing.may_edit(user, group, one.region_code)
                and (one.period.upper is None or one.period.upper > today)
            )
        if not any(one.editable for one in listed):
            table.exclude = (*table.exclude, "doing")
        return table

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the way to add."""
        user: Any = self.request.user
        may_add = user.can(EDIT)
        return super().get_context_data(
            group=self.group,
            template_url=url_or_nothing("returns:group_template", self.group.code)
            if may_add and not self.past and user.can(Permission.IMPORT_REGISTRY)
            else "",
            add_url=reverse("groups:add", args=[self.group.code]) if may_add and not self.past else "",
            crumbs=[(_t("人群"), reverse("groups:list")), (self.group.name, "")],
            **kwargs,
        )


class GroupEdit(EditPage):
    """A form of this room: its pickers know who is asking."""

    permission: Permission | None = EDIT

    def get_form(self, form_class: Any = None) -> Any:
        """The form, its pickers bound to the user."""
        form = super().get_form(form_class)
        for field in form.fields.values():
            if isinstance(field, OptionField):
                field.user = self.request.user
        return form


class Add(GroupEdit):
    """/groups/<code>/add/: somebody joins; ?person= says who."""

    form_class: Any = forms.MembershipForm
    submit_label = _("加入")
    success_message = _("已加入。")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """The group, and the person where the address names one."""
        if request.user.is_authenticated and request.user.can(EDIT):
            self.group = group_or_404(request.user, kwargs["code"])
            self.person = person_of(request)
            if "person" in request.GET and self.person is None:
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The group says which fields."""
        return super().get_form_kwargs() | {"group": self.group, "person_known": self.person is not None}

    def get_form(self, form_class: Any = None) -> Any:
        """With room for the paper at once; more can follow on the membership's page."""
        form = super().get_form(form_class)
        form.fields["file"] = forms.paper_field(required=False)
        form.fields["file"].help_text = _t("例如审批表、证件的照片；没有可以以后再传")
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say who and what."""
        self.title = _t("加入人群：%(group)s") % {"group": self.group.name}
        self.subtitle = (
            f"{self.person.name} · {describing.sex_and_age(self.person)}" if self.person is not None else ""
        )
        return super().get_context_data(**kwargs)

    def cancel_url(self) -> str:
        """Back to the person or the roster."""
        if self.person is not None:
            return f"{self.person.get_absolute_url()}?tab=groups"
        return self.group.get_absolute_url()

    def perform(self, form: Any) -> str:
        """Add."""
        data = forms.split_details(form.cleaned_data)
        picked = data.pop("person", None)
        papers.join_with_paper(
            acting_user=self.request.user,
            upload=data.pop("file"),
            person_id=self.person.pk if self.person is not None else picked,
            group_code=self.group.code,
            **data,
        )
        return self.cancel_url()


class MembershipEdit(GroupEdit):
    """A form about one membership that the user may change."""

    model = Membership

    def get_queryset(self) -> QuerySet:
        """Those the user may see, where they may edit groups."""
        user: Any = self.request.user
        rows: Any = seeing.memberships(user) & Membership.objects.permitted(user, EDIT)
        return rows.select_related("group", "person")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whose and which."""
        self.subtitle = f"{self.object.person.name} · {actions.in_words(self.object)}"
        return super().get_context_data(**kwargs)

    def cancel_url(self) -> str:
        """Back to the person's groups."""
        return f"{self.object.person.get_absolute_url()}?tab=groups"


class Edit(MembershipEdit):
    """/groups/members/<id>/edit/"""

    title = _("更正人群信息")
    form_class: Any = forms.MembershipForm

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return forms.initial_of(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The group says which fields."""
        return super().get_form_kwargs() | {"group": self.object.group, "person_known": True}

    def get_form(self, form_class: Any = None) -> Any:
        """Say which certificate is kept, masked."""
        form = super().get_form(form_class)
        if "certificate" in form.fields:
            form.fields["certificate"].kept(tables.masked(self.object.certificate))
        return form

    def perform(self, form: Any) -> str:
        """Change what differs."""
        actions.update_membership(
            acting_user=self.request.user,
            membership_id=self.object.pk,
            **sealed_changes(forms.split_details(form.cleaned_data), ("certificate",)),
        )
        return self.cancel_url()


class End(MembershipEdit):
    """/groups/members/<id>/end/"""

    title = _("退出人群")
    form_class: Any = forms.EndForm
    submit_label = _("退出")
    success_message = _("已退出。")

    def perform(self, form: Any) -> str:
        """End."""
        actions.end_membership(
            acting_user=self.request.user, membership_id=self.object.pk, **form.cleaned_data
        )
        return self.cancel_url()


class Confirm(MembershipEdit):
    """/groups/members/<id>/confirm/"""

    title = _("复核：仍符合条件")
    form_class: Any = forms.ConfirmForm
    submit_label = _("复核通过")
    success_message = _("已复核。")

    def get_form(self, form_class: Any = None) -> Any:
        """A new end is asked for only where there is one."""
        form = super().get_form(form_class)
        ends = self.object.period.upper
        if ends is None:
            del form.fields["until"]
        else:
            form.fields["until"].help_text = _t("现在到 %(day)s 为止；继续享受的填新的日期") % {"day": ends}
        return form

    def perform(self, form: Any) -> str:
        """Confirm."""
        actions.confirm_membership(
            acting_user=self.request.user, membership_id=self.object.pk, **form.cleaned_data
        )
        return self.cancel_url()


class Certificate(GroupEdit):
    """/groups/members/<id>/certificate/: the number in full, for a stated purpose."""

    model = Membership
    permission = Permission.REVEAL_PEOPLE
    title = _("申请查看证件号")
    form_class: Any = PurposeForm
    submit_label = _("查看")

    def get_queryset(self) -> QuerySet:
        """Those the user may see, where they may see numbers."""
        user: Any = self.request.user
        rows: Any = seeing.memberships(user) & Membership.objects.permitted(user, Permission.REVEAL_PEOPLE)
        return rows.select_related("group", "person")

    def cancel_url(self) -> str:
        """Back to the person's groups."""
        return f"{self.object.person.get_absolute_url()}?tab=groups"

    def form_valid(self, form: Any) -> HttpResponse:
        """Record, then show."""
        try:
            number = actions.reveal_certificate(
                acting_user=self.request.user,
                membership_id=self.object.pk,
                purpose=form.cleaned_data["purpose"],
            )
        except (RuleError, ValidationError) as error:
            put_error(form, error)
            return self.form_invalid(form)
        in_drawer = asks_for(self.request, "drawer-body")
        context = {
            "object": self.object,
            "membership": self.object,
            "number": number,
            "back": self.cancel_url(),
            "in_drawer": in_drawer,
            "frame": "pages/_drawer.html" if in_drawer else "pages/detail.html",
            "form": form,
        }
        return render(self.request, "groups/certificate.html", context)


class AddPeople(GroupEdit):
    """/groups/people/: those picked in the list of residents join a group."""

    title = _("批量加入人群")
    form_class: Any = forms.PeopleForm
    submit_label = _("加入")
    intro = _("要填类别、等级或证件号的人群（例如残疾人、低保）不在这里，请打开居民逐个加入。")

    def picked(self) -> list[int]:
        """Who was picked."""
        return extensions.picked(self.request.session)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say how many."""
        self.subtitle = _t("已选 %(n)s 人") % {"n": f"{len(self.picked()):,}"}
        return super().get_context_data(**kwargs)

    def get_form(self, form_class: Any = None) -> Any:
        """The groups that ask for nothing more."""
        form = super().get_form(form_class)
        form.fields["group"].choices = [
            ("", _t("请选择")),
            *(
                (one.code, one.name)
                for one in seeing.groups(self.request.user)
                if not (one.classes or one.levels or one.needs_certificate)
            ),
        ]
        return form

    def cancel_url(self) -> str:
        """Back to the residents."""
        return reverse("people:list")

    def perform(self, form: Any) -> str:
        """Add those who may be."""
        data = form.cleaned_data
        picked = self.picked()
        if not picked:
            raise RuleError(_t("没有选中的居民。请回到居民列表，勾选后再点“加入人群”。"))
        added, left_out = actions.add_people(
            acting_user=self.request.user,
            person_ids=picked,
            group_code=data["group"],
            evidence=data["evidence"],
            since=data["since"],
        )
        self.success_message = _t("已加入 %(n)s 人。") % {"n": f"{added:,}"}
        if left_out:
            self.success_message += _t(
                "另有 %(n)s 人没有加入：已在其中、已去世，或者年龄、居住情况不符合。"
            ) % {"n": f"{left_out:,}"}
        return reverse("groups:roster", args=[data["group"]])
