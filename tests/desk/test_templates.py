"""Words for answers that are given often; what is not known stays a gap, and no gap is sent."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.test import Client

from contactcenter.desk import replying
from contactcenter.desk import services as desk
from contactcenter.desk.filling import check_variables, filled, gaps
from contactcenter.desk.models import ReplyTemplate
from contactcenter.errors import InvalidError
from contactcenter.outbox.models import Delivery
from tests.factories import a_ticket, a_user, an_agent

pytestmark = pytest.mark.django_db


def a_template(text: str, language: str = "fr", title: str = "Pièce") -> ReplyTemplate:
    return ReplyTemplate.objects.create(title=title, language=language, text=text)


def test_what_is_known_is_filled_in_and_the_rest_is_a_gap():
    assert filled("{reference} {name} {x}", {"reference": "12"}) == "12 [[name]] [[x]]"
    assert gaps("a [[pièce]] b [[date]] c [[pièce]]") == ["pièce", "date"]


def test_a_variable_that_is_none_is_refused_in_the_admin():
    with pytest.raises(ValidationError):
        check_variables("Bonjour {prenom}")
    check_variables("Bonjour {name} [[pièce]]")


def test_templates_are_offered_in_the_person_s_language():
    french, english = a_template("Bonjour"), a_template("Hello", "en")

    assert replying.templates_for(a_ticket(language="en")) == [english]
    assert replying.templates_for(a_ticket(language="fr")) == [french]
    assert replying.templates_for(a_ticket(language="xx")) == [french]


def test_a_template_in_a_language_of_which_we_have_nothing_else_is_offered_all_the_same():
    a_template("Bonjour")
    pashto = a_template("سلام", "ps")

    assert replying.templates_for(a_ticket(language="ps")) == [pashto]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("francais", "“francais” is no language that we know: choose one"), ("", "Choose the language of the text")],
)
def test_its_language_is_chosen_and_what_is_none_is_explained(admin_client: Client, language: str, sentence: str):
    form = {"title": "Pièce", "language": language, "text": "Bonjour"}

    answer = admin_client.post("/admin/desk/replytemplate/add/", form, headers={"accept-language": "en"})

    assert sentence in answer.content.decode()
    assert '<option value="ps">Pashto</option>' in answer.content.decode()
    assert not ReplyTemplate.objects.exists()


def test_what_was_written_freely_before_is_read_as_a_language_where_it_is_one():
    for number, said in enumerate(("FR", "en-GB", " arabe ", "klingon")):
        a_template("x", said, f"T{number}")
    a_template("x", "fr", "twice")
    a_template("x", "Français", "twice")

    import_module("contactcenter.desk.migrations.0009_templates_in_known_languages").by_code(apps, None)

    languages = ReplyTemplate.objects.order_by("pk").values_list("language", flat=True)
    assert list(languages) == ["fr", "en", "ar", "klingon", "fr", "Français"]


def test_clicked_it_is_in_the_answer_box_below_what_is_being_written_and_nothing_is_sent():
    ticket, template = a_ticket(), a_template("Bonjour {name}, demande {reference} : [[pièce]]")
    client = Client()
    client.force_login(a_user())
    form = {"text": "Déjà écrit", "means": "page", "template": template.pk}

    page = client.post(f"/desk/tickets/{ticket.reference}/template/", form).content.decode()
    odd = client.post(f"/desk/tickets/{ticket.reference}/template/", {**form, "template": "nonsense"})

    assert f"Déjà écrit\n\nBonjour Ana Exemple, demande {ticket.reference} : [[pièce]]</textarea>" in page
    assert [way.means for way in odd.context["ways"] if way.chosen] == ["page"]
    assert "Déjà écrit</textarea>" in odd.content.decode()
    assert not ticket.deliveries.filter(purpose="reply").exists()


def test_an_answer_with_a_gap_is_not_sent_and_nothing_typed_is_lost():
    ticket = a_ticket()
    client = Client(headers={"accept-language": "en"})
    client.force_login(a_user())

    refused = client.post(f"/desk/tickets/{ticket.reference}/reply/", {"text": "Il manque [[pièce]]", "means": "email"})

    assert refused.status_code == 422
    assert "pièce" in refused.context["refusal"]
    assert "Il manque [[pièce]]</textarea>" in refused.content.decode()
    assert not Delivery.objects.filter(purpose="reply").exists()
    with pytest.raises(InvalidError):
        desk.solve(ticket.reference, an_agent(), disposition="answered", text="[[x]]")
