"""The API's own description (OpenAPI), read for people."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator

KINDS = {
    "string": "文字",
    "integer": "整数",
    "boolean": "是否",
    "number": "数字",
    "array": "列表",
    "object": "对象",
}


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """The description; it does not change while the program runs."""
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made


def _resolve(shape: dict[str, Any]) -> dict[str, Any]:
    while "allOf" in shape or "$ref" in shape:
        name = shape["$ref"] if "$ref" in shape else shape["allOf"][0]["$ref"]
        shape = schema()["components"]["schemas"][name.rpartition("/")[2]]
    return shape


def _kind(shape: dict[str, Any]) -> str:
    plain = _resolve(shape)
    if "oneOf" in plain or "type" not in plain:
        return "任意"
    said = KINDS.get(plain["type"], str(plain["type"]))
    if plain["type"] == "array":
        return f"{_kind(plain['items'])}的列表"
    return "日期" if plain.get("format") == "date" else said


def _fields(shape: dict[str, Any], before: str = "", depth: int = 0) -> list[dict[str, Any]]:
    plain = _resolve(shape)
    found: list[dict[str, Any]] = []
    for name, inner in plain.get("properties", {}).items():
        said = inner.get("description", "") or _resolve(inner).get("description", "")
        found.append(
            {
                "name": before + name,
                "kind": _kind(inner),
                "required": name in plain.get("required", []),
                "description": said,
            }
        )
        target = _resolve(inner)
        if target.get("type") == "array":
            found += _fields(target["items"], f"{before}{name}[].", depth + 1) if depth < 3 else []
        elif "properties" in target and depth < 3:
            found += _fields(target, f"{before}{name}.", depth + 1)
    return found


EXAMPLES: dict[str, dict[str, Any]] = {
    "lookup": {"purpose": "低保资格复核", "id_number": "11010519491231002X", "elements": ["name", "address"]},
    "batch": {"purpose": "低保资格复核", "id_numbers": ["11010519491231002X"]},
}
# What a call without a body is shown with.
QUERIES: dict[str, dict[str, str]] = {
    "changes": {"purpose": "低保资格复核", "limit": "100"},
    "counts": {"purpose": "低保资格复核", "measure": "residents", "by": "community"},
}
_RECORD = {
    "ref": "3380ea002589a0d08d6d1778",
    "values": {
        "name": "张三",
        "sex": {"code": "1", "label": "男"},
        "birth_date": "1949-12-31",
        "phone": None,
    },
}
ANSWERS: dict[str, Any] = {
    "lookup": _RECORD,
    "batch": {"results": [{"id_number": "11010519491231002X", "found": True, "record": _RECORD}]},
    "changes": {
        "changed": [_RECORD | {"changed": ["phone"]}],
        "removed": ["134ef58074e7185b9a65a0cc"],
        "cursor": "MS43NzEyNTg0Nzg5",
        "more": False,
    },
}


def call(name: str, method: str, path: str, base: str) -> str:
    """The operation as a command of curl that runs as it stands once the key is put in."""
    lines = [f"curl {base}{path}"]
    if name in EXAMPLES:
        lines = [f"curl -X {method} {base}{path}", "-H 'Content-Type: application/json'"]
        lines.append(f"-d '{json.dumps(EXAMPLES[name], ensure_ascii=False)}'")
    elif name in QUERIES:
        lines = [f"curl -G {base}{path}"]
        lines += [f"--data-urlencode '{key}={value}'" for key, value in QUERIES[name].items()]
    lines.insert(1, "-H 'Authorization: Bearer 密钥'")
    return " \\\n  ".join(lines)


def _described(parameter: dict[str, Any]) -> str:
    """What a parameter is, and what may stand in it."""
    said = str(parameter.get("description", "")).partition("\n\n")[0]
    allowed = _resolve(parameter["schema"]).get("enum", ())
    return said + (f"可填 {'、'.join(map(str, allowed))}。" if allowed else "")


def operations(base: str) -> list[dict[str, Any]]:
    """Every operation with its parameters, body, answers and errors in words; `base` is the address of the system."""
    found = []
    for path, methods in schema()["paths"].items():
        for method, one in methods.items():
            body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            answers = []
            problems = []
            for code, answer in one["responses"].items():
                content = answer.get("content", {})
                if "application/json" in content:
                    answers += _fields(content["application/json"]["schema"])
                else:
                    problems.append({"code": code, "description": answer.get("description", "")})
            name = one["operationId"]
            answer_example = ANSWERS.get(name)
            found.append(
                {
                    "id": name,
                    "method": method.upper(),
                    "path": path,
                    "summary": one.get("summary", ""),
                    "description": one.get("description", ""),
                    "parameters": [
                        {
                            "name": p["name"],
                            "kind": _kind(p["schema"]),
                            "required": p.get("required", False),
                            "description": _described(p),
                        }
                        for p in one.get("parameters", [])
                    ],
                    "body": _fields(body) if body else [],
                    "answers": answers,
                    "problems": problems,
                    "call": call(name, method.upper(), path, base),
                    "answer": json.dumps(answer_example, ensure_ascii=False, indent=2)
                    if answer_example
                    else "",
                }
            )
    return found
