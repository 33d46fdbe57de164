"""What an application still lacks before it can be handed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def lacking(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The fields that are missing or do not hold together, each with what to do. `values` has the application's fields by
    name, and `areas`."""
    found: list[tuple[str, str]] = []

    def need(name: str, ok: Any, says: str) -> None:
        if not ok:
            found.append((name, says))

    need("title", str(values.get("title") or "").strip(), "事项名称")
    need("content", str(values.get("content") or "").strip(), "要社区做什么")
    need("things", values.get("things"), "要下派的内容")
    need("areas", values.get("areas"), "实施范围")
    times, expected = values.get("times"), values.get("expected")
    need("times", times or expected, "频次（写次数上限；不定期的估计每年约几次）")
    need("since", values.get("since"), "开始日期")
    need("until", values.get("until"), "结束日期")
    need("hours", values.get("hours"), "每次要用多少工时")
    has_document = str(values.get("document_title") or "").strip()
    need("bases", values.get("bases") or has_document, "依据（选法律法规条文，或写区级以上文件）")
    need("document_level", not has_document or values.get("document_level"), "文件的发文层级")
    need("responsible", str(values.get("responsible") or "").strip(), "责任人")
    need("phone", str(values.get("phone") or "").strip(), "责任人的联系电话")
    since, until = values.get("since"), values.get("until")
    if since and until and until <= since:
        found.append(("until", "结束日期要晚于开始日期"))
    return found
