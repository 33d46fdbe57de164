"""Addresses of admission: under /admission/, and the public count of emergencies."""

from django.urls import path

from linli.admission import (
    applying_pages,
    deciding_pages,
    emergency_pages,
    money_pages,
    objection_pages,
    pages,
)

app_name = "admission"
urlpatterns = [
    path("public/emergencies/", emergency_pages.PublicEmergencies.as_view(), name="public_emergencies"),
    path("admission/", pages.ApplicationList.as_view(), name="applications"),
    path("admission/new/", applying_pages.NewApplication.as_view(), name="application_new"),
    path("admission/rules/", deciding_pages.EditSetting.as_view(), name="setting"),
    path("admission/consultations/", pages.Consultations.as_view(), name="consultations"),
    path("admission/money/", money_pages.Dues.as_view(), name="dues"),
    path("admission/money/<int:pk>/receive/", money_pages.Receive.as_view(), name="receive"),
    path(
        "admission/money/receipts/<int:pk>/cancel/",
        money_pages.CancelReceipt.as_view(),
        name="receipt_cancel",
    ),
    path("admission/objections/", objection_pages.ObjectionList.as_view(), name="objections"),
    path("admission/objections/new/", objection_pages.NewObjection.as_view(), name="objection_new"),
    path("admission/objections/<int:pk>/", objection_pages.ObjectionPage.as_view(), name="objection"),
    path(
        "admission/objections/<int:pk>/answer/",
        objection_pages.AnswerObjection.as_view(),
        name="objection_answer",
    ),
    path("admission/emergencies/", emergency_pages.EmergencyList.as_view(), name="emergencies"),
    path("admission/emergencies/new/", emergency_pages.NewEmergency.as_view(), name="emergency_new"),
    path("admission/emergencies/<int:pk>/", emergency_pages.EmergencyPage.as_view(), name="emergency"),
    path("admission/emergencies/<int:pk>/end/", emergency_pages.EndEmergency.as_view(), name="emergency_end"),
    path(
        "admission/emergencies/<int:pk>/review/",
        emergency_pages.ReviewEmergency.as_view(),
        name="emergency_review",
    ),
    path("admission/<int:pk>/", pages.ApplicationPage.as_view(), name="application"),
    path("admission/<int:pk>/edit/", applying_pages.EditApplication.as_view(), name="application_edit"),
    path("admission/<int:pk>/forms/", applying_pages.AttachForm.as_view(), name="form_attach"),
    path("admission/<int:pk>/forms/<int:file>/", applying_pages.FormFile.as_view(), name="form_file"),
    path(
        "admission/<int:pk>/forms/<int:form>/remove/", applying_pages.RemoveForm.as_view(), name="form_remove"
    ),
    path("admission/<int:pk>/document/", applying_pages.DocumentFile.as_view(), name="document"),
    path("admission/<int:pk>/submit/", applying_pages.Submit.as_view(), name="submit"),
    path("admission/<int:pk>/discard/", applying_pages.Discard.as_view(), name="discard"),
    path("admission/<int:pk>/withdraw/", applying_pages.Withdraw.as_view(), name="withdraw"),
    path("admission/<int:pk>/renew/", applying_pages.Renew.as_view(), name="renew"),
    path("admission/<int:pk>/opinion/", applying_pages.GiveOpinion.as_view(), name="opinion"),
    path("admission/<int:pk>/consult/", deciding_pages.Consult.as_view(), name="consult"),
    path("admission/<int:pk>/send-back/", deciding_pages.SendBack.as_view(), name="send_back"),
    path("admission/<int:pk>/decide/", deciding_pages.Decide.as_view(), name="decide"),
    path("admission/<int:pk>/trial/", deciding_pages.SettleTrial.as_view(), name="settle_trial"),
    path("admission/<int:pk>/trial/consult/", deciding_pages.ConsultOnTrial.as_view(), name="trial_consult"),
    path("admission/<int:pk>/revoke/", deciding_pages.Revoke.as_view(), name="revoke"),
    path("admission/<int:pk>/pay/", money_pages.Pay.as_view(), name="pay"),
    path("admission/<int:pk>/payments/<int:file>/", money_pages.PaymentFile.as_view(), name="payment_file"),
    path(
        "admission/<int:pk>/payments/<int:payment>/cancel/",
        money_pages.CancelPayment.as_view(),
        name="payment_cancel",
    ),
]
