"""The dictionary, for anyone to browse."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from linli.facts.dictionary import Subject, UnknownTerm, dictionary
from linli.pages.views import Permitted


def _matches(text: str, *words: str) -> bool:
    return not text or any(text in word.lower() for word in words)


def _found(subject: Subject, text: str) -> dict[str, list[Any]]:
    """The subject's terms in which the text occurs, by kind."""
    return {
        "elements": [e for e in subject.elements.values() if _matches(text, e.key, e.note, *e.names)],
        "conditions": [c for c in subject.conditions.values() if _matches(text, c.key, c.note, *c.names)],
        "measures": [m for m in subject.measures.values() if _matches(text, m.key, m.note, *m.names)],
        "links": [
            link for link in subject.links.values() if _matches(text, link.key, link.note, *link.names)
        ],
    }


class DictionaryPage(Permitted, TemplateView):
    """All subjects; with ?q= every term in which the word occurs."""

    template_name = "office/dictionary.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        dictionary.refresh()
        query = self.request.GET.get("q", "").strip()[:60]
        subjects = []
        for subject in dictionary.subjects():
            found = _found(subject, query.lower())
            if any(found.values()) or _matches(query.lower(), subject.label, *subject.also):
                subjects.append({"subject": subject, **found})
        return super().get_context_data(query=query, subjects=subjects, **kwargs)


class SubjectPage(Permitted, TemplateView):
    """One subject with all its elements, conditions, measures and links."""

    template_name = "office/subject.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            subject = dictionary.refresh().subject(self.kwargs["key"])
        except UnknownTerm:
            raise Http404 from None
        query = self.request.GET.get("q", "").strip()[:60]
        links = [
            {"link": link, "to": dictionary.subject(link.to)}
            for link in _found(subject, query.lower())["links"]
        ]
        return super().get_context_data(
            subject=subject,
            query=query,
            crumbs=[(_("数据字典"), reverse("dictionary"))],
            **_found(subject, query.lower()) | {"links": links},
            **kwargs,
        )
