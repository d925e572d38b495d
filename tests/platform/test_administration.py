"""No page of the administration breaks over what is typed into it: what it does not keep it says what is wrong with."""

from typing import Any

import pytest
from django.contrib import admin
from django.forms import Form
from django.test import Client
from django.urls import reverse

from contactcenter.desk.models import ReplyTemplate
from contactcenter.routing.lanes import arrival_queue
from tests.factories import an_office

pytestmark = pytest.mark.django_db
COUNTED = ("TOTAL_FORMS", "INITIAL_FORMS")
TYPED = ("", "\x00", "x" * 10_000, "-1", "1e400", "<script>alert(1)</script>", "{", "[[1]]", "'\"; --")


def added_at(label: str) -> str:
    return reverse(f"admin:{label.replace('.', '_')}_add")


def fields_of(page: Any) -> set[str]:
    """The names of all that can be filled in, also of the lines below."""
    form: Form = page.context["adminform"].form
    lines = [below.formset.empty_form for below in page.context["inline_admin_formsets"]]
    return {one.add_prefix(name).replace("__prefix__", "0") for one in (form, *lines) for name in one.fields}


def test_whatever_is_typed_is_kept_or_answered_with_what_is_wrong(admin_client: Client):
    arrival_queue(an_office())
    admin_client.get("/admin/")  # by then every room has named its pages
    untold = []
    for model in admin.site._registry:
        address = added_at(model._meta.label_lower)
        page = admin_client.get(address)
        for word in TYPED:
            answer = admin_client.post(address, dict.fromkeys(fields_of(page), word) | one_line_below(page))
            is_kept = answer.status_code == 302 and word
            if not is_kept and not (answer.status_code == 200 and answer.context["errors"]):
                untold.append((address, word[:20]))
            if "<script>alert(1)</script>" in answer.content.decode():
                untold.append((address, "a script"))

    assert untold == []
    assert len(admin.site._registry) > 10


def one_line_below(page: Any) -> dict[str, str]:
    """What a browser sends along of the lines below the form."""
    sets = [below.formset for below in page.context["inline_admin_formsets"]]
    return {f"{one.prefix}-{name}": str(int(name == "TOTAL_FORMS")) for one in sets for name in COUNTED}


def test_a_variable_that_is_none_is_told_with_those_that_are(admin_client: Client):
    form = {"title": "Pièce", "language": "fr", "text": "Bonjour {prenom}"}

    answer = admin_client.post(added_at("desk.replytemplate"), form, headers={"accept-language": "en"})

    assert "{prenom} is no variable; use reference, name, subject" in answer.content.decode()
    assert not ReplyTemplate.objects.exists()
