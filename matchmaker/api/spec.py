"""The API's description (OpenAPI 3.1): what the code says, and whom each route is for."""

from __future__ import annotations

import re
from typing import Any

from apiflask import APIFlask
from flask import current_app

from matchmaker.api.problems import MEDIA_TYPE, problem_of_shape
from matchmaker.permissions import TABLE, Who

DESCRIPTION = (
    "Partners, and whole partnerships that qualify, for Piedmont's WECARE measures. "
    "Answers are in Italian or, with `Accept-Language: en`, in English. "
    "Errors are problem+json (RFC 9457)."
)
SETTINGS = {
    "OPENAPI_VERSION": "3.1.0",
    "DESCRIPTION": DESCRIPTION,
    "LICENSE": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    "SERVERS": [{"url": "/"}],
    "AUTO_OPERATION_ID": True,
    "AUTO_404_RESPONSE": False,
    "AUTO_AUTH_ERROR_RESPONSE": False,
    "AUTO_VALIDATION_ERROR_RESPONSE": False,
    "SECURITY_SCHEMES": {"token": {"type": "http", "scheme": "bearer", "description": "A personal token."}},
}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457, in the reader's language.",
    "required": ["type", "title", "status", "detail"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "additionalProperties": False,
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
SAID = {
    400: "The request cannot be read.",
    401: "No token, or one that is not valid.",
    403: "The reader may not do this.",
    404: "Not there, or not to be seen by this reader: the same answer.",
    409: "The present state does not allow it.",
    413: "Too large.",
    422: "A field is not right; `errors` names it.",
}


def init_app(app: APIFlask) -> None:
    """Give the description its head, and each operation its errors."""
    app.config.update(SETTINGS)
    app.error_callback = problem_of_shape
    app.spec_callback = complete


def complete(spec: Any) -> Any:
    """Add to each operation whom it is for and which problems it may answer."""
    shapes = spec["components"]["schemas"]
    shapes["Problem"] = PROBLEM
    shapes.pop("HTTPError", None)  # the library's own shape of errors, which we do not send
    for rule in current_app.url_map.iter_rules():
        if rule.endpoint.startswith("api."):
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            for method, operation in spec["paths"][path].items():
                if method.upper() in (rule.methods or ()):
                    _complete_operation(operation, rule.endpoint, bool(rule.arguments))
    return spec


def _complete_operation(operation: dict[str, Any], endpoint: str, named: bool) -> None:
    who, _kind = TABLE[endpoint]
    open_to_all = who in (Who.ANYONE, Who.SEES_IT)
    operation["security"] = [{}, {"token": []}] if open_to_all else [{"token": []}]
    operation["x-who"] = who.value
    statuses = {401} | (set() if open_to_all else {400, 403}) | ({404} if named else set())
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
        statuses |= {400, 404, 413, 422}
    if operation["parameters"]:
        statuses.add(422)
    responses = operation["responses"]
    statuses |= {int(status) for status in responses if status.startswith("4")}
    for status in sorted(statuses):
        said = responses.get(str(status), {}).get("description") or SAID[status]
        responses[str(status)] = _answer(said)


def _answer(said: str) -> dict[str, Any]:
    return {
        "description": said,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
