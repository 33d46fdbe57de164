"""Addresses of form tasks, under /form-tasks/."""

from django.urls import path

from linli.collecting import ask_pages, ledger_pages, part_pages, task_pages

app_name = "collecting"
urlpatterns = [
    path("", task_pages.Home.as_view(), name="home"),
    path("tasks/", task_pages.TaskList.as_view(), name="tasks"),
    path("new/", task_pages.Choose.as_view(), name="choose"),
    path("new/<int:pk>/", task_pages.Draft.as_view(), name="draft"),
    path("tasks/<int:pk>/", task_pages.TaskPage.as_view(), name="task"),
    path("tasks/<int:pk>/columns/<int:column>/", task_pages.SetColumn.as_view(), name="column"),
    path("tasks/<int:pk>/scope/", task_pages.ChooseScope.as_view(), name="scope"),
    path("tasks/<int:pk>/discard/", task_pages.Discard.as_view(), name="discard"),
    path("tasks/<int:pk>/issue/", task_pages.Issue.as_view(), name="issue"),
    path("tasks/<int:pk>/remind/", task_pages.Remind.as_view(), name="remind"),
    path("tasks/<int:pk>/take-back/", task_pages.TakeBack.as_view(), name="take_back"),
    path("tasks/<int:pk>/merge/", task_pages.Merge.as_view(), name="merge"),
    path("tasks/<int:pk>/form", task_pages.BlankFile.as_view(), name="blank"),
    path("ledgers/", ledger_pages.LedgerList.as_view(), name="ledgers"),
    path("ledgers/new/<int:upload>/", ledger_pages.KeepLedger.as_view(), name="keep_ledger"),
    path("ledgers/<int:pk>/", ledger_pages.LedgerPage.as_view(), name="ledger"),
    path("ledgers/<int:pk>/rows/<int:record>/", ledger_pages.WriteRow.as_view(), name="ledger_row"),
    path("ledgers/<int:pk>/edit/", ledger_pages.ChangeLedger.as_view(), name="ledger_edit"),
    path("ledgers/<int:pk>/close/", ledger_pages.CloseLedger.as_view(), name="ledger_close"),
    path("ledgers/<int:pk>/review/", ledger_pages.ReviewLedger.as_view(), name="ledger_review"),
    path("ledgers/<int:pk>/file", ledger_pages.LedgerFile.as_view(), name="ledger_file"),
    path("parts/", part_pages.PartList.as_view(), name="parts"),
    path("parts/<int:pk>/", part_pages.PartPage.as_view(), name="part"),
    path("parts/<int:pk>/receive/", part_pages.Receive.as_view(), name="receive"),
    path("parts/<int:pk>/rows/<int:row>/", part_pages.CorrectRow.as_view(), name="row"),
    path("parts/<int:pk>/rows/add/", part_pages.AddRow.as_view(), name="add_row"),
    path("parts/<int:pk>/rows/<int:row>/remove/", part_pages.RemoveRow.as_view(), name="remove_row"),
    path("parts/<int:pk>/upload/", part_pages.Upload.as_view(), name="upload"),
    path("parts/<int:pk>/ask/", ask_pages.AskMissing.as_view(), name="ask_missing"),
    path("asks/", ask_pages.Asks.as_view(), name="asks"),
    path("asks/<slug:subject>/<int:record>/", ask_pages.Ask.as_view(), name="ask"),
    path("asks/<int:pk>/answer/", ask_pages.AnswerOne.as_view(), name="answer"),
    path("asks/<int:pk>/give-up/", ask_pages.GiveUp.as_view(), name="give_up"),
    path("parts/<int:pk>/file", part_pages.PartFile.as_view(), name="file"),
    path("parts/<int:pk>/to-base/", part_pages.ToBase.as_view(), name="to_base"),
    path("parts/<int:pk>/submit/", part_pages.Submit.as_view(), name="submit"),
    path("parts/<int:pk>/send-back/", part_pages.SendBack.as_view(), name="send_back"),
    path("parts/<int:pk>/sign/", part_pages.Sign.as_view(), name="sign"),
    path("parts/<int:pk>/reopen/", part_pages.Reopen.as_view(), name="reopen"),
    path("parts/<int:pk>/sent/<int:number>/", part_pages.SentFile.as_view(), name="sent"),
]
