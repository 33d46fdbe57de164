"""What a row says in the columns beyond the usual ones (`intake.further`)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from linli.kernel import citizen_number, credit_code
from linli.kernel.schooling import EARLIEST
from linli.registry.intake import further
from linli.registry.intake.columns import BY_KEY
from linli.registry.people.rules.details import SHORTEST, TALLEST, work_problem

if TYPE_CHECKING:
    from linli.registry.intake.rules.examiner import Examiner


class FurtherReader:
    """Reads further columns with the examiner's ways of codes, dates and telephones; faults are said there."""

    def __init__(self, examiner: Examiner) -> None:
        self._of = examiner

    def read(self, values: dict[str, str], keys: Iterable[str]) -> dict[str, Any]:
        """The values that are there, by key, as JSON has them; nothing of those that are wrong or masked."""
        found = {}
        for key in keys:
            if values.get(key) and (value := self._value(values, key)) not in ("", None):
                found[key] = value
        return found

    def of_person(self, values: dict[str, str], keys: Iterable[str], born: date | None) -> dict[str, Any]:
        """The same of a person, with what must fit together."""
        found = self.read(values, keys)
        if not self._of.context.sees_health and (said := [key for key in found if key in further.HEALTH]):
            self._say(said[0], "您没有登记健康情况的权限，请清空这一列，或请有权限的人导入。")
        started = found.get("started_work_on")
        if started and (problem := work_problem(date.fromisoformat(started), born, self._of.context.today)):
            self._say("started_work_on", problem)
        born_by = born.year if born else 0
        if (since := found.get("school_since")) and since < born_by + 2:
            self._say("school_since", f"入学年份 {since} 时还不到 2 岁，请核对出生日期和入学年份。")
        taken, until = found.get("permit_on"), found.get("permit_until")
        if taken and until and until < taken:
            self._say("permit_until", f"居住证有效期至 {until}，早于发证日期 {taken}，请核对。")
        if not found.get("contact_name") and (found.get("contact_phone") or found.get("contact_relation")):
            self._say("contact_name", "写了紧急联系人的电话或关系，没有写是谁，请补上紧急联系人姓名。")
        if found.get("permit_kind") == further.UNREGISTERED and found.get("permit_number"):
            self._say("permit_kind", "填了居住证号，居住登记证件种类就不能是“未办理”，请核对。")
        return found

    def sealed(self, found: dict[str, Any]) -> str:
        """The values as JSON, those that are sealed as hexadecimal digits."""
        return seal(found, self._of.context.seal)

    def _value(self, values: dict[str, str], key: str) -> Any:
        text = values[key]
        if key in further.SEALED and ("*" in text or "＊" in text):
            return ""  # a masked number says nothing
        if key in further.CODED:
            return self._of._code(values, key, further.CODED[key])
        if key in further.DATES:
            today = self._of.context.today
            until = date(today.year + 50, 12, 31) if key == "permit_until" else None
            day = self._of._date(values, key, until=until)
            return day.isoformat() if day is not None else None
        if key in further.WHOLE:
            return self._whole(key, text)
        if key in further.PHONES:
            return self._of._phone(values, key)
        if key == "email" and ("@" not in text or " " in text):
            self._say(key, f"电子邮箱“{text[:30]}”不对，请写成 name@example.com 的样子。")
            return ""
        if key == "permit_number":
            return self._permit(text)
        if key == "owner_id_number":
            return self._owner(text)
        return text

    def _say(self, key: str, reason: str) -> None:
        self._of._say(key, reason)

    def _whole(self, key: str, text: str) -> int | None:
        low, high, units = {
            "rooms": (1, further.MOST_ROOMS, ("间",)),
            "school_since": (EARLIEST, self._of.context.today.year, ("年", "级")),
            "height": (SHORTEST, TALLEST, ("厘米", "cm", "CM", "公分")),
        }[key]
        bare = text
        for unit in units:
            bare = bare.removesuffix(unit)
        if not bare.isdecimal() or not low <= int(bare[:4]) <= high:
            heading = BY_KEY[key].heading
            self._say(key, f"{heading}“{text[:20]}”应为 {low} 到 {high} 之间的整数，请核对。")
            return None
        return int(bare)

    def _permit(self, text: str) -> str:
        number = "".join(text.split()).upper()
        if not all(one.isascii() and (one.isalnum() or one == "-") for one in number):
            self._say("permit_number", "居住证号只有数字和字母，最多 40 个字符，请核对。")
            return ""
        return number

    def _owner(self, text: str) -> str:
        number = citizen_number.normalise(text)
        if len(number) == 18 and not (citizen_number.is_valid(number) or credit_code.is_valid(number)):
            self._say(
                "owner_id_number", "房主证件号码不对：身份证号和统一社会信用代码的末位都对不上，请核对。"
            )
            return ""
        if not all(one.isalnum() or one in "-()" for one in number):
            self._say("owner_id_number", f"房主证件号码“{text[:20]}”里有不该有的符号，请核对。")
            return ""
        return number


def seal(found: dict[str, Any], sealing: Any) -> str:
    """Further values as JSON, those that are sealed as hexadecimal digits; "" for none."""
    if not found:
        return ""
    return json.dumps(
        {
            key: sealing(value, further.SEALED[key]).hex() if key in further.SEALED else value
            for key, value in found.items()
        },
        ensure_ascii=False,
    )
