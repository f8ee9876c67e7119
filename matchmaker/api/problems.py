"""What went wrong, for a program to read and a person to understand (RFC 9457, in the reader's language)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from apiflask import HTTPError
from flask import Response, request
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from matchmaker.errors import ErrorWords, MatchmakerError
from matchmaker.i18n import DEFAULT_LANGUAGE, LANGUAGES

MEDIA_TYPE = "application/problem+json"
UNPROCESSABLE = 422
WORDS = {
    400: ErrorWords(_l("La richiesta non si capisce"), _l("Il corpo non è JSON, oppure non si legge.")),
    401: ErrorWords(
        _l("Non sappiamo chi siete"),
        _l("Serve un token personale che valga ancora: «Authorization: Bearer mm_…». Si crea nel profilo."),
    ),
    403: ErrorWords(_l("Non è per il vostro ruolo"), _l("Con il vostro profilo questo non si può fare.")),
    404: ErrorWords(_l("Qui non c’è nulla"), _l("L’indirizzo è sbagliato, oppure non è visibile a voi.")),
    405: ErrorWords(
        _l("Questo indirizzo non si apre così"), _l("L’intestazione Allow dice quali metodi sono ammessi.")
    ),
    409: ErrorWords(_l("Non si può fare adesso"), _l("Lo stato delle cose non lo permette.")),
    413: ErrorWords(_l("La richiesta è troppo grande"), _l("Mandate meno dati in una volta.")),
    422: ErrorWords(_l("Qualcosa nella richiesta non va"), _l("Guardate «errors»: un messaggio per campo.")),
    500: ErrorWords(_l("Qualcosa si è rotto da parte nostra"), _l("Non è stato salvato nulla a metà.")),
    503: ErrorWords(_l("Il servizio non è pronto"), _l("Riprovate tra qualche minuto.")),
}
OTHER = ErrorWords(_l("La richiesta non è riuscita"), _l("Controllatela e riprovate."))
WITHOUT_CSRF_TOKEN = _l(
    "Con la sessione del browser serve l’intestazione X-CSRFToken; con un token personale non serve."
)


class Refused(MatchmakerError):
    """A request that was understood and cannot be done; ``field`` names what to change."""

    def __init__(self, field: str, message: str, status: int = UNPROCESSABLE) -> None:
        super().__init__(message)
        self.field, self.text, self.status = field, message, status


def problem(status: int, *, detail: object = None, errors: Mapping[str, object] | None = None) -> Response:
    """Return one problem; ``errors`` holds a message by field."""
    words = WORDS.get(status, OTHER)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": str(words.title),
        "status": status,
        "detail": str(detail or words.advice),
    }
    if errors:
        body["errors"] = [{"field": field, "message": str(text)} for field, text in errors.items()]
    response = Response(json.dumps(body, ensure_ascii=False), status, mimetype=MEDIA_TYPE)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="matchmaker"'
    return response


def problem_of(error: HTTPException) -> Response:
    """Return what the API answers to an HTTP error raised anywhere."""
    status = error.code or 500
    if status >= 500:
        # The database may be what failed: nothing here asks it which language the reader chose.
        with force_locale(request.accept_languages.best_match(LANGUAGES) or DEFAULT_LANGUAGE):
            return problem(status)
    response = problem(status, detail=WITHOUT_CSRF_TOKEN if isinstance(error, CSRFError) else None)
    valid_methods = getattr(error, "valid_methods", None)
    if valid_methods:
        response.headers["Allow"] = ", ".join(sorted(valid_methods))
    return response


def problem_of_shape(error: HTTPError) -> Response:
    """Return the problem of a request whose fields have the wrong shape."""
    detail: Any = error.detail
    messages = {field: text for place in dict(detail).values() for field, text in flat_messages(place)}
    return problem(error.status_code, errors=messages)


def problem_of_refusal(error: Refused) -> Response:
    """Return the problem of a request that names its field."""
    return problem(error.status, detail=error.text, errors={error.field: error.text})


def flat_messages(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Name each message by the path of its field: ``members.0.role``."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from flat_messages(inner, f"{path}.{name}".strip("."))
    elif isinstance(messages, list | tuple):
        yield _field(path), " ".join(str(message) for message in messages)
    else:
        yield _field(path), str(messages)


def _field(path: str) -> str:
    # marshmallow says which half of a pair is wrong, and where an object as a whole is.
    return re.sub(r"\.(_schema|key|value)$", "", path) if path != "_schema" else "body"
