"""Addresses of groups, under /groups/."""

from django.urls import path

from linli.registry.groups import define_pages, detail_pages, due_pages, pages, proposal_pages

app_name = "groups"
urlpatterns = [
    path("", pages.GroupList.as_view(), name="list"),
    path("people/", pages.AddPeople.as_view(), name="add_people"),
    path("due/", due_pages.DueList.as_view(), name="due"),
    path("due/confirm/", due_pages.ConfirmReviews.as_view(), name="due_confirm"),
    path("proposals/", proposal_pages.ProposalList.as_view(), name="proposals"),
    path("proposals/confirm/", proposal_pages.ConfirmProposals.as_view(), name="proposals_confirm"),
    path("proposals/refuse/", proposal_pages.RefuseProposals.as_view(), name="proposals_refuse"),
    path("kinds/", define_pages.KindList.as_view(), name="kinds"),
    path("kinds/add/", define_pages.KindAdd.as_view(), name="kind_add"),
    path("kinds/<int:pk>/", define_pages.KindPage.as_view(), name="kind"),
    path("kinds/<int:pk>/edit/", define_pages.KindEdit.as_view(), name="kind_edit"),
    path("kinds/<int:pk>/rules/add/", define_pages.RuleAdd.as_view(), name="rule_add"),
    path("kinds/<int:pk>/details/add/", detail_pages.DetailAdd.as_view(), name="detail_add"),
    path("kinds/<int:pk>/details/<str:code>/edit/", detail_pages.DetailEdit.as_view(), name="detail_edit"),
    path(
        "kinds/<int:pk>/details/<str:code>/remove/", detail_pages.DetailRemove.as_view(), name="detail_remove"
    ),
    path("rules/<int:pk>/stop/", define_pages.RuleStop.as_view(), name="rule_stop"),
    path("members/<int:pk>/", due_pages.MembershipPage.as_view(), name="membership"),
    path("members/<int:pk>/edit/", pages.Edit.as_view(), name="edit"),
    path("members/<int:pk>/end/", pages.End.as_view(), name="end"),
    path("members/<int:pk>/confirm/", pages.Confirm.as_view(), name="confirm"),
    path("members/<int:pk>/set-aside/", due_pages.SetAside.as_view(), name="set_aside"),
    path("members/<int:pk>/certificate/", pages.Certificate.as_view(), name="certificate"),
    path("members/<int:pk>/files/add/", due_pages.AddFile.as_view(), name="file_add"),
    path("files/<int:pk>/", due_pages.OpenFile.as_view(), name="file"),
    path("files/<int:pk>/remove/", due_pages.RemoveFile.as_view(), name="file_remove"),
    path("<str:code>/", pages.Roster.as_view(), name="roster"),
    path("<str:code>/add/", pages.Add.as_view(), name="add"),
]
