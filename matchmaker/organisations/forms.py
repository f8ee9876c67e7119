"""The profile's steps as forms: shape only."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    EmailField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
    URLField,
)
from wtforms.validators import DataRequired, Email, Length, NumberRange, Optional, StopValidation

from matchmaker.database import utc_now
from matchmaker.fields import WholeNumberField
from matchmaker.organisations.fields import (
    identifier,
    ipa_code_check,
    legal_form_choices,
    legal_form_fits,
    stripped,
    tax_code_check,
    term_choices,
    vat_number_check,
    visibility_choices,
    web_address_check,
)
from matchmaker.organisations.profile_services import full_address
from matchmaker.vocabularies.catalogue import catalogue

TOO_LONG = _l("È troppo lungo: al massimo %(max)d caratteri.")
EARLIEST_YEAR = 1950
MOST_CONTACTS = 10


class MultiCheckboxField(SelectMultipleField):
    """Several of a list, each with its own box."""


class StepForm(FlaskForm):
    """What every step carries: which one it is, and the marks of what the person had before them."""

    step = HiddenField()
    seen = HiddenField()


class IdentityForm(StepForm):
    """What the body is called and what it is."""

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
        description=_l(
            "Molte regole guardano la forma: per esempio chi è ente del terzo settore, o impresa sociale."
        ),
    )
    size_class = SelectField(
        _l("Dimensione"),
        choices=term_choices("size_class", _l("Non la sappiamo ancora")),
        description=_l(
            "Per imprese e cooperative: decide chi conta come piccola o media impresa nella misura 4."
        ),
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
        description=_l("Solo per gli enti pubblici."),
    )
    website = URLField(
        _l("Sito"),
        [
            Optional(),
            Length(max=300, message=TOO_LONG),
            web_address_check,
        ],
        filters=[full_address],
    )

    def validate_size_class(self, field: Any) -> None:
        """Refuse a size that the legal form denies: a micro enterprise is not large."""
        form = catalogue()["legal_form"].get(self.legal_form.data or "")
        size = form.facts.get("size_class") if form is not None else None
        if size and field.data and field.data != size:
            raise StopValidation(_l("La forma giuridica dice un’altra dimensione: cambiate l’una o l’altra."))


class PlaceForm(StepForm):
    """Where the body has its seat and where it works."""

    municipality = StringField(
        _l("Comune della sede"),
        [Optional(), Length(max=200, message=TOO_LONG)],
        filters=[stripped],
        render_kw={"list": "municipalities"},
    )
    address = StringField(
        _l("Indirizzo"), [Optional(), Length(max=300, message=TOO_LONG)], filters=[stripped]
    )
    provinces = MultiCheckboxField(_l("Province"), coerce=identifier)
    districts = MultiCheckboxField(_l("Distretti della coesione sociale"), coerce=identifier)
    municipalities = MultiCheckboxField(_l("Altri comuni in cui lavorate"), coerce=identifier)
    more = FieldList(
        StringField(
            _l("Un altro comune"),
            [Optional(), Length(max=200, message=TOO_LONG)],
            filters=[stripped],
            render_kw={"list": "municipalities"},
        ),
        _l("Aggiungete comuni"),
        min_entries=3,
        max_entries=20,
    )


class FieldsForm(StepForm):
    """What the body works on, for whom, with which services."""

    theme = MultiCheckboxField(_l("Temi"), choices=term_choices("theme"))
    target_group = MultiCheckboxField(_l("Persone a cui vi rivolgete"), choices=term_choices("target_group"))
    service = MultiCheckboxField(_l("Servizi che fate"), choices=term_choices("service"))


class WelfareForm(StepForm):
    """Corporate welfare, what the body can bring and what it looks for."""

    welfare_action = MultiCheckboxField(
        _l("Azioni di welfare aziendale"), choices=term_choices("welfare_action")
    )
    offer = MultiCheckboxField(_l("Che cosa potete portare"), choices=term_choices("asset"))
    need = MultiCheckboxField(_l("Che cosa cercate"), choices=term_choices("asset"))


class AboutForm(StepForm):
    """The body in its own words, and one past project at a time."""

    description = TextAreaField(
        _l("Chi siete e che cosa fate"), [Optional(), Length(max=5000, message=TOO_LONG)]
    )
    project_id = HiddenField()
    project_seen = HiddenField()
    project_title = StringField(
        _l("Titolo"), [Optional(), Length(max=300, message=TOO_LONG)], filters=[stripped]
    )
    project_year = WholeNumberField(
        _l("Anno di inizio"),
        [
            Optional(),
            NumberRange(EARLIEST_YEAR, 2100, message=_l("Scrivete un anno dal %(min)s in poi.")),
        ],
    )
    project_text = TextAreaField(
        _l("Di che cosa si trattava"), [Optional(), Length(max=2000, message=TOO_LONG)]
    )
    partners = MultiCheckboxField(_l("Partner del progetto"), coerce=identifier)
    partner_names = TextAreaField(
        _l("Aggiungete partner"),
        [Optional(), Length(max=2000, message=TOO_LONG)],
        description=_l("Uno per riga: nome, codice fiscale o codice IPA. Li cerchiamo nell’elenco."),
    )

    def says_project(self) -> bool:
        """True when something of the project has been filled."""
        fields = (self.project_title, self.project_year, self.project_text, self.partners, self.partner_names)
        return any(field.data for field in fields)


class JoiningForm(StepForm):
    """Whether the body can join a partnership now, and who sees it."""

    capacity = RadioField(_l("Potete entrare in un partenariato?"), choices=term_choices("capacity"))
    capacity_from = DateField(_l("Da quando"), [Optional()])
    visibility = RadioField(_l("Chi vede il vostro ente"), choices=visibility_choices)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and the date of whoever can join from a date on."""
        valid = bool(super().validate(extra_validators))
        if self.capacity.data != "later" or self.capacity_from.errors:
            return valid
        if self.capacity_from.data is None:
            self.capacity_from.errors = [_l("Dite da quale giorno.")]
        elif self.capacity_from.data < utc_now().date():
            self.capacity_from.errors = [
                _l("Questo giorno è passato: scegliete una data o un’altra risposta.")
            ]
        return valid and not self.capacity_from.errors


class ContactRow(Form):
    """One contact."""

    name = StringField(
        _l("Nome o ufficio"), [Optional(), Length(max=200, message=TOO_LONG)], filters=[stripped]
    )
    role = StringField(_l("Ruolo"), [Optional(), Length(max=200, message=TOO_LONG)], filters=[stripped])
    email = EmailField(
        _l("E-mail"),
        [
            Optional(),
            Length(max=254, message=TOO_LONG),
            Email(_l("Questo indirizzo e-mail non è scritto bene.")),
        ],
        filters=[stripped],
    )
    phone = TelField(_l("Telefono"), [Optional(), Length(max=40, message=TOO_LONG)], filters=[stripped])


class ContactsForm(StepForm):
    """Whom to call."""

    contacts = FieldList(FormField(ContactRow), _l("Contatti"), max_entries=MOST_CONTACTS)


FORMS: dict[str, type[StepForm]] = {
    "identity": IdentityForm,
    "place": PlaceForm,
    "fields": FieldsForm,
    "welfare": WelfareForm,
    "about": AboutForm,
    "joining": JoiningForm,
    "contacts": ContactsForm,
}
