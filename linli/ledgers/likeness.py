"""Look-alike forms: what people decided on a form with mostly the same headings is offered, with whose decision it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from linli.kernel.textnorm import squash
from linli.ledgers.models import ColumnChoice, FormUpload
from linli.ledgers.recognised import Recognition

# The share of headings in common (of those of both) from which forms are look-alikes.
ALIKE_FROM = 0.6


@dataclass(frozen=True)
class Precedent:
    """A decision on a column of the same heading in another form. `whole` says that both forms ask the same, in another order."""

    choice: ColumnChoice
    title: str
    shared: int
    of: int

    @property
    def whole(self) -> bool:
        return self.shared == self.of

    def said(self) -> str:
        """Whose decision it was, and how much the forms have in common."""
        who = f"{self.choice.decided_by.name} {timezone.localdate(self.choice.decided_at)}"
        likeness = "表头相同、次序或标题不同" if self.whole else f"{self.of} 个表头里有 {self.shared} 个相同"
        return f"{who} 在相似的《{self.title}》里（{likeness}）定过这一列"


def likeness(one: Iterable[str], other: Iterable[str]) -> tuple[int, int]:
    """How many headings two forms share, and how many they have together."""
    here, there = {squash(text) for text in one if text}, {squash(text) for text in other if text}
    return len(here & there), len(here | there)


def precedents(recognition: Recognition) -> dict[int, Precedent]:
    """For each column (by its place) the latest decision on a look-alike form's column of the same heading."""
    labels = [mapping.label for mapping in recognition.mappings]
    choices = (
        ColumnChoice.objects.filter(subject=recognition.subject, heading__in=labels)
        .exclude(fingerprint=recognition.fingerprint)
        .select_related("decided_by")
        .order_by("decided_at")
    )
    forms = {
        upload.fingerprint: upload
        for upload in FormUpload.objects.filter(
            fingerprint__in={choice.fingerprint for choice in choices}
        ).order_by("pk")
    }
    found: dict[int, Precedent] = {}
    for choice in choices:
        form = forms.get(choice.fingerprint)
        if form is None:
            continue
        shared, of = likeness(labels, [mapping.label for mapping in form.recognition.mappings])
        if of and shared / of >= ALIKE_FROM:
            found[labels.index(choice.heading)] = Precedent(choice, form.title, shared, of)
    return found
