"""Taking a roster away: the same people as a list of the dictionary's, with all that the group records of its members."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from urllib.parse import urlencode

from linli.facts.dictionary import Dictionary, UnknownTerm
from linli.registry.groups.models import Group

_WHO = ("name", "sex", "age", "id_number", "phone", "address")
_SOON_DAYS = 30


def list_of(group: Group, asked: Mapping[str, str], on: date, today: date, words: Dictionary) -> str:
    """The definition, as an address says it, of the list that a roster shows: its members on a day under the roster's filters
    `asked`. "" for what lists cannot say: a search, and those who left.
    """
    if asked.get("q") or asked.get("state"):
        return ""
    code = group.code
    pairs = [("subject", "person"), ("c", "on_record"), ("c", f"in_{code}")]
    for key, path in (("class_code", f"{code}_class"), ("level_code", f"{code}_level")):
        if value := asked.get(key):
            pairs.append(("f", f"{path},one_of,{value}"))
    if due := asked.get("due"):
        pairs.append(("f", _due(code, due, on)))
    columns = (
        *_WHO,
        f"{code}_class",
        f"{code}_level",
        *(f"{code}.{key}" for key in ("certificate", "from_date", "until_date", "review_on", "amount")),
        *(f"{code}_{one.code}" for one in group.asks),
        f"{code}.evidence",
    )
    pairs += [("col", path) for path in columns if _known(words, path) and _used(group, path)]
    if region := asked.get("region"):
        pairs.append(("region", region))
    if on != today:
        pairs.append(("on", on.isoformat()))
    return urlencode(pairs)


def _due(code: str, due: str, on: date) -> str:
    if due == "overdue":
        return f"{code}.review_on,between,,{on - timedelta(days=1)}"
    if due == "review":
        return f"{code}.review_on,next_days,{_SOON_DAYS}"
    return f"{code}.until_date,next_days,{_SOON_DAYS}"


def _known(words: Dictionary, path: str) -> bool:
    try:
        words.walk("person", path)
    except UnknownTerm:
        return False
    return True


def _used(group: Group, path: str) -> bool:
    """Certificates only where the group has them, reviews where it is reviewed."""
    if path.endswith(".certificate"):
        return group.needs_certificate
    return not path.endswith(".review_on") or bool(group.review_months)


__all__ = ["list_of"]
