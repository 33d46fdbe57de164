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


EXAMPLES = {
    "lookup": {"purpose": "低保资格复核", "id_number": "11010519491231002X", "elements": ["name", "address"]},
    "batch": {"purpose": "低保资格复核", "id_numbers": ["11010519491231002X"]},
}


def operations() -> list[dict[str, Any]]:
    """Every operation with its parameters, body, answers and errors in words."""
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
            example = EXAMPLES.get(name)
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
                            "description": p.get("description", "").partition("\n\n")[0],
                        }
                        for p in one.get("parameters", [])
                    ],
                    "body": _fields(body) if body else [],
                    "answers": answers,
                    "problems": problems,
                    "example": json.dumps(example, ensure_ascii=False, indent=2) if example else "",
                }
            )
    return found
