"""Addresses of people and households, under /people/."""

from django.urls import path

from linli.registry.people import edits, family_edits, life_edits, moving_edits, pages

app_name = "people"
urlpatterns = [
    path("", pages.PeopleList.as_view(), name="list"),
    path("register/", edits.Register.as_view(), name="register"),
    path("options/", pages.PeopleOptions.as_view(), name="options"),
    path("regions/", pages.RegionOptions.as_view(), name="region_options"),
    path("<int:pk>/", pages.PersonPage.as_view(), name="person"),
    path("<int:pk>/edit/", edits.PersonUpdate.as_view(), name="edit"),
    path("<int:pk>/reveal/", edits.Reveal.as_view(), name="reveal"),
    path("<int:pk>/verify/", edits.Verify.as_view(), name="verify"),
    path("<int:pk>/move-in/", moving_edits.MoveIn.as_view(), name="move_in"),
    path("<int:pk>/move-within/", moving_edits.MoveWithin.as_view(), name="move_within"),
    path("<int:pk>/move-out/", moving_edits.MoveOut.as_view(), name="move_out"),
    path("<int:pk>/correct-living/", moving_edits.CorrectLiving.as_view(), name="correct_living"),
    path("<int:pk>/living/", moving_edits.UpdateLiving.as_view(), name="living"),
    path("<int:pk>/hukou/", moving_edits.SetHukou.as_view(), name="hukou"),
    path("<int:pk>/death/", edits.Death.as_view(), name="death"),
    path("<int:pk>/withdraw-death/", edits.WithdrawDeath.as_view(), name="withdraw_death"),
    path("<int:pk>/join/", edits.Join.as_view(), name="join"),
    path("<int:pk>/found-household/", edits.Found.as_view(), name="found_household"),
    path("<int:pk>/leave-household/", edits.Leave.as_view(), name="leave_household"),
    path("<int:pk>/kin/", edits.SetKin.as_view(), name="kin"),
    path("<int:pk>/marry/", life_edits.Marry.as_view(), name="marry"),
    path("<int:pk>/divorce/", life_edits.Divorce.as_view(), name="divorce"),
    path("<int:pk>/birth/", life_edits.Birth.as_view(), name="birth"),
    path("<int:pk>/adopt/", life_edits.Adopt.as_view(), name="adopt"),
    path("buildings/<int:pk>/clear/", life_edits.Clear.as_view(), name="clear_building"),
    path("households/<int:pk>/split/", life_edits.Split.as_view(), name="split_household"),
    path("households/<int:pk>/merge/", life_edits.Merge.as_view(), name="merge_household"),
    path("kin/<int:pk>/end/", edits.EndKin.as_view(), name="end_kin"),
    path("households/", pages.HouseholdList.as_view(), name="households"),
    path("households/options/", pages.HouseholdOptions.as_view(), name="household_options"),
    path("households/<int:pk>/", pages.HouseholdPage.as_view(), name="household"),
    path("households/<int:pk>/edit/", family_edits.HouseholdUpdate.as_view(), name="household_edit"),
    path("households/<int:pk>/head/", family_edits.ChangeHead.as_view(), name="change_head"),
    path("households/<int:pk>/move/", family_edits.MoveHousehold.as_view(), name="move_household"),
    path(
        "households/<int:pk>/members/<int:person>/", family_edits.SetRelation.as_view(), name="set_relation"
    ),
]
