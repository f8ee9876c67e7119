"""What a form field says to assistive technology."""

from __future__ import annotations

import re

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Form,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from matchmaker import create_app
from matchmaker.config import Settings
from matchmaker.fields import field_attributes

TWO = [SelectChoice("x", "Ics"), SelectChoice("y", "Ipsilon")]


class Profile(Form):
    name = StringField("Nome", [InputRequired("Scrivete il nome.")], description="Come nello statuto.")
    story = TextAreaField("Storia", [Length(max=5, message="Troppo lungo.")])
    form = SelectField("Forma", choices=[SelectChoice("a", "A")], validate_choice=False)
    themes = SelectMultipleField("Temi", choices=TWO, validate_choice=False)
    when = RadioField("Quando", choices=TWO, validate_choice=False)
    agreed = BooleanField("Siamo d’accordo")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    path = tmp_path_factory.mktemp("fields") / "fields.sqlite"
    return create_app(Settings(database_url=f"sqlite:///{path}", testing=True))


def filled(**said: object) -> Profile:
    form = Profile(
        MultiDict([(k, v) for k, vs in said.items() for v in (vs if isinstance(vs, list) else [vs])])
    )
    form.validate()
    return form


def drawn(app: Flask, form: Profile, call: str) -> str:
    template = f"{{% import '_macros/forms.html' as forms with context %}}{{{{ {call} }}}}"
    with app.test_request_context(headers={"Accept-Language": "it"}):
        return " ".join(render_template_string(template, form=form).split())


def test_a_field_points_to_its_help_and_its_error() -> None:
    attributes = field_attributes(filled().name, None, "organization")
    assert attributes == {
        "aria-invalid": "true",
        "aria-describedby": "name-help name-error",
        "autocomplete": "organization",
    }


def test_a_field_with_nothing_to_say_has_no_attributes() -> None:
    assert field_attributes(filled(name="x").story) == {}


def test_an_error_stands_beside_its_field_and_what_was_typed_is_kept(app: Flask) -> None:
    html = drawn(app, filled(name="Ente", story="<lungo & storto>"), "forms.field(form.story)")
    assert '<div class="mm-error" id="story-error"><p>Troppo lungo.</p>' in html
    assert "&lt;lungo &amp; storto&gt;" in html
    assert 'aria-describedby="story-error"' in html


def test_every_described_id_is_there(app: Flask) -> None:
    form = filled(story="troppo lungo", themes=["y"])
    html = drawn(
        app,
        form,
        "forms.field(form.name) ~ forms.field(form.story) ~ forms.field(form.themes, help='Più di uno')",
    )
    described = {name for ids in re.findall(r'aria-describedby="([^"]+)"', html) for name in ids.split()}
    assert described == {"name-help", "name-error", "story-error", "themes-help"}
    assert all(f'id="{name}"' in html for name in described)


def test_a_required_field_says_so_in_words_too(app: Flask) -> None:
    html = drawn(app, filled(), "forms.field(form.name)")
    assert '<span class="visually-hidden">obbligatorio</span>' in html
    assert " required" in html


def test_a_group_of_choices_is_a_fieldset_with_a_legend_and_keeps_what_was_ticked(app: Flask) -> None:
    html = drawn(app, filled(themes=["y"]), "forms.field(form.themes, columns=2)")
    assert html.startswith("<fieldset")
    assert "<legend" in html
    assert re.findall(r'value="(\w)"( checked)?', html) == [("x", ""), ("y", " checked")]


def test_one_of_several_is_asked_with_radio_buttons(app: Flask) -> None:
    html = drawn(app, filled(when="y"), "forms.field(form.when)")
    assert re.findall(r'type="radio" name="when" id="[^"]+" value="(\w+)"( checked)?', html) == [
        ("x", ""),
        ("y", " checked"),
    ]


def test_a_yes_or_no_is_one_box_before_its_label(app: Flask) -> None:
    html = drawn(app, filled(agreed="y"), "forms.field(form.agreed)")
    assert html.index("<input") < html.index("<label")
    assert "checked" in html


def test_the_summary_links_to_each_wrong_field_and_counts_them(app: Flask) -> None:
    html = drawn(app, filled(story="troppo lungo"), "forms.error_summary(form)")
    assert "Ci sono 2 cose da correggere" in html
    assert re.findall(r'<a href="#(\w+)">', html) == ["name", "story"]


def test_there_is_no_summary_without_errors(app: Flask) -> None:
    assert drawn(app, filled(name="Ente"), "forms.error_summary(form)") == ""


def test_a_button_that_writes_carries_the_token_and_says_about_whom(app: Flask) -> None:
    html = drawn(app, filled(), "forms.post_button('/x', 'Togli', {'candidate': 3}, about='Ente «3»')")
    assert 'name="csrf_token"' in html
    assert '<input type="hidden" name="candidate" value="3">' in html
    assert '<span class="visually-hidden">Ente «3»</span>' in html
