"""Refusal slips, and what the organisations that keep asking were told."""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access import sealed_files
from linli.access.guard import NotPermitted, locked
from linli.access.roles import Permission
from linli.audit.recording import RuleError, action
from linli.certificates import knowing, listing, printing
from linli.certificates.actions.preparing import person_for
from linli.certificates.actions.steps import REFUSAL, asker_named, community_of, next_number, required
from linli.certificates.models import Asker, Edition, Refusal, Standing, Why
from linli.certificates.rules import numbers
from linli.certificates.rules.wording import chinese_day
from linli.regions import names

ISSUE, MANAGE = Permission.ISSUE_CERTIFICATES, Permission.MANAGE_CERTIFICATES
FOLDER = "certificates"
GENERAL = "《关于改进和规范基层群众性自治组织出具证明工作的指导意见》（民发〔2020〕20号）"
PROMISE = "可以请要求出具的单位采用告知承诺：由本人书面承诺，或由该单位向主管部门核实。"


def refuse(
    *,
    acting_user: Any,
    region_code: str,
    asked: str,
    asker: str,
    why: str,
    reason: str = "",
    code: str = "",
    person_id: int | None = None,
    name: str = "",
    purpose: str = "",
) -> Refusal:
    """Give a slip of refusal. `code` names the kind on the list, if it is there; for what must not be issued the list says where
    to go. `person_id` for people of the base, else `name`.

    Raises RuleError when the list allows the kind and nothing else stands against it, NotPermitted.
    """
    community = community_of(region_code)
    if not acting_user.can(ISSUE, community):
        raise NotPermitted(ISSUE)
    person = person_for(acting_user, person_id) if person_id else None
    if person is not None and community_of(person.region_code) != community:
        raise RuleError(_("这位居民不在本社区登记，请不选人，直接填姓名。"), field="person")
    who = person.name if person is not None else required(name, "name", _("请填写申请人姓名。"), 30)
    what = required(asked, "asked", _("请填写对方要求的证明名称。"), 60)
    edition = listing.one_in_force(community, code) if code else None
    if why not in Why.values:
        raise RuleError(_("请选择不予出具的理由。"), field="why")
    said = _reason(why, edition, what, reason)
    desks = listing.desks(community, edition.offices) if edition is not None and edition.offices else []
    instead = edition.instead if edition is not None and edition.instead else PROMISE
    if why in (Why.FACTS, Why.NOT_ENTITLED):
        instead = ""
    kept = ""
    try:
        with action(acting_user, "certificates.refuse", reason=said) as act:
            now = timezone.localtime()
            number = next_number(community, REFUSAL, now.year)
            made = Refusal(
                region_code=community,
                edition=edition,
                asked=what,
                person=person,
                name=who,
                asker=asker_named(asker, community, "asker"),
                purpose=" ".join(purpose.split())[:100],
                why=why,
                reason=said,
                instead=instead,
                offices=[one.as_json() for one in desks],
                bring=edition.bring if edition is not None else "",
                basis=_basis(edition),
                issuer_code=community,
                issuer_name=knowing.issuer_name(community),
                year=now.year,
                number=number,
                number_text=numbers.number_text(names.title(community), "不予", now.year, number),
                issued_at=now,
                issued_on=now.date(),
                issued_by=acting_user,
            )
            data = _print(made)
            made.sha256 = hashlib.sha256(data).hexdigest()
            made.file = kept = sealed_files.keep_data(data, folder=FOLDER)
            made.save()
            act.record(
                made,
                _("不予出具“%(what)s”，告知单 %(number)s，要求单位：%(asker)s")
                % {"what": what, "number": made.number_text, "asker": made.asker.name},
            )
    except BaseException:
        if kept:
            sealed_files.drop(kept)
        raise
    return made


def _reason(why: str, edition: Edition | None, asked: str, reason: str) -> str:
    given = " ".join(reason.split())
    if len(given) > 200:
        raise RuleError(_("请写在 %(most)s 个字以内。") % {"most": 200}, field="reason")
    if why == Why.NOT_ALLOWED:
        if edition is None or edition.standing == Standing.ALLOWED:
            raise RuleError(
                _("“%(what)s”不在不应出具的清单上，请换一个理由。") % {"what": asked}, field="why"
            )
        return given or _("“%(title)s”属于不应由社区出具证明的事项（%(source)s）。") % {
            "title": edition.title,
            "source": edition.source or _("本区清单"),
        }
    if why == Why.NOT_LISTED:
        if edition is not None and edition.standing == Standing.ALLOWED:
            raise RuleError(
                _("“%(title)s”在可以出具的清单上，请换一个理由，或直接出具。") % {"title": edition.title},
                field="why",
            )
        return given or _("没有法律法规依据，也不在社区可以出具的证明清单上。")
    return required(given, "reason", _("请写明哪里不符，例如“登记的住址与要求证明的不一致”。"))


def _basis(edition: Edition | None) -> str:
    if edition is None:
        return GENERAL
    source = edition.source.split("，第一批")[0] if edition.standing == Standing.NOT_ALLOWED else ""
    return "；".join(part for part in (source, edition.basis) if part)


def _print(made: Refusal) -> bytes:
    return printing.refusal(
        number=made.number_text,
        addressee=made.name,
        body=[
            _("您因%(asker)s要求，向本社区申请出具“%(what)s”。经研究，不予出具，理由是：%(why)s")
            % {"asker": made.asker.name, "what": made.asked, "why": made.reason}
        ],
        instead=made.instead,
        bring=made.bring if made.instead else "",
        desks=[(one["name"], one["address"] or "—", one["phone"] or "—") for one in made.offices]
        if made.instead
        else [],
        basis=made.basis,
        issuer=made.issuer_name,
        day=chinese_day(made.issued_on),
    )


def answer_asker(*, acting_user: Any, asker_id: int, answer: str) -> Asker:
    """Write down what an organisation said when the community office took its requests up. Raises RuleError, NotPermitted."""
    said = required(answer, "answer", _("请填写交涉结果，例如“已同意改为个人承诺”。"), 400)
    with action(acting_user, "certificates.answer_asker") as act:
        found = locked(Asker, asker_id, acting_user, MANAGE)
        found.answer, found.answered_at, found.answered_by = said, timezone.now(), acting_user.name
        found.save(update_fields=["answer", "answered_at", "answered_by"])
        act.record(found, _("与“%(name)s”交涉：%(said)s") % {"name": found.name, "said": said})
    return found
