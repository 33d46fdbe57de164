"""Addresses of the office's own pages."""

from django.urls import path

from linli.office import account, audit, calendar, dictionary, regions, units, users, workbench

urlpatterns = [
    path("", workbench.Workbench.as_view(), name="home"),
    path("counts/again", workbench.Recount.as_view(), name="recount"),
    path("login", account.log_in, name="login"),
    path("logout", account.log_out, name="logout"),
    path("me", account.Profile.as_view(), name="profile"),
    path("me/phone", account.EditProfile.as_view(), name="profile_edit"),
    path("me/password", account.ChangePassword.as_view(), name="password"),
    path("users", users.UserList.as_view(), name="users"),
    path("users/new", users.CreateUser.as_view(), name="user_create"),
    path("users/<int:pk>", users.UserPage.as_view(), name="user"),
    path("users/<int:pk>/edit", users.EditUser.as_view(), name="user_edit"),
    path("users/<int:pk>/password", users.ResetPassword.as_view(), name="user_password"),
    path("users/<int:pk>/unlock", users.UnlockUser.as_view(), name="user_unlock"),
    path("users/<int:pk>/posts/new", users.GivePost.as_view(), name="post_give"),
    path("users/<int:pk>/posts/<int:post>/end", users.EndPost.as_view(), name="post_end"),
    path("units", units.UnitList.as_view(), name="units"),
    path("units/new", units.AddUnit.as_view(), name="unit_add"),
    path("units/<int:pk>", units.UnitPage.as_view(), name="unit"),
    path("units/<int:pk>/edit", units.EditUnit.as_view(), name="unit_edit"),
    path("regions", regions.RegionList.as_view(), name="regions"),
    path("regions/<str:region_code>", regions.RegionPage.as_view(), name="region"),
    path("regions/<str:region_code>/edit", regions.EditRegion.as_view(), name="region_edit"),
    path("regions/<str:region_code>/grids/new", regions.AddGrid.as_view(), name="grid_add"),
    path("regions/<str:region_code>/close", regions.CloseGrid.as_view(), name="grid_close"),
    path("calendar", calendar.CalendarPage.as_view(), name="calendar"),
    path("calendar/days/new", calendar.SettleDay.as_view(), name="calendar_settle"),
    path("calendar/days/<int:pk>/undo", calendar.UnsettleDay.as_view(), name="calendar_unsettle"),
    path("calendar/years/<int:year>", calendar.SettleYear.as_view(), name="calendar_year"),
    path("dictionary", dictionary.DictionaryPage.as_view(), name="dictionary"),
    path("dictionary/<str:key>", dictionary.SubjectPage.as_view(), name="subject"),
    path("audit/events", audit.EventList.as_view(), name="events"),
    path("audit/verify", audit.VerifyChain.as_view(), name="verify_chain"),
    path("audit/disclosures", audit.DisclosureList.as_view(), name="disclosures"),
]
