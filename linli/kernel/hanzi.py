"""Pinyin of Chinese text and names, and the two-character grams that searching rests on.

Readings come from pypinyin's tables, without tones, ü written ``v`` as it is typed (汉语拼音方案; GB/T 28039-2011
for names): by words for places and organisations (重庆, 银行), character by character for people. Surnames with
a reading of their own stand in a table here, because the commonest reading is wrong for them (曾 zēng, 单 shàn).
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import groupby, pairwise
from typing import Final

# Every process reads characters and few read words, whose table alone takes 45 MB: it waits until a word is read.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")

from pypinyin import lazy_pinyin, load_phrases_dict
from pypinyin.pinyin_dict import pinyin_dict as _readings


def _table(text: str) -> dict[str, str]:
    """Pairs from words of the shape ``曾:zeng``."""
    return dict(pair.split(":") for pair in text.split())


SURNAMES: Final = _table("""
    曾:zeng 单:shan 解:xie 仇:qiu 区:ou 查:zha 朴:piao 乐:yue 翟:zhai 盖:ge 缪:miao 覃:qin 员:yun 贠:yun
    种:chong 秘:bi 召:shao 卜:bu 折:she 乜:nie 郇:xun 隗:wei 佴:nai 牟:mu 洗:xian 能:nai 祭:zhai 薄:bo
    句:gou 繁:po 颉:xie 都:du 六:lu 藏:zang 黑:he 重:chong 弗:fei 适:kuo 阚:kan 粘:nian 么:yao
    厦:xia 长:chang 降:xiang 角:jue 侗:tong 还:huan 会:gui 校:jiao 给:ji 圈:juan 术:zhu 單:shan 區:ou 樂:yue
    繆:miao 蓋:ge 員:yun 種:chong
""")
"""Readings of single-character surnames where the commonest reading of the character is another."""

COMPOUND_SURNAMES: Final[dict[str, tuple[str, ...]]] = {
    surname: tuple(syllables.split("'"))
    for surname, syllables in _table("""
    欧阳:ou'yang 太史:tai'shi 端木:duan'mu 上官:shang'guan 司马:si'ma 东方:dong'fang 独孤:du'gu
    南宫:nan'gong 万俟:mo'qi 闻人:wen'ren 夏侯:xia'hou 诸葛:zhu'ge 尉迟:yu'chi 公羊:gong'yang
    赫连:he'lian 澹台:tan'tai 皇甫:huang'fu 宗政:zong'zheng 濮阳:pu'yang 公冶:gong'ye 太叔:tai'shu
    申屠:shen'tu 公孙:gong'sun 慕容:mu'rong 仲孙:zhong'sun 钟离:zhong'li 长孙:zhang'sun 宇文:yu'wen
    司徒:si'tu 鲜于:xian'yu 司空:si'kong 闾丘:lv'qiu 子车:zi'ju 亓官:qi'guan 司寇:si'kou 巫马:wu'ma
    公西:gong'xi 颛孙:zhuan'sun 壤驷:rang'si 公良:gong'liang 漆雕:qi'diao 乐正:yue'zheng 宰父:zai'fu
    谷梁:gu'liang 拓跋:tuo'ba 夹谷:jia'gu 轩辕:xuan'yuan 令狐:ling'hu 段干:duan'gan 百里:bai'li
    呼延:hu'yan 东郭:dong'guo 南门:nan'men 羊舌:yang'she 微生:wei'sheng 公户:gong'hu 公玉:gong'yu
    梁丘:liang'qiu 左丘:zuo'qiu 东门:dong'men 西门:xi'men 单于:chan'yu 第五:di'wu 贺兰:he'lan
    纳兰:na'lan 完颜:wan'yan 叶赫:ye'he 那拉:na'la 中行:zhong'hang 尔朱:er'zhu 欧陽:ou'yang
    司馬:si'ma 諸葛:zhu'ge 尉遲:yu'chi 長孫:zhang'sun 東方:dong'fang 鮮于:xian'yu
""").items()
}
"""Two-character surnames 复姓 with their syllables."""

_GIVEN: Final = _table("""
    晟:sheng 长:chang 重:chong 翟:zhai 卜:bu 靓:liang 曾:zeng 婼:ruo 厦:xia 都:du 参:shen 隽:jun
""")
"""Readings that given names prefer to the commonest one of the character."""

_SPACES: Final = " \t\n\v\f\r\u0085\u00a0\u200b\u200c\u200d\u2028\u2029\u2060\ufeff\u00ad"
_FOLD: Final = {ord(c): None for c in _SPACES} | {upper: upper + 32 for upper in range(65, 91)}
_DOTS: Final = "·•・‧∙⋅･.．"
_DOT_SET: Final = frozenset(_DOTS)
_NOT_IN_NAMES: Final = dict.fromkeys(map(ord, _SPACES + _DOTS))


@cache
def reading(character: str) -> str:
    """The commonest reading of one character without tone (``lv`` for 绿); ``""`` for what has none."""
    readings = _readings.get(ord(character))
    if readings is None:
        return ""
    return _without_tone(readings.split(",")[0])


@cache
def _letters(character: str) -> str:
    """What a character is worth in a pinyin key: its reading, or itself when a letter or digit."""
    folded = unicodedata.normalize("NFKC", character).lower()
    if folded.isascii():
        return "".join(c for c in folded if c.isalnum())
    return reading(character) or (reading(folded) if len(folded) == 1 else "")


@cache
def _learn_words() -> None:
    from pypinyin.phrases_dict import phrases_dict

    load_phrases_dict(phrases_dict)


@lru_cache(maxsize=65536)
def _phrase(run: str) -> tuple[str, ...]:
    """A run of hanzi, each read as the words around it ask: 重庆 chóng, 重点 zhòng, 银行 háng."""
    _learn_words()
    syllables = lazy_pinyin(run)
    if len(syllables) != len(run):
        return tuple(map(_letters, run))
    return tuple(map(_without_tone, syllables))


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """What each character is worth, and whether that is the reading of a hanzi."""
    for is_hanzi, group in groupby(text, lambda character: bool(reading(character))):
        if is_hanzi:
            yield from ((syllable, True) for syllable in _phrase("".join(group)))
        else:
            yield from ((_letters(character), False) for character in group)


def pinyin(text: str) -> str:
    """The text in pinyin without tones or spaces, letters and digits kept: 阳光100 → ``yangguang100``.

    For places, organisations and other words; a person's name wants :func:`name_pinyin`.
    """
    return "".join([piece for piece, _ in _pieces(text)])


def initials(text: str) -> str:
    """The first letter of each character, letters and digits kept: 香水园街道 → ``xsyjd``."""
    return "".join([piece[:1] if is_hanzi else piece for piece, is_hanzi in _pieces(text)])


def split_name(name: str) -> tuple[str, str]:
    """Surname and given name; a compound surname needs at least one character after it."""
    return _split(name.strip())


def _split(bare: str) -> tuple[str, str]:
    cut = 2 if len(bare) > 2 and bare[:2] in COMPOUND_SURNAMES else 1
    return bare[:cut], bare[cut:]


def name_pinyin(name: str) -> str:
    """A person's name in pinyin: 单雄信 → ``shanxiongxin``, 尉迟恭 → ``yuchigong``.

    Names with a dot (买买提·吐尔逊) have no surname and are read character by character.
    """
    return "".join(_name_syllables(name))


def name_initials(name: str) -> str:
    """The initials of a person's name: 曾国强 → ``zgq``, 万俟雅 → ``mqy``."""
    return name_keys(name)[1]


def name_keys(name: str) -> tuple[str, str]:
    """Both keys of a name at once: pinyin and initials."""
    syllables = _name_syllables(name)
    pairs = zip(_bare(name), syllables, strict=True)
    return "".join(syllables), "".join([s[:1] if reading(c) else s for c, s in pairs])


def _bare(name: str) -> str:
    return unicodedata.normalize("NFKC", name).translate(_NOT_IN_NAMES)


def _name_syllables(name: str) -> list[str]:
    bare = _bare(name)
    if not _DOT_SET.isdisjoint(name):
        return [_given(c) for c in bare]
    surname, given = _split(bare)
    if len(surname) == 2:
        return [*COMPOUND_SURNAMES[surname], *map(_given, given)]
    return [_surname(c) for c in surname] + [_given(c) for c in given]


@cache
def _surname(character: str) -> str:
    return SURNAMES.get(character) or _letters(character)


@cache
def _given(character: str) -> str:
    return _GIVEN.get(character) or _letters(character)


def _without_tone(syllable: str) -> str:
    decomposed = unicodedata.normalize("NFD", syllable.replace("ü", "v"))
    plain = decomposed.replace("u\u0308", "v")
    return "".join(c for c in plain if "a" <= c <= "z")


def normalise(text: str) -> str:
    """The form in which texts are compared when searching: NFKC, A–Z in lower case, no white space.

    Only ASCII letters change case, exactly as PostgreSQL's ``lower`` does under ``COLLATE "C"``.
    """
    return unicodedata.normalize("NFKC", text).translate(_FOLD)


def grams(text: str) -> list[str]:
    """Every two adjacent characters of the normalised text; a single character gives itself.

    The same as the SQL function ``linli_grams`` (:data:`SQL_GRAMS`), order and repetitions included.
    """
    bare = normalise(text)
    if len(bare) < 2:
        return [bare] if bare else []
    return [a + b for a, b in pairwise(bare)]


_SQL_SPACES: Final = "".join(f"\\u{ord(c):04x}" for c in _SPACES)

SQL_GRAMS: Final = f"""
CREATE OR REPLACE FUNCTION linli_normalise(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(translate(normalize(value, NFKC), E'{_SQL_SPACES}', '') COLLATE "C");

CREATE OR REPLACE FUNCTION linli_grams(value text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $linli$
DECLARE
    bare text COLLATE "C" := lower(translate(normalize(value, NFKC), E'{_SQL_SPACES}', '') COLLATE "C");
    size integer := length(bare);
    found text[] COLLATE "C" := '{{}}';
BEGIN
    IF size = 1 THEN
        RETURN ARRAY[bare];
    END IF;
    FOR place IN 1 .. size - 1 LOOP
        found := found || substr(bare, place, 2);
    END LOOP;
    RETURN found;
END
$linli$;
"""
"""Creates ``linli_normalise(text)`` and ``linli_grams(text)``.

Both are IMMUTABLE and PARALLEL SAFE, use built-in functions only (so indexes on them restore and analyse
under any search path), and compare under ``COLLATE "C"``. Run it in a migration; the database must be in
UTF8.
"""

SQL_GRAMS_DROP: Final = """
DROP FUNCTION IF EXISTS linli_grams(text);
DROP FUNCTION IF EXISTS linli_normalise(text);
"""
"""Takes both functions away again."""
