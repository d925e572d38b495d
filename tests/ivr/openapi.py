"""What the provider's own description (OpenAPI, API 2010-04-01) says of the requests we make of it.

`requests.json` holds the request schemas of the operations we use and nothing else. Ids in a path are whatever the
provider told us, so only their place is checked. Audio is the same resource with another ending.
"""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

from ivr.simulator.rest import Request

OPERATIONS: dict[str, dict] = json.loads(Path(__file__).with_name("requests.json").read_text())


def violations(request: Request) -> list[str]:
    """What is wrong with a request; nothing, if it is as described."""
    name = _operation(request)
    if name is None:
        return [f"there is no {request.method} {request.path}"]
    described = OPERATIONS[name]
    missing = [f"{name}: {field} is missing" for field in described["required"] if field not in request.form]
    return missing + [
        f"{name}: {field} {wrong}"
        for field, values in request.form.items()
        for wrong in _wrong(described["fields"].get(field), values)
    ]


def _operation(request: Request) -> str | None:
    path = re.sub(r"\.wav$", ".json", request.path)
    for name in OPERATIONS:
        method, _space, template = name.partition(" ")
        if method == request.method and re.fullmatch(re.sub(r"\\{\w+\\}", r"[^/]+", re.escape(template)), path):
            return name
    return None


def _wrong(schema: dict | None, values: list[str]) -> list[str]:
    if schema is None:
        return ["is not known there"]
    if schema.get("type") != "array" and len(values) > 1:
        return ["is given twice"]
    each = schema.get("items", schema)
    return [f"may not be {value!r}" for value in values if not _fits(each, value)]


def _fits(schema: dict, value: str) -> bool:
    kinds = {"integer": r"-?\d+", "number": r"-?\d+(\.\d+)?", "boolean": "true|false"}
    if not re.fullmatch(kinds.get(schema.get("type", ""), r"(?s).*"), value):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if schema.get("format") == "uri" and not (urlsplit(value).scheme and urlsplit(value).netloc):
        return False
    if schema.get("format") == "http-method" and value not in ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE"):
        return False
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return False
    if schema.get("type") == "integer" and not _between(schema, int(value)):
        return False
    return schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))


def _between(schema: dict, value: int) -> bool:
    return schema.get("minimum", value) <= value <= schema.get("maximum", value)
