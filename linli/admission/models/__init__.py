"""The data of admission."""

from linli.admission.models.applications import (
    DISTRICT,
    Admission,
    Application,
    Area,
    AttachedForm,
    Decision,
    Opinion,
    Outcome,
    Report,
    Setting,
    Stance,
    around,
)
from linli.admission.models.emergencies import Emergency
from linli.admission.models.money import Instalment, Payment, PaymentPart, Receipt
from linli.admission.models.objections import Objection

__all__ = [
    "DISTRICT",
    "Admission",
    "Application",
    "Area",
    "AttachedForm",
    "Decision",
    "Emergency",
    "Instalment",
    "Objection",
    "Opinion",
    "Outcome",
    "Payment",
    "PaymentPart",
    "Receipt",
    "Report",
    "Setting",
    "Stance",
    "around",
]
