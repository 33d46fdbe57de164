"""Whom or what a roster lists: its subject, and the conditions (口径) that its title speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from linli.facts.dictionary import Condition, Dictionary, Kind, Sensitivity, Subject
from linli.kernel.textnorm import squash
from linli.ledgers.meaning.births import births, said_births
from linli.ledgers.meaning.lexicon import Lexicons
from linli.ledgers.meaning.numbers import AGE, band
from linli.ledgers.meaning.wording import canonical, is_self, role_of, speaks_of_dealing, wording
from linli.ledgers.sheet.layout import Layout

_NOISE = re.compile(
    r"第[一二三四1-4]季度|基本信息|基础|结构|构成|信息|登记|采集|花名册|名册|名单|台账|统计|汇总|明细|列表|导出|导入|模板|批量|基本|情况|服务|人员|对象|本级|党建|本建|"
    r"社会|队伍|成员|申请|申报|一览|调查|摸底|排查|公示|档案|数据|资料|表格|表|册|单|卡|附件|各|全|本|辖区|社区|街道|乡镇|居委会|村|镇|"
    r"市|区|县|省|年度|年|月|日|季度|季|及|和|的|与|个人|居民|人口|用|填报|上报|核查|核对|复核|更新|现有|所有|全部|分类|管理|建档|网格|"
    r"联系电话|电话号码|电话|联系方式|登记簿|底册|底数|底账|清册|清单|通讯录|联系册|手册|簿|记录|报送|上报|月报|季报|采集|核对|核实|一户一档|一人一档|安全|摸排|走访|关爱|探访|帮扶|护理|照护|"
    r"发放|审批|享受|符合|条件|困难|家庭|户|人|[a-z0-9x某\-—_/.、，,()“”\"〔〕]+"
)
# Words that make a group smaller by something the registry does not hold: whoever reads them must say who is meant.
_RESTRICTING = re.compile(
    r"困难|已婚|未婚|离异|丧偶|失能|失智|贫困|致贫|返贫|脱贫|大病|重病|慢性病|患病|失学|辍学|新增|减少|退出|停发|取消|死亡|去世|注销|返乡|创业|"
    r"新出生|新生儿|双女|一孩|二孩|三孩|怀孕|孕产|哺乳|失地|拆迁|务工|疑似|失联|已故|优秀|先进|骨干|后备|"
    r"在职|流动(?!人口)|离校|签约|随迁|适龄"
)
# Words of titles for what conditions of the dictionary name otherwise.
_OTHER_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"来[沪穗京津渝蓉深杭宁汉郑苏甬厦青莞佛济昆](?:务工)?人(?:员|口)"), "流动人口"),
    # Whoever lives there is to be insured: enrolment names a scheme, not those who are in it.
    (re.compile(r"(?<!未参加)城乡居民(?:基本)?医疗保险(?:参保|缴费)+(?=登记|摸底|动员|采集)"), "居民"),
    (re.compile(r"出租屋"), "出租房"),
    (re.compile(r"门店|店铺|门面"), "商铺"),
    (re.compile(r"(?:死亡|已故|去世)(?:人员|人口|居民)"), "已登记去世"),
    (re.compile(r"房屋安全隐患|有?(?:安全)?隐患的?房屋"), "有隐患"),
)
# What a title may say before the group that it names without making it smaller: occasions, offices, deeds.
_OCCASION = re.compile(
    r"专(?:职)?、?兼职|财政|补助|补贴|发放|慰问|走访|春节|中秋|国庆|元旦|端午|重阳|八一|七一|六一|[上下]半|城乡|城市|城镇|全国|国家|企业|各类|持证|登记|注册|"
    r"在册|特殊|重点|享受|领取|纳入|开展|落实|关于|建立|民政|卫健|残联|工会|妇联|工作|年满|周岁|第|本级|中央|街|镇|乡|级|参加|涉及|有关|"
    r"[一二三四五六七八九十]+、?|关爱|结对|包保|服务|体检|健康|养老|老龄|就业|志愿|文明|创建|平安|入户|常态化|动态|基础|特困|救助|优待|扶助|辖|群体"
)
_UP_TO_PLACE = re.compile(
    r"^.*(?:省|市|区|县|旗|州|盟|镇|乡|村|街道|办事处|社区|居委会|年度?|月份?|日|季度|期|[)）:：、，,\d])"
)
# What is done with places and organisations says nothing of which are meant.
_DEEDS = re.compile(r"消防|设施|设备|检查|清查|普查|安全|巡查|备案|经营|登记注册")
_OLDEST = 120
_GENERIC = frozenset(("男", "女", "户籍", "常住", "在册", "住宅", "现行"))
_SEVERE = re.compile(r"重残|重度残疾|一、?二级残疾|重度")
# Signs in the headings of an untitled list, and the word by which its population goes.
_SIGNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), word)
    for pattern, word in (
        (r"党支部|入党|党籍", "党员"),
        (r"退役|服役部队|优抚", "退役军人"),
        (r"残疾证|残疾等级|残疾类[别型]", "残疾人"),
        (r"失业", "失业人员"),
        (r"低保证|低保金|保障金", "低保"),
        (r"流入|暂住|流出地", "流动人口"),
        (r"出租房", "出租房"),
        (r"避孕|生育服务|婚育证", "育龄妇女"),
        (r"志愿", "志愿者"),
    )
)


@dataclass
class Population:
    """Whom the roster lists. `doubt` is what of the title could not be explained; then a person must confirm. `topics` are the
    groups that the form is about although its people need not be in them: those whom one applies to join."""

    subject: str = ""
    confidence: float = 0.0
    conditions: list[str] = field(default_factory=list)
    filters: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    doubt: str = ""
    reasons: list[str] = field(default_factory=list)
    sensitive: bool = False
    topics: list[str] = field(default_factory=list)


def _subject_scores(layout: Layout, lexicons: Lexicons, text: str) -> dict[str, float]:
    scores: dict[str, float] = {}
    leaves = [wording(column.leaf)[0] for column in layout.columns if column.leaf]
    for subject in lexicons.rosterable:
        lexicon = lexicons.of(subject.key)
        score = 0.0
        for leaf in leaves:
            if squash(leaf) in lexicon.exact:
                score += 1.0
            elif canonical(leaf) in lexicon.alike:
                score += 0.8
            elif lexicon.qualified(leaf, 1):
                score += 0.5
        for word in (subject.label, *subject.also):
            if len(word) >= 2 and squash(word) in text:
                score += 3 + 0.1 * len(word)
                break
        if any(
            len(name) >= 3 and squash(name) in text
            for condition in subject.conditions.values()
            for name in condition.names
        ):
            score += 2
        scores[subject.key] = score
    if "position" in scores:
        # Staff are told by name like anybody else: only a title that speaks of them makes a list of posts.
        staff = lexicons.words.subject("position")
        named = any(len(word) >= 2 and squash(word) in text for word in (staff.label, *staff.also))
        scores["position"] = scores["position"] + 6 if named else 0.0
    if "person" in scores:
        names = {
            squash(wording(column.leaf)[0])
            for column in layout.columns
            if column.leaf and not any(role_of(group) and not is_self(group) for group in column.groups)
        }
        number = {canonical(name) for name in names} & {"身份证号", "证件号"}
        own = lexicons.of("person").exact
        if any(
            own.get(name) == ["name"] or is_self(name.removesuffix("姓名"))
            for name in names
            if name.endswith("姓名") and name[:2] not in ("申请", "户主")
        ):
            # 党员姓名, 老人姓名: the row's own person by what they are.
            names.add("姓名")
        elif any(
            len(name) >= 4 and name.endswith("姓名") and ending.endswith(name.removesuffix("姓名"))
            for ending in _named_in(text, lexicons.words.subject("person"))
            for name in names
        ):
            # 家属姓名 on a list of 军人家属.
            names.add("姓名")
        if "姓名" in names and (number or names & {"性别", "出生日期", "年龄"}):
            scores["person"] += 6
        elif "姓名" not in names and names & {"户主姓名", "户主"} and "household" in scores:
            scores["household"] += 6
            scores["person"] -= 6
        elif "姓名" not in names and "申请人" not in names:
            scores["person"] -= 4
    return scores


def _named_in(text: str, subject: Subject) -> list[str]:
    """The names of groups that a title speaks of."""
    return [
        name
        for condition in subject.conditions.values()
        if condition.key.startswith("in_")
        for name in map(squash, condition.names)
        if len(name) >= 2 and name in text
    ]


def _posts_first(
    ranked: list[tuple[str, float]], text: str, layout: Layout, lexicons: Lexicons
) -> list[tuple[str, float]]:
    """楼栋长 with 负责户数 and 任职时间 are posts rather than people of a group."""
    posts = lexicons.words.subject("network_post") if "network_post" in dict(ranked) else None
    if posts is None or ranked[0][0] != "person":
        return ranked
    named = any(
        len(name) >= 2 and squash(name) in text for one in posts.conditions.values() for name in one.names
    )
    groups = lexicons.words.subject("person").conditions
    if named and not any(squash(name) in text for c in groups.values() for name in c.names if len(name) >= 2):
        # No group of people goes by that word: 网格员.
        return [("network_post", ranked[0][1]), *(one for one in ranked if one[0] != "network_post")]
    own, people = lexicons.of("network_post"), lexicons.of("person")
    leaves = [wording(column.leaf)[0] for column in layout.columns if column.leaf]
    told = sum(1 for leaf in leaves if own.knows(leaf) and not people.knows(leaf))
    if not named or told < 2:
        return ranked
    return [("network_post", ranked[0][1]), *(one for one in ranked if one[0] != "network_post")]


def _spoken_ages(text: str) -> str:
    """Ages spoken one way: 60周岁(含)以上, 60岁及以上 and 60岁以上 are the same."""
    text = re.sub(r"(?<=\d)周岁", "岁", text)
    return re.sub(r"(?<=岁)(?:\(含\d*岁?\)|含)?及?(?=以上|以下)", "", text)


def _ages(text: str) -> tuple[tuple[int, ...], str]:
    """The ages that a title's own words take in (18-35岁, 6岁以下), and the text without them."""
    for match in AGE.finditer(text):
        low, high = band(match)
        if match.groupdict()["reached"]:
            continue
        return tuple(range(low or 0, (high if high is not None else _OLDEST) + 1)), text.replace(
            match.group(0), "·"
        )
    return (), text


def _wanted(name: str, text: str) -> bool:
    """Whether a title asks who would like a service rather than who has it: 居家养老服务需求."""
    return name.endswith(("服务", "养老", "护理")) and bool(
        re.search(rf"{re.escape(name)}(?:服务)?(?:需求|意愿|意向)", text)
    )


def _conditions_in(text: str, subject: Subject) -> tuple[list[Condition], str]:
    """The conditions whose names stand in the text, longest names first, and the text without them."""
    text = _spoken_ages(text)
    named = sorted(
        (
            (_spoken_ages(_in_figures(squash(name))), condition)
            for condition in subject.conditions.values()
            for name in condition.names
        ),
        key=lambda entry: (-len(entry[0]), entry[1].key),
    )
    found: dict[str, Condition] = {}
    rest = text
    for name, condition in named:
        default = condition.key == subject.default
        if len(name) < 2 or name in _GENERIC or (default and len(name) < 3):
            continue
        if name in rest and not _wanted(name, rest):
            rest = rest.replace(name, "·")
            found.setdefault(condition.key, condition)
    return list(found.values()), rest


def _narrowest(found: list[Condition], oldest: int) -> list[Condition]:
    """The conditions without ages that others of them take in: 80岁以上老年人 are those of 80, not also those of 60. `oldest` is
    the age from which the title counts by numbers of its own."""
    lows = {c.key: int(c.key.removeprefix("aged_")) for c in found if re.fullmatch(r"aged_\d+", c.key)}
    highs = {c.key: int(c.key.removeprefix("under_")) for c in found if re.fullmatch(r"under_\d+", c.key)}
    low, high = max([*lows.values(), oldest]), min(highs.values(), default=0)
    return [c for c in found if lows.get(c.key, low) == low and highs.get(c.key, high) == high]


def _filters(
    text: str, subject: Subject, conditions: list[Condition], words: Dictionary
) -> list[tuple[str, tuple[str, ...]]]:
    """Narrowings by a code that the title names: 精神残疾 → class of disability, 重残 → levels one and two."""
    found: list[tuple[str, tuple[str, ...]]] = []
    groups = {
        condition.key.removeprefix("in_") for condition in conditions if condition.key.startswith("in_")
    }
    for group in groups:
        classes, levels = subject.elements.get(f"{group}_class"), subject.elements.get(f"{group}_level")
        if classes is not None and classes.codes is not None:
            named = tuple(
                item.code
                for item in classes.codes
                for word in (item.label, *item.also)
                if len(word) >= 3 and squash(word) in text
            )
            if named:
                found.append((classes.key, tuple(dict.fromkeys(named))))
        if levels is not None and levels.codes is not None and _SEVERE.search(text):
            heavy = tuple(
                item.code for item in levels.codes if re.match(r"(?:一|二|1|2|壹|贰)级|重度", item.label)
            )
            if heavy:
                found.append((levels.key, heavy))
    if area := _area(text, subject, groups, {key for key, _codes in found}, words):
        found.append(area)
    return found


_TOWN_OR_COUNTRY = re.compile(
    r"(城市|城镇|农村|乡村)(?:居民|户籍|户口)?(?:最低生活保障|低保|特困|五保|低收入|困难|救助|残疾)"
)


def _area(
    text: str, subject: Subject, groups: set[str], narrowed: set[str], words: Dictionary
) -> tuple[str, tuple[str, ...]] | None:
    """农村低保, 城市特困: by what the membership says of town and country where a class or detail of the group does, else by
    the class of the division (GB/T 10114) lived in."""
    named = {match.group(1) for match in _TOWN_OR_COUNTRY.finditer(text)}
    if len(named) != 1 or not groups or any(f"{group}_class" in narrowed for group in groups):
        return None
    rural = named <= {"农村", "乡村"}
    wanted, other = ("农村", "城市") if rural else ("城市", "农村")
    for group in sorted(groups):
        for key, element in subject.elements.items():
            codes = element.codes if key.startswith(f"{group}_") else None
            if codes is not None and codes.match(other) and (code := codes.match(wanted)):
                return key, (code,)
    if "area_kind" not in subject.elements:
        return None
    codes = words.walk(subject.key, "area_kind")[2].codes
    code = codes.match(wanted) if codes is not None else None
    return ("area_kind", (code,)) if code else None


def find_population(layout: Layout, lexicons: Lexicons) -> Population:
    """The roster's subject and scope, from title, sheet name and headings."""
    text = titled(layout.title)
    if (
        layout.sheet
        and titled(layout.sheet) not in text
        and not re.match(r"sheet|表?\d", squash(layout.sheet))
    ):
        text = f"{text}·{titled(layout.sheet)}"
    dealings = [column.leaf for column in layout.columns if speaks_of_dealing(column.leaf)]
    if len(dealings) >= 2 and len(dealings) * 8 >= len(layout.columns):
        shown = "、".join(squash(leaf) for leaf in dealings[:4])
        return Population(
            "", 0.8, doubt="事项台账", reasons=[f"表头有“{shown}”，一行是一件事，登记库里没有这类台账"]
        )
    scores = _subject_scores(layout, lexicons, text)
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < 1:
        return Population("", 0.0, doubt="主题", reasons=["表头中没有登记库认识的内容"])
    ranked = _posts_first(ranked, text, layout, lexicons)
    key, score = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    subject = lexicons.words.subject(key)
    sure = min(0.99, 0.6 + 0.4 * (score - second) / max(score, 1))
    leaves = (wording(column.leaf)[0] for column in layout.columns if column.leaf)
    hits = sum(1 for leaf in leaves if lexicons.of(key).knows(leaf))
    made = Population(key, round(sure, 2), reasons=[f"每行一个“{subject.label}”：表头中有 {hits} 处相符"])
    _find_scope(made, text, subject, layout, lexicons.words)
    return made


def title_scope(layout: Layout, lexicons: Lexicons) -> Population:
    """The scope of a table of numbers: what its title names of people."""
    made = Population("person", 1.0)
    _find_scope(made, titled(layout.title), lexicons.words.subject("person"), layout, lexicons.words)
    if made.doubt and not made.conditions:
        # What else is counted may stand in the title: 各社区房屋及出租房情况汇总表.
        rest = made.doubt
        named = {
            squash(name)
            for subject in lexicons.counted
            for names in (
                (subject.label, *subject.also),
                *(condition.names for condition in subject.conditions.values()),
            )
            for name in names
        }
        for name in sorted((n for n in named if len(n) >= 2), key=len, reverse=True):
            rest = rest.replace(name, "")
        if len(rest) < 2:
            made.doubt, made.reasons = "", ["标题说的是要数的人和物"]
    return made


_CHINESE_AGE = re.compile(r"([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]|一?百)(周?岁)")
_DIGITS = "零一二三四五六七八九"


def _tens(words: str) -> int:
    """A number below a hundred in Chinese characters, or a hundred: 六十, 十八, 百."""
    if words.endswith("百"):
        return 100
    tens, ten, ones = words.partition("十")
    if not ten:
        return _DIGITS.index(words)
    return (_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0)


def _in_figures(text: str) -> str:
    """六十岁 and 百岁 as 60岁 and 100岁."""
    return _CHINESE_AGE.sub(lambda found: f"{_tens(found.group(1))}{found.group(2)}", text)


def titled(title: str) -> str:
    """A title in the words of the dictionary's conditions."""
    text = _in_figures(squash(title))
    for pattern, word in _OTHER_WORDS:
        text = pattern.sub(word, text)
    return text


# Single characters that make another thing of the name behind them: 群租房 is not every 租房.
_SMALLER = frozenset(("群", "新", "原", "非", "未", "失", "贫", "病", "危", "弱", "孤", "双"))


def _by_class(made: Population) -> bool:
    """Whether the title narrows its group by a class or level of it: what stands before the name is explained by that."""
    return any(path not in ("age", "birth_date") for path, _codes in made.filters)


def _narrower(rest: str) -> str:
    """The words just before the group that a title names, which make it smaller: 在职 of 在职党员; "" when there are none."""
    before, _name, _after = rest.partition("·")
    before = _OCCASION.sub("", _NOISE.sub("", _UP_TO_PLACE.sub("", before)))
    before = re.sub(r"[^\u4e00-\u9fff]", "", before)
    return before if len(before) >= 2 or before in _SMALLER else ""


# What is done with people of an age, and how a title calls those who are nobody in particular.
_ANYBODY = re.compile(
    r"免费|筛查|疫苗|接种|需求|意愿|资格|认证|待遇|领取|办理|随访|评估|普及|普查|出生|常住|居民|市民|村民|公民|群众|人群|群体|人口|人员|青年|"
    r"老年|儿童|少年|适龄|以上|以下|之间"
)


def _others(rest: str, found: list[Condition]) -> str:
    """Whom a title that tells ages and no group speaks of: 在校学生 of 18至22岁在校学生; "" when it is anybody of that age."""
    if found:
        return ""
    left = _UP_TO_PLACE.sub("", rest.partition("·")[0]) + rest.partition("·")[2]
    left = _NOISE.sub("", _OCCASION.sub("", _ANYBODY.sub("", left)))
    left = re.sub(r"[^\u4e00-\u9fff]", "", left)
    return left if len(left) >= 2 else ""


def _find_scope(made: Population, text: str, subject: Subject, layout: Layout, words: Dictionary) -> None:
    born, text = births(text) if subject.key == "person" else (None, text)
    found, rest = _conditions_in(re.sub(r"重残(?:疾人?)?", "重度残疾人", text), subject)
    if not found and not text and born is None:
        found = _by_signs(subject, layout)
        if found:
            made.reasons.append(f"没有标题，从表头看列的是“{'、'.join(c.label for c in found)}”")
    joined = re.search(r"·(?:[、/和及与或]|以及)·", rest) if len(found) > 1 else None
    ages: tuple[int, ...] = ()
    if subject.key == "person":
        ages, rest = _ages(rest)
    if not joined:
        found = _narrowest(found, ages[0] if ages else 0)
    made.conditions = [condition.key for condition in found]
    made.filters = _filters(text, subject, found, words)
    if subject.key == "person":
        if born is not None:
            made.filters.append(("birth_date", born.ends))
            made.reasons.append(f"标题限定{born.said}")
        if ages:
            made.filters.append(("age", ages))  # type: ignore[arg-type]
            made.reasons.append(f"标题限定年龄 {ages[0]}–{ages[-1] if ages[-1] < _OLDEST else ''}岁")
    made.sensitive = any(condition.sensitivity >= Sensitivity.SENSITIVE for condition in found)
    if found and text:
        made.reasons.append(f"标题“{layout.title or layout.sheet}”指“{'、'.join(c.label for c in found)}”")
    for element, codes in made.filters:
        listed = words.walk(subject.key, element)[2]
        if listed.codes is None:
            continue
        names = "、".join(listed.codes.label(code) for code in codes)
        made.reasons.append(f"标题限定“{listed.label}”为{names}")
    if found or made.filters:
        narrower = (
            _RESTRICTING.search(rest)
            or re.search(r"\d+岁", rest)
            or re.search(r"(?<![妇子男儿])[男女](?![方儿孩户性女])", rest)
        )
        if joined:
            made.doubt = "、".join(condition.label for condition in found)
            made.reasons.append("标题并列了几类，可能是其中任一类，也可能要同时符合，请选择")
        elif narrower or (
            other := _narrower(rest) if found and not _by_class(made) else _others(rest, found)
        ):
            made.doubt = narrower.group(0) if narrower else other
            made.reasons.append(
                f"标题里的“{made.doubt}”还要再限定，登记库没有这个口径，请选择填哪些{subject.label}"
            )
        return
    for word in sorted((subject.label, *subject.also), key=len, reverse=True):
        rest = rest.replace(squash(word), "")
    if subject.key not in ("person", "household"):
        rest = _DEEDS.sub("", rest)
    if subject.key == "home":
        rest = re.sub(r"业主|产权人|房主", "", rest)
    if subject.key == "position":
        rest = re.sub(r"企业|公司|单位|商户|商铺|场所|机构|用工", "", rest)
    default = subject.conditions.get(subject.default)
    if default is not None:
        # 常住居民 are those who are meant anyhow.
        rest = rest.replace(squash(default.label), "")
    left = re.sub(r"[^\u4e00-\u9fff]", "", _NOISE.sub("", rest))
    if len(left) >= 2 and re.search(r"[\u4e00-\u9fff]", text):
        made.doubt = left
        made.reasons.append(f"标题中的“{left}”不是登记库认识的口径，请选择填哪些{subject.label}")
    elif default is not None:
        made.reasons.append(f"没有限定范围，按全部“{default.label}”{subject.label}填")
    else:
        made.reasons.append(f"没有限定范围，填全部{subject.label}")


def _by_signs(subject: Subject, layout: Layout) -> list[Condition]:
    """What the headings of an untitled list tell of its population: two signs, or one on a list of homes."""
    leaves = [squash(column.leaf) for column in layout.columns]
    needed = 1 if subject.key == "home" else 2
    found: list[Condition] = []
    for pattern, word in _SIGNS:
        if sum(1 for leaf in leaves if pattern.search(leaf)) >= needed:
            named = [c for c in subject.conditions.values() if squash(word) in [squash(n) for n in c.names]]
            found.extend(named[:1])
    return found


def describe(lexicons: Lexicons, made: Population) -> str:
    """The population in words: 居民 · 60岁及以上."""
    if not made.subject:
        return "未能判断"
    subject = lexicons.words.subject(made.subject)
    parts = [subject.label]
    ages = {key: int(age[1]) for key in made.conditions if (age := re.fullmatch(r"aged_(\d+)", key))}
    parts.extend(
        subject.conditions[key].label
        for key in made.conditions
        if key in subject.conditions and ages.get(key, 0) >= max(ages.values(), default=0) * (key in ages)
    )
    for element, codes in made.filters:
        listed = lexicons.words.walk(made.subject, element)[2] if element in subject.elements else None
        if listed is not None and listed.codes is not None and listed.kind in (Kind.CODE, Kind.CODES):
            parts.append("、".join(listed.codes.label(code) for code in codes))
        elif element == "birth_date":
            parts.append(said_births(codes))
        elif element == "age":
            low, high = int(codes[0]), int(codes[-1])
            parts.append(f"{low}岁及以上" if high >= _OLDEST else f"{low}–{high}岁")
    if len(parts) == 1 and subject.default and subject.default in subject.conditions:
        parts.append(subject.conditions[subject.default].label)
    return " · ".join(parts)
