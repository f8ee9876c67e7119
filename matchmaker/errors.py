"""Errors in the reader's language, as pages and as JSON; never a stack trace."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, current_app, render_template, request, session
from flask.globals import request_ctx
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

from matchmaker.i18n import DEFAULT_LANGUAGE, LANGUAGES


class MatchmakerError(Exception):
    """A failure that a person is told about, in words, by whoever catches it."""


@dataclass(frozen=True)
class ErrorWords:
    """What is said for one HTTP status: what happened, and what to do next."""

    title: str
    advice: str


WORDS = {
    400: ErrorWords(
        _l("La richiesta non si capisce"),
        _l(
            "Il modulo era aperto da molto, o l’indirizzo è scritto male. Tornate indietro, ricaricate la"
            " pagina e riprovate: ciò che avevate scritto di solito è ancora lì."
        ),
    ),
    403: ErrorWords(
        _l("Questa pagina non è per il vostro ruolo"),
        _l(
            "Siete entrati con un profilo che non può aprirla. Se pensate di averne bisogno, chiedete a "
            "chi amministra il vostro ente o a un facilitatore."
        ),
    ),
    404: ErrorWords(
        _l("Qui non c’è nulla"),
        _l("L’indirizzo è sbagliato, la pagina è stata tolta, oppure non è visibile a voi."),
    ),
    405: ErrorWords(
        _l("Questo indirizzo non si apre così"),
        _l(
            "È la seconda parte di un’azione: tornate alla pagina da cui siete partiti e usate il suo "
            "pulsante."
        ),
    ),
    413: ErrorWords(
        _l("Il file è troppo grande"),
        _l("Non è stato caricato nulla. Dividete il file in più parti e caricatele una alla volta."),
    ),
    429: ErrorWords(
        _l("Troppi tentativi"),
        _l("Per sicurezza bisogna aspettare qualche minuto prima di riprovare."),
    ),
    500: ErrorWords(
        _l("Qualcosa si è rotto da parte nostra"),
        _l(
            "Non è colpa vostra e non è stato salvato nulla a metà. Riprovate tra poco; se succede "
            "ancora, ditelo a un facilitatore."
        ),
    ),
    503: ErrorWords(
        _l("Il servizio non è pronto"),
        _l("È in corso una manutenzione. Riprovate tra qualche minuto."),
    ),
}
OTHER = ErrorWords(
    _l("La richiesta non è riuscita"),
    _l("Tornate indietro e riprovate, oppure ripartite dalla pagina iniziale."),
)


def for_programs() -> bool:
    """Tell whether this request is to the API, which answers programs."""
    return request.path.startswith("/api/")


def init_app(app: Flask) -> None:
    """Show a page for every HTTP error, and for anything unexpected after logging it."""
    app.register_error_handler(HTTPException, show_error)


def show_error(error: HTTPException) -> tuple[str, int] | HTTPException | Response:
    """Render the error's page, or its JSON; redirects and replies made on purpose pass through."""
    if error.response is not None or error.code is None or error.code < 400:
        return error
    if request_ctx.url_adapter is None:
        # A host name that no address can be built for: there is no page to show.
        return Response("400 Bad Request\n", 400, mimetype="text/plain")
    if for_programs():
        from matchmaker.api.problems import problem_of

        return problem_of(error)
    code = error.code
    words = WORDS.get(code, OTHER)
    if code < 500:
        return render_template("errors/error.html", layout="layouts/base.html", code=code, words=words), code
    return _render_alone(code, words), code


def _render_alone(code: int, words: ErrorWords) -> str:
    # The database may be what failed: nothing here asks it who is reading, nor which language they chose.
    chosen = session.get("language") or request.accept_languages.best_match(LANGUAGES) or DEFAULT_LANGUAGE
    with force_locale(chosen):
        page = current_app.jinja_env.get_template("errors/error.html")
        return page.render(layout="layouts/plain.html", code=code, words=words, language=chosen)
