"""The screens: ordinary Django generic views with a few mixins. A room declares what it shows; see /kit.

Every page starts at `Permitted`: logged in, the permission held somewhere, and rows only from
`Model.objects.permitted(user, permission)`; what lies outside a user's area answers 404.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, FormView, TemplateView

from linli.access.models import Permission
from linli.audit import history
from linli.audit.recording import RuleError
from linli.pages import cells, moved
from linli.pages.asof import Dated
from linli.pages.models import saved_views
from linli.pages.paging import CappedPaginator
from linli.pages.tables import PickColumn
from linli.regions import names

PAGE_SIZES = (20, 50, 100)


def asks_for(request: HttpRequest, target: str) -> bool:
    """Whether htmx asks for the fragment that stands in the element of that id."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target", "").endswith(
        f"#{target}"
    )


class Permitted:
    """Logged in, permitted, and the rows that are the user's to see. `permission` None asks only for a login."""

    request: HttpRequest
    model: Any = None
    permission: Permission | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send strangers to the login page; answer 403 to users who hold the permission nowhere."""
        user: Any = request.user
        if not user.is_authenticated:
            if request.headers.get("HX-Request") == "true":
                return HttpResponse(status=401, headers={"HX-Refresh": "true"})
            return redirect_to_login(request.get_full_path())
        if self.permission is not None and not user.can(self.permission):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def get_queryset(self) -> QuerySet:
        """The rows that the user may see."""
        if self.model is None or self.permission is None:
            raise TypeError(f"{type(self).__name__} needs a model and a permission")
        return self.model.objects.permitted(self.request.user, self.permission)


@dataclass(frozen=True)
class BatchAction:
    """What can be done with picked rows: the page's method `batch_<key>(queryset)` does it.

    `confirm` is asked first. `permission` hides the action from users who hold it nowhere. Only `dated` actions are offered
    where the list speaks of another day than today: what is written is written of today.
    """

    key: str
    label: Any
    icon: str
    permission: Permission | None = None
    confirm: Any = ""
    tone: str = ""
    dated: bool = False


class ListPage(Dated, Permitted, TemplateView):
    """Search first, filters in the address, saved views, sorting, pages, picked rows, Excel, empty states.

    Declare `model`, `permission`, `filterset_class`, `table_class`, `title`, `noun`; the rest is optional.
    Sorting is ?sort=, pages are ?page= and ?per_page=, the day is ?on= where the page is `dated`. htmx gets
    `pages/_rows.html` alone.
    """

    template_name = "pages/list.html"
    rows_template_name = "pages/_rows.html"
    filterset_class: Any = None
    table_class: Any = None
    title: Any = ""
    subtitle: Any = ""
    noun: Any = _("条")
    per_page = 50
    exact_count = False
    shown_filters = 3
    batch_actions: tuple[BatchAction, ...] = ()
    export_url_name = ""
    create_url_name = ""
    create_label: Any = _("新增")
    create_permission: Permission | None = None
    empty_title: Any = _("这里还没有内容")
    empty_hint: Any = ""

    def get_filterset(self) -> Any:
        """The filters bound to the address."""
        rows = self.get_queryset()
        if self.filterset_class is None:
            return None
        return self.filterset_class(self.request.GET, queryset=rows, request=self.request)

    def get_rows(self, filterset: Any) -> QuerySet:
        """The rows that the filters leave."""
        return self.get_queryset() if filterset is None else filterset.qs

    def get_table(self, rows: QuerySet) -> Any:
        """The table, sorted and paged as the address says."""
        extra: dict[str, Any] = {}
        if self.allowed_batch_actions():
            extra = {"extra_columns": [("pick", PickColumn())], "sequence": ("pick", "...")}
        # Given to the constructor, the request would make it count all rows for a page of its own.
        table = self.table_class(rows, **extra)
        table.request = self.request
        if order := self.request.GET.getlist(table.prefixed_order_by_field):
            table.order_by = order
        wanted = self.request.GET.get("per_page", "")
        size = int(wanted) if wanted.isdecimal() and int(wanted) in PAGE_SIZES else self.per_page
        table.paginate(
            paginator_class=CappedPaginator,
            page=self.request.GET.get("page", "1"),
            per_page=size,
            exact=self.exact_count,
        )
        names.learn(code for one in cells.records(table) if (code := getattr(one, "region_code", None)))
        return table

    def allowed_batch_actions(self) -> list[BatchAction]:
        """The batch actions of this user."""
        user: Any = self.request.user
        return [
            one
            for one in self.batch_actions
            if (one.permission is None or user.can(one.permission)) and (one.dated or not self.past)
        ]

    @property
    def page_name(self) -> str:
        """The URL name under which views of this list are saved."""
        match = self.request.resolver_match
        return match.view_name if match else self.request.path

    @property
    def export_url(self) -> str:
        """The address of the Excel file of the rows shown; "" for none."""
        if not self.export_url_name:
            return ""
        query = self.request.GET.urlencode()
        return f"{reverse(self.export_url_name)}{'?' + query if query else ''}"

    @property
    def create_url(self) -> str:
        """The address of the form that adds a row; "" for none or not permitted."""
        user: Any = self.request.user
        allowed = self.create_permission is None or user.can(self.create_permission)
        return reverse(self.create_url_name) if self.create_url_name and allowed and not self.past else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Filters, table and what stands around them."""
        filterset = self.get_filterset()
        table = self.get_table(self.get_rows(filterset))
        fields = list(filterset.form.visible_fields()) if filterset is not None else []
        first, rest = fields[: self.shown_filters + 1], fields[self.shown_filters + 1 :]
        query = {key: self.request.GET.getlist(key) for key in self.request.GET}
        filtered = any(any(query.get(one.name, [])) for one in fields)
        return super().get_context_data(
            page_view=self,
            as_of=self.as_of,
            title=self.title,
            subtitle=self.subtitle,
            noun=self.noun,
            filterset=filterset,
            filter_first=first,
            filter_rest=rest,
            filter_rest_used=any(any(query.get(one.name, [])) for one in rest),
            filtered=filtered,
            table=table,
            batch_actions=self.allowed_batch_actions(),
            export_url=self.export_url,
            create_url=self.create_url,
            saved_views=saved_views(self.request.user, self.page_name),
            **kwargs,
        )

    def get_template_names(self) -> list[str]:
        """The rows alone for htmx, the page otherwise."""
        return [self.rows_template_name if asks_for(self.request, "rows") else self.template_name]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Do a batch action with the picked rows, or with all rows of the filters when `all` is set."""
        key = request.POST.get("action", "")
        if key not in {one.key for one in self.allowed_batch_actions()}:
            raise Http404
        rows = self.get_rows(self.get_filterset())
        if request.POST.get("all") != "1":
            picked = [int(pk) for pk in request.POST.getlist("pk") if pk.isdecimal() and len(pk) < 19]
            rows = rows.filter(pk__in=picked)
        handler: Callable[[QuerySet], Any] = getattr(self, f"batch_{key}")
        try:
            said = handler(rows)
        except (RuleError, ValidationError) as error:
            for text in error_texts(error):
                messages.error(request, text)
            said = None
        if isinstance(said, HttpResponseBase):
            return said
        if said:
            messages.success(request, said)
        return HttpResponseRedirect(request.get_full_path())


@dataclass(frozen=True)
class Tab:
    """A tab of a detail page: ?tab=<key> shows `template`. `count` stands beside the label."""

    key: str
    label: Any
    template: str
    count: int | None = None


HISTORY_TAB = Tab("history", _("记录"), "pages/_history.html")


class HistoryTab:
    """Adds the tab of deeds and field changes to a detail page of a tracked model."""

    object: Any

    def get_tabs(self) -> list[Tab]:
        """The page's tabs with 记录 at the end."""
        return [*super().get_tabs(), HISTORY_TAB]  # type: ignore[misc]

    def history_context(self) -> dict[str, Any]:
        """The deeds, and the changes where the model keeps history."""
        tracked = hasattr(type(self.object), "pgh_event_model")
        return {
            "events": history.events_of(self.object),
            "changes": history.changes(self.object) if tracked else [],
        }


class DetailPage(Dated, Permitted, DetailView):
    """One record: a page with tabs, and the same as a drawer for htmx.

    The room's template says `{% extends frame %}` and fills the blocks title, subtitle, avatar, summary, body, foot.
    """

    template_name = "pages/record.html"
    tabs: tuple[Tab, ...] = ()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The record; the address of one that was merged into another leads to that, where the user may see it."""
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            after = moved.successor(self.model, self.kwargs.get("pk")) if "pk" in self.kwargs else None
            found = self.get_queryset().filter(pk=after).first() if after is not None else None
            if found is None:
                raise
            return HttpResponseRedirect(found.get_absolute_url())

    def get_tabs(self) -> list[Tab]:
        """The tabs of this record for this user."""
        return list(self.tabs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The record, its tabs, and the frame it stands in."""
        tabs = self.get_tabs()
        wanted = self.request.GET.get("tab", "")
        current = next((one for one in tabs if one.key == wanted), tabs[0] if tabs else None)
        if current is HISTORY_TAB and isinstance(self, HistoryTab):
            kwargs |= self.history_context()
        in_drawer = asks_for(self.request, "drawer-body")
        return super().get_context_data(
            page_view=self,
            as_of=self.as_of,
            frame="pages/_drawer.html" if in_drawer else "pages/detail.html",
            in_drawer=in_drawer,
            tabs=tabs,
            current_tab=current,
            **kwargs,
        )


def error_texts(error: RuleError | ValidationError) -> list[str]:
    """The sentences of an error."""
    return [error.message] if isinstance(error, RuleError) else list(error.messages)


def put_error(form: Any, error: RuleError | ValidationError) -> None:
    """Put an action's error beside the field it names, or at the head of the form."""
    if isinstance(error, RuleError):
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, found in error.error_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, found)


class EditPage(Permitted, FormView):
    """A form whose valid data go to an action: override `perform(form)`.

    `perform` calls the action and returns where to go: a record with get_absolute_url, or an address. RuleError and
    ValidationError come back beside the fields, the values stay, the first error has the focus. With `model` and a
    `pk` in the address the record is `self.object`; a ModelForm gets it as its instance.
    """

    template_name = "pages/edit.html"
    title: Any = ""
    subtitle: Any = ""
    submit_label: Any = _("保存")
    success_message: Any = _("已保存。")
    intro: Any = ""
    tone = ""
    object: Any = None

    def get_object(self) -> Any:
        """The record named in the address, among those permitted; None where the address names none."""
        if "pk" not in self.kwargs:
            return None
        found = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form."""
        self.object = self.get_object()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form sent."""
        self.object = self.get_object()
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Hand the record to a ModelForm."""
        kwargs = super().get_form_kwargs()
        if self.object is not None and hasattr(self.get_form_class(), "_meta"):
            kwargs["instance"] = self.object
        return kwargs

    def perform(self, form: Any) -> Any:
        """Call the action with the form's clean data; return a record or an address."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        """Perform, then go on; what the action refuses comes back in the form."""
        try:
            done = self.perform(form)
        except (RuleError, ValidationError) as error:
            put_error(form, error)
            return self.form_invalid(form)
        said = str(self.success_message)
        if isinstance(done, HttpResponseBase):
            return done  # type: ignore[return-value]
        if asks_for(self.request, "drawer-body"):
            return HttpResponse(
                status=204, headers={"HX-Trigger": json.dumps({"linli:saved": {"message": said}})}
            )
        messages.success(self.request, said)
        url = done if isinstance(done, str) else done.get_absolute_url()
        if self.request.headers.get("X-Requested-With") == "XMLHttpRequest":
            # An upload with its progress shown: the script goes there, and the message waits for that page.
            return HttpResponse(status=204, headers={"Linli-Location": url})
        return HttpResponseRedirect(url)

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form again with its errors; the first wrong field takes the focus."""
        for name in form.fields:
            if name in form.errors:
                form.fields[name].widget.attrs["autofocus"] = True
                break
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def cancel_url(self) -> str:
        """Where the form's 取消 leads."""
        return self.object.get_absolute_url() if hasattr(self.object, "get_absolute_url") else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form and the frame it stands in."""
        in_drawer = asks_for(self.request, "drawer-body")
        return super().get_context_data(
            page_view=self,
            frame="pages/_drawer.html" if in_drawer else "pages/detail.html",
            in_drawer=in_drawer,
            object=self.object,
            title=self.title,
            subtitle=self.subtitle,
            intro=self.intro,
            submit_label=self.submit_label,
            submit_tone=self.tone,
            cancel_url=self.cancel_url(),
            **kwargs,
        )
