from django.urls import path

from linli.gate.catalogue.pages import drafting, editions, items, mine, public

app_name = "catalogue"
urlpatterns = [
    path("", items.ItemList.as_view(), name="items"),
    path("file/", items.ItemsFile.as_view(), name="items_file"),
    path("items/<int:pk>/", items.ItemPage.as_view(), name="item"),
    path("items/<int:pk>/suspend/", items.Suspend.as_view(), name="suspend"),
    path("items/<int:pk>/resume/", items.Resume.as_view(), name="resume"),
    path("items/<int:pk>/renew/", items.Renew.as_view(), name="renew"),
    path("items/<int:pk>/revoke/", items.Revoke.as_view(), name="revoke"),
    path("mine/", mine.Mine.as_view(), name="mine"),
    path("bases/", items.BasisList.as_view(), name="bases"),
    path("bases/add/", items.BasisAdd.as_view(), name="basis_add"),
    path("editions/", editions.EditionList.as_view(), name="editions"),
    path("editions/start/", drafting.Start.as_view(), name="start"),
    path("editions/<int:pk>/", editions.EditionPage.as_view(), name="edition"),
    path("editions/<int:pk>/file/", editions.EditionFile.as_view(), name="edition_file"),
    path("editions/<int:pk>/describe/", drafting.Describe.as_view(), name="describe"),
    path("editions/<int:pk>/discard/", drafting.Discard.as_view(), name="discard"),
    path("editions/<int:pk>/add/", drafting.AddEntry.as_view(), name="add_entry"),
    path("editions/<int:pk>/go/", drafting.LetGo.as_view(), name="go"),
    path("editions/<int:pk>/merge/", drafting.Merge.as_view(), name="merge"),
    path("editions/<int:pk>/class/", drafting.RenameClass.as_view(), name="rename_class"),
    path("editions/<int:pk>/publish/", drafting.Publish.as_view(), name="publish"),
    path("entries/<int:pk>/", editions.EntryPage.as_view(), name="entry"),
    path("entries/<int:pk>/edit/", drafting.EditEntry.as_view(), name="edit_entry"),
    path("compare/<int:before>/<int:after>/", editions.ComparePage.as_view(), name="compare"),
    path("compare/<int:before>/<int:after>/file/", editions.CompareFile.as_view(), name="compare_file"),
    path("open/", public.PublicIndex.as_view(), name="public"),
    path("open/<slug:region>/", public.PublicCurrent.as_view(), name="public_current"),
    path("open/<slug:region>/changes/", public.PublicChanges.as_view(), name="public_changes"),
    path("open/<slug:region>/<int:number>/", public.PublicEdition.as_view(), name="public_edition"),
]
