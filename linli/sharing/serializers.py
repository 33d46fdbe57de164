"""The shapes of the API: they only check and describe; what is behind them is `reading`."""

from __future__ import annotations

from rest_framework import serializers

from linli.sharing.rules import MOST_CHANGES, MOST_NUMBERS

_NUMBER = r"^[0-9]{17}[0-9Xx]$"
_BLANK = {"required": "必须填写。", "blank": "不能为空。", "null": "不能为空。", "invalid": "应是一段文字。"}


def _purpose() -> serializers.CharField:
    return serializers.CharField(
        max_length=100, help_text="用途，必须是授权中写明的用途之一。", error_messages=_BLANK
    )


def _on() -> serializers.DateField:
    return serializers.DateField(
        required=False,
        help_text="截至日期，不填为当天。",
        error_messages={"invalid": "请写成 2026-11-22 的样子。"},
    )


def _elements() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.RegexField(
            r"^[a-z][a-z0-9_.]{0,200}$", error_messages={"invalid": "不是数据元的编码。"}
        ),
        required=False,
        min_length=1,
        max_length=200,
        help_text="要哪些数据元（编码），不填为授权的全部。",
        error_messages={
            "not_a_list": "应是一个列表。",
            "min_length": "至少写一个。",
            "max_length": "太多了。",
        },
    )


class LookupRequest(serializers.Serializer):
    """查一人"""

    purpose = _purpose()
    id_number = serializers.RegexField(
        _NUMBER,
        help_text="公民身份号码，18 位（GB 11643）。",
        error_messages={**_BLANK, "invalid": "公民身份号码应为 18 位，最后一位可以是 X。"},
    )
    elements = _elements()
    on = _on()


class BatchRequest(serializers.Serializer):
    """批量查"""

    purpose = _purpose()
    id_numbers = serializers.ListField(
        child=serializers.RegexField(
            _NUMBER, error_messages={"invalid": "公民身份号码应为 18 位，最后一位可以是 X。"}
        ),
        min_length=1,
        max_length=MOST_NUMBERS,
        help_text="公民身份号码，一次最多 1000 个。",
        error_messages={
            "required": "必须填写。",
            "not_a_list": "应是一个列表。",
            "min_length": "至少写一个号码。",
            "max_length": "一次最多 1000 个号码，请分批查询。",
            "null": "不能为空。",
        },
    )
    elements = _elements()
    on = _on()


class Record(serializers.Serializer):
    """一个人的记录"""

    ref = serializers.CharField(help_text="这个人对本接入方的代号，长期不变；别的接入方看到的不同。")
    values = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        help_text="数据元编码到值。代码是 {code, label}，日期是 2026-11-22，没有填写是 null。",
    )


class BatchEntry(serializers.Serializer):
    """批量查的一项，与所给号码的次序一致"""

    id_number = serializers.CharField()
    found = serializers.BooleanField(help_text="没有找到和不在授权范围内都是 false。")
    record = Record(allow_null=True)


class BatchAnswer(serializers.Serializer):
    """批量查的结果"""

    results = BatchEntry(many=True)


class CountsRequest(serializers.Serializer):
    """查统计数"""

    purpose = _purpose()
    subject = serializers.RegexField(
        r"^[a-z][a-z_]{0,40}$",
        default="person",
        help_text="主题编码，例如 person（居民）、home（房屋）。",
        error_messages={"invalid": "不是主题的编码。"},
    )
    measure = serializers.RegexField(
        r"^[a-z][a-z0-9_]{0,60}$",
        help_text="指标编码。",
        error_messages={**_BLANK, "invalid": "不是指标的编码。"},
    )
    by = serializers.ChoiceField(
        choices=[("street", "街道"), ("community", "社区"), ("grid", "网格")],
        required=False,
        help_text="按哪一级区划分开，不填为合计。",
        error_messages={"invalid_choice": "只能是 street、community、grid。"},
    )
    on = _on()


class Count(serializers.Serializer):
    """一个数"""

    region = serializers.CharField(help_text="区域序码。")
    name = serializers.CharField()
    value = serializers.JSONField(help_text="整数；金额和面积是文字形式的小数。")


class CountsAnswer(serializers.Serializer):
    """统计数"""

    measure = serializers.CharField()
    label = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    on = serializers.DateField()
    counts = Count(many=True)


class ChangesRequest(serializers.Serializer):
    """订阅变动"""

    purpose = _purpose()
    cursor = serializers.CharField(
        required=False,
        max_length=200,
        help_text="上一页返回的游标；第一次不填，从全部人开始。",
        error_messages={**_BLANK, "max_length": "不是有效的游标。"},
    )
    limit = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_CHANGES,
        help_text="一页最多几人，默认 100，最多 500。",
        error_messages={"min_value": "至少是 1。", "max_value": "最多 500。", "invalid": "应是整数。"},
    )


class ChangedRecord(Record):
    """有变动的人，以及现在的记录"""

    changed = serializers.ListField(
        child=serializers.CharField(), help_text="可能变了的数据元；第一次给出这个人时是全部。"
    )


class ChangesAnswer(serializers.Serializer):
    """一页变动"""

    changed = ChangedRecord(many=True)
    removed = serializers.ListField(
        child=serializers.CharField(), help_text="以前给过、现在不在授权范围内的人的代号。"
    )
    cursor = serializers.CharField(help_text="下一次从这里接着读。")
    more = serializers.BooleanField(help_text="是否还有下一页；没有时过一段时间再来。")


class EntitledElement(serializers.Serializer):
    """授权的数据元"""

    key = serializers.CharField()
    label = serializers.CharField()
    kind = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    standard = serializers.CharField(allow_blank=True)


class EntitledMeasure(serializers.Serializer):
    """授权的指标"""

    key = serializers.CharField()
    label = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)


class EntitlementAnswer(serializers.Serializer):
    """一条授权"""

    subject = serializers.CharField()
    label = serializers.CharField()
    region = serializers.CharField()
    region_name = serializers.CharField()
    operations = serializers.ListField(child=serializers.CharField())
    purposes = serializers.ListField(child=serializers.CharField())
    conditions = serializers.ListField(child=serializers.CharField(), help_text="限定口径。")
    elements = EntitledElement(many=True)
    measures = EntitledMeasure(many=True)
    valid_to = serializers.DateField(allow_null=True)


class EntitlementsAnswer(serializers.Serializer):
    """本接入方现在有效的授权"""

    client = serializers.CharField()
    entitlements = EntitlementAnswer(many=True)


class FieldError(serializers.Serializer):
    """一处错误"""

    field = serializers.CharField()
    message = serializers.CharField()


class Problem(serializers.Serializer):
    """错误（RFC 9457）"""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="一句话：哪里不对，怎么办。")
    errors = FieldError(many=True, required=False)
