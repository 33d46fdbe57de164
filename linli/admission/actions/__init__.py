"""Every write of admission.

All raise `RuleError` for what the rules refuse, and `NotPermitted` for what the acting user may not see or do.
"""

from linli.admission.actions.applying import (
    attach_form,
    begin_renewal,
    change_draft,
    discard,
    keep_document,
    remove_form,
    save_draft,
    submit,
    withdraw,
)
from linli.admission.actions.arrears import look_at_arrears
from linli.admission.actions.deciding import consult, decide, revoke, send_back
from linli.admission.actions.emergencies import approve_emergency, end_emergency, review_emergency
from linli.admission.actions.objections import answer_objection, raise_objection
from linli.admission.actions.opinions import give_opinion
from linli.admission.actions.paying import cancel_payment, record_payment
from linli.admission.actions.receiving import cancel_receipt, record_receipt
from linli.admission.actions.setting import change_setting
from linli.admission.actions.trials import consult_on_trial, settle_trial

__all__ = [
    "answer_objection",
    "approve_emergency",
    "attach_form",
    "begin_renewal",
    "cancel_payment",
    "cancel_receipt",
    "change_draft",
    "change_setting",
    "consult",
    "consult_on_trial",
    "decide",
    "discard",
    "end_emergency",
    "give_opinion",
    "keep_document",
    "look_at_arrears",
    "raise_objection",
    "record_payment",
    "record_receipt",
    "remove_form",
    "review_emergency",
    "revoke",
    "save_draft",
    "send_back",
    "settle_trial",
    "submit",
    "withdraw",
]
