"""What a person's fields must look like, and how what people type is brought into one shape."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from linli.kernel import citizen_number, phone

# Kinds of certificate whose numbers are built as GB 11643 has it: 身份证, 户口簿, 港澳台居住证, 外国人永久居留身份证.
CITIZEN_KINDS = frozenset({"", "01", "02", "08", "09"})
# Facts about a person's health: sensitive personal information (个人信息保护法 Art. 28), shown and asked only where sensitive groups
# may be seen.
HEALTH_FACTS = frozenset({"health", "self_care", "labour"})
_BLANKS = re.compile(r"\s+")
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff〇A-Za-z·.\-' ]{1,50}")


class Wrong(ValueError):
    """A field is wrong; `field` names it, the text says in one Chinese sentence what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


def clean_name(text: str) -> str:
    """A name with its dot as · and no blanks between Chinese characters.

    Raises Wrong.
    """
    name = _BLANKS.sub(" ", text.strip()).replace("•", "·").replace("・", "·").replace("．", "·")
    if not name.isascii():
        name = name.replace(" ", "")
    if not name:
        raise Wrong("name", "请填写姓名。")
    if not _NAME.fullmatch(name):
        raise Wrong("name", f"姓名“{name[:20]}”里有数字或符号，请按证件填写，最多 50 个字。")
    return name


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate number in its one shape, with what it says of its bearer ("" and None where it says nothing)."""

    kind: str
    number: str
    sex: str = ""
    born: date | None = None


def read_identity(kind: str, text: str, *, on: date) -> Identity:
    """The number as it is kept.

    Raises Wrong when it does not fit its kind.
    """
    number = citizen_number.normalise(text)
    if not number:
        return Identity(kind, "")
    if kind in CITIZEN_KINDS:
        try:
            read = citizen_number.parse(number, on=on)
        except citizen_number.InvalidCitizenNumber as error:
            raise Wrong("id_number", str(error)) from error
        kind = kind or ("08" if read.is_permit else "01")
        return Identity(kind, read.number, read.sex, read.birth_date)
    if not re.fullmatch(r"[0-9A-Z\u4e00-\u9fff\-()/]{4,30}", number):
        raise Wrong("id_number", "证件号码应为 4 至 30 位字母或数字，请对照证件核对。")
    return Identity(kind, number)


def agree(identity: Identity, *, sex: str, born: date | None) -> tuple[str, date | None]:
    """Sex and birth date, taken from the number where they were not given.

    Raises Wrong when they contradict the number.
    """
    if identity.born is None:
        return sex, born
    if born and born != identity.born:
        raise Wrong("birth_date", f"出生日期 {born} 与身份证号中的 {identity.born} 不一致，请对照证件核对。")
    if sex in ("1", "2") and sex != identity.sex:
        raise Wrong("sex", "性别与身份证号不一致，请对照证件核对。")
    return identity.sex, identity.born


def read_phone(field: str, text: str) -> str:
    """A telephone number in its one shape; "" for none.

    Raises Wrong.
    """
    if not text.strip():
        return ""
    try:
        number = phone.normalise(text)
    except phone.InvalidPhone as error:
        raise Wrong(field, str(error)) from error
    if field == "phone" and not phone.is_mobile(number):
        raise Wrong(field, "手机号码应为 11 位；固定电话请填在“固定电话”一栏。")
    return number


SHORTEST, TALLEST = 30, 250


def height_problem(centimetres: int | None) -> str:
    """What is wrong with a height; "" when all is well."""
    if centimetres is None or SHORTEST <= centimetres <= TALLEST:
        return ""
    return f"身高以厘米填写，应在 {SHORTEST} 到 {TALLEST} 之间，请核对。"


def permit_problem(taken: date | None, until: date | None, today: date) -> str:
    """What is wrong with the day on which a residence permit was taken out; "" when all is well."""
    if taken is None:
        return ""
    if taken > today:
        return f"居住证发证日期 {taken} 还没有到，请核对。"
    if until is not None and until < taken:
        return f"居住证有效期至 {until}，早于发证日期 {taken}，请核对。"
    return ""


# Nobody starts to work earlier; 《劳动法》 Art. 15 says 16, older people began before it.
YOUNGEST_AT_WORK = 10


def work_problem(started: date | None, born: date | None, today: date) -> str:
    """What is wrong with the day on which somebody started to work; "" when all is well."""
    if started is None:
        return ""
    if started > today:
        return f"参加工作日期 {started} 还没有到，请核对。"
    if born is not None and started.year - born.year < YOUNGEST_AT_WORK:
        return f"参加工作日期 {started} 时还不到 {YOUNGEST_AT_WORK} 岁，请核对出生日期和参加工作日期。"
    return ""
