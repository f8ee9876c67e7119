"""Forms about people, and about a body that comes onto the platform: shape only."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SearchField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Email, Length, Optional, StopValidation

from matchmaker.accounts.models import Person
from matchmaker.accounts.passwords import LONGEST, SHORTEST, PasswordFault, password_fault
from matchmaker.i18n import LANGUAGES
from matchmaker.organisations.fields import (
    ipa_code_check,
    legal_form_choices,
    legal_form_fits,
    stripped,
    tax_code_check,
    term_choices,
    vat_number_check,
)

TOO_LONG = _l("È troppo lungo: al massimo %(max)d caratteri.")
TOKEN_DAYS = ("30", "90", "365")
FAULTS = {
    PasswordFault.TOO_SHORT: _l(
        "La password è troppo corta: servono almeno %(number)s caratteri.", number=SHORTEST
    ),
    PasswordFault.TOO_LONG: _l(
        "La password è troppo lunga: al massimo %(number)s caratteri.", number=LONGEST
    ),
    PasswordFault.TOO_COMMON: _l(
        "Questa password è tra le prime che chiunque proverebbe. Sceglietene un’altra."
    ),
    PasswordFault.PERSONAL: _l("La password è fatta del vostro nome o indirizzo. Sceglietene un’altra."),
}
PASSWORD_HELP = _l("Almeno %(number)s caratteri. Tre o quattro parole a caso vanno bene.", number=SHORTEST)


def refuse_weak(password: str, *personal: str) -> None:
    """Say what is wrong with a new password, if anything; ``personal`` is what is known of its owner."""
    fault = password_fault(password, *personal)
    if fault is not None:
        raise StopValidation(FAULTS[fault])


class FindForm(FlaskForm):
    """The first question: whether the body is here already."""

    class Meta:
        """Only reads, so it carries no token."""

        csrf = False

    q = SearchField(
        _l("Codice fiscale, partita IVA, codice IPA o nome dell’ente"),
        [Length(max=300, message=TOO_LONG)],
        filters=[stripped],
    )


class OrganisationForm(FlaskForm):
    """A new body: what it is called, what it is, its codes and its seat."""

    name = StringField(
        _l("Nome dell’ente"),
        [DataRequired(_l("Scrivete il nome dell’ente.")), Length(max=300, message=TOO_LONG)],
        filters=[stripped],
    )
    kind = RadioField(
        _l("Tipo di ente"),
        [DataRequired(_l("Scegliete il tipo di ente."))],
        choices=term_choices("kind"),
    )
    legal_form = SelectField(
        _l("Forma giuridica"),
        [legal_form_fits("kind")],
        choices=legal_form_choices,
        description=_l("Decide in quali partenariati potete entrare, e con quale ruolo."),
    )
    tax_code = StringField(
        _l("Codice fiscale"),
        [Optional(), Length(max=40, message=TOO_LONG), tax_code_check],
        filters=[stripped],
    )
    vat_number = StringField(
        _l("Partita IVA"),
        [Optional(), Length(max=40, message=TOO_LONG), vat_number_check],
        filters=[stripped],
    )
    ipa_code = StringField(
        _l("Codice IPA"),
        [Optional(), Length(max=60, message=TOO_LONG), ipa_code_check],
        filters=[stripped],
        description=_l(
            "Solo per gli enti pubblici: è il codice dell’indice delle pubbliche amministrazioni."
        ),
    )
    municipality = StringField(
        _l("Comune della sede"),
        [DataRequired(_l("Scrivete il comune della sede.")), Length(max=200, message=TOO_LONG)],
        filters=[stripped],
        render_kw={"list": "municipalities"},
        description=_l("In Piemonte. Se la sede legale è altrove, indicate la sede in cui lavorate."),
    )
    distinct = HiddenField()
    """Ids of near-same bodies that the person has said are others."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that there is one code at least, except of those that may have none."""
        valid = bool(super().validate(extra_validators))
        codes = (self.tax_code.data, self.vat_number.data, self.ipa_code.data)
        if self.kind.data == "other" or any(codes):
            return valid
        self.tax_code.errors = [
            _l("Indicate almeno un codice: fiscale, partita IVA o IPA. Serve a non creare doppioni.")
        ]
        return False


class PersonForm(FlaskForm):
    """The person who acts for a body, new to the platform."""

    person_name = StringField(
        _l("Nome e cognome"),
        [DataRequired(_l("Scrivete il vostro nome.")), Length(max=200, message=TOO_LONG)],
        filters=[stripped],
    )
    email = EmailField(
        _l("E-mail"),
        [
            DataRequired(_l("Scrivete il vostro indirizzo e-mail.")),
            Length(max=254, message=TOO_LONG),
            Email(_l("Questo indirizzo e-mail non è scritto bene.")),
        ],
        filters=[stripped],
        description=_l("La usate per entrare. Oltre a voi la vedono solo i facilitatori."),
    )
    password = PasswordField(
        _l("Password"),
        [DataRequired(_l("Scegliete una password."))],
        description=PASSWORD_HELP,
    )
    language = SelectField(
        _l("Lingua in cui scrivervi"), choices=lambda: [SelectChoice(*item) for item in LANGUAGES.items()]
    )
    privacy = BooleanField(
        _l("Ho letto l’informativa sulla riservatezza"),
        [DataRequired(_l("Per iscrivervi dovete aver letto l’informativa."))],
    )

    def validate_password(self, field: Any) -> None:
        """Refuse what is too easy to guess for its owner."""
        refuse_weak(field.data, self.person_name.data or "", self.email.data or "")


class ClaimForm(FlaskForm):
    """A few words to the facilitator who decides about a claim."""

    message = TextAreaField(
        _l("Chi siete per questo ente?"),
        [Optional(), Length(max=1000, message=TOO_LONG)],
        filters=[stripped],
        description=_l(
            "Facoltativo. Per esempio il vostro ruolo, o un numero a cui il facilitatore vi trova."
        ),
    )


class SignInForm(FlaskForm):
    """E-mail and password."""

    email = EmailField(
        _l("E-mail"), [DataRequired(_l("Scrivete il vostro indirizzo e-mail."))], filters=[stripped]
    )
    password = PasswordField(_l("Password"), [DataRequired(_l("Scrivete la password."))])
    next = HiddenField()


class AccountForm(FlaskForm):
    """How a person is called and addressed."""

    name = StringField(
        _l("Nome e cognome"),
        [DataRequired(_l("Scrivete il vostro nome.")), Length(max=200, message=TOO_LONG)],
        filters=[stripped],
    )
    language = SelectField(_l("Lingua"), choices=lambda: [SelectChoice(*item) for item in LANGUAGES.items()])


class PasswordForm(FlaskForm):
    """The present password and the next one."""

    current = PasswordField(_l("Password di adesso"), [DataRequired(_l("Scrivete la password di adesso."))])
    new = PasswordField(
        _l("Nuova password"),
        [DataRequired(_l("Scegliete una nuova password."))],
        description=PASSWORD_HELP,
    )

    def __init__(self, person: Person, **options: Any) -> None:
        super().__init__(**options)
        self.person = person

    def validate_new(self, field: Any) -> None:
        """Refuse what is too easy to guess for its owner."""
        refuse_weak(field.data, self.person.name, self.person.email)


class TokenForm(FlaskForm):
    """A new token for the API."""

    token_name = StringField(
        _l("A che cosa serve"),
        [DataRequired(_l("Dategli un nome, per riconoscerlo.")), Length(max=100, message=TOO_LONG)],
        filters=[stripped],
        description=_l("Per esempio «foglio di calcolo della coprogettazione»."),
    )
    days = SelectField(
        _l("Vale per"),
        choices=lambda: [SelectChoice(days, _l("%(days)s giorni", days=days)) for days in TOKEN_DAYS],
        default="90",
    )
