"""Addresses of certificates."""

from django.urls import path

from linli.certificates import edits, list_pages, log_pages, pages, papers, public

app_name = "certificates"
urlpatterns = [
    path("certificates/", pages.CertificateList.as_view(), name="list"),
    path("certificates/counter/", pages.Counter.as_view(), name="counter"),
    path("certificates/pick/<slug:code>/", edits.Pick.as_view(), name="pick"),
    path("certificates/people/<int:pk>/", pages.OfPerson.as_view(), name="of_person"),
    path("certificates/people/<int:pk>/<slug:code>/", edits.Prepare.as_view(), name="prepare"),
    path("certificates/<int:pk>/", pages.CertificatePage.as_view(), name="certificate"),
    path("certificates/<int:pk>/paper", papers.Paper.as_view(), name="paper"),
    path("certificates/<int:pk>/submit", papers.Submit.as_view(), name="submit"),
    path("certificates/<int:pk>/approve", papers.Approve.as_view(), name="approve"),
    path("certificates/<int:pk>/reread", papers.Reread.as_view(), name="reread"),
    path("certificates/<int:pk>/return", edits.SendBack.as_view(), name="send_back"),
    path("certificates/<int:pk>/issue", edits.Issue.as_view(), name="issue"),
    path("certificates/<int:pk>/copies", edits.Copies.as_view(), name="copies"),
    path("certificates/<int:pk>/withdraw", edits.Withdraw.as_view(), name="withdraw"),
    path("certificates/<int:pk>/drop", edits.Drop.as_view(), name="drop"),
    path("certificates/refusals/", pages.RefusalList.as_view(), name="refusals"),
    path("certificates/refusals/add", edits.Refuse.as_view(), name="refuse"),
    path("certificates/refusals/<int:pk>/", pages.RefusalPage.as_view(), name="refusal"),
    path("certificates/refusals/<int:pk>/paper", papers.Slip.as_view(), name="slip"),
    path("certificates/seals/", log_pages.SealLog.as_view(), name="seals"),
    path("certificates/seals/<int:pk>/", log_pages.SealUsePage.as_view(), name="seal_use"),
    path("certificates/seals/export", log_pages.SealLogExport.as_view(), name="seals_export"),
    path("certificates/seals/log", edits.SealLogAdd.as_view(), name="seal_log"),
    path("certificates/seals/add", edits.SealAdd.as_view(), name="seal_add"),
    path("certificates/seals/<int:pk>/edit", edits.SealEdit.as_view(), name="seal_edit"),
    path("certificates/askers/", log_pages.Askers.as_view(), name="askers"),
    path("certificates/askers/export", log_pages.AskersExport.as_view(), name="askers_export"),
    path("certificates/askers/<int:pk>/answer", edits.Answer.as_view(), name="answer"),
    path("certificates/kinds/", list_pages.Kinds.as_view(), name="kinds"),
    path("certificates/kinds/add", list_pages.KindAdd.as_view(), name="kind_add"),
    path("certificates/kinds/<slug:code>/", list_pages.KindPage.as_view(), name="kind"),
    path("certificates/kinds/<slug:code>/edit", list_pages.KindEdit.as_view(), name="kind_edit"),
    path("certificates/offices/add", list_pages.OfficeAdd.as_view(), name="office_add"),
    path("certificates/offices/<int:pk>/", list_pages.OfficePage.as_view(), name="office"),
    path("certificates/offices/<int:pk>/edit", list_pages.OfficeEdit.as_view(), name="office_edit"),
    path("certificates/offices/<int:pk>/remove", list_pages.OfficeRemove.as_view(), name="office_remove"),
    path("certificates/public", public.PublicList.as_view(), name="public"),
    path("certificates/check", public.CheckPage.as_view(), name="check"),
    path("c/<slug:token>", public.CheckedByCode.as_view(), name="checked"),
]
