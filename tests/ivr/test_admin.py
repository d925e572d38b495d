"""What an administrator enters for the telephone is refused with a sentence that says how to write it."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contactcenter.offices.models import Door
from ivr.lines import Line, Recording
from ivr.models import SlowNumber, ThirdParty
from ivr.tapes import TapeRule
from tests.factories import a_user, an_office

pytestmark = pytest.mark.django_db
SOON = timezone.localdate() + timedelta(days=3)


def told(client: Client, page: str, form: dict[str, object]) -> str:
    return client.post(f"/admin/{page}/add/", form, headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize("languages", ["fr,xx", "fr,fr", "fr;en", "fr,en,ar,es,pt,tr,ru,zh,fa", "français"])
def test_a_line_speaks_languages_that_we_have_words_for_each_once(admin_client: Client, languages: str):
    an_office()
    form = {"door": Door.objects.get(kind="phone").pk, "languages": languages, "serves_after_closing_s": 900}

    assert "Write at most 8 of fr," in told(admin_client, "ivr/line", form)
    assert not Line.objects.exists()


def test_a_number_that_needs_more_time_is_a_number_and_noted_once(admin_client: Client):
    assert "write it as +33199000000" in told(admin_client, "ivr/slownumber", {"number": "call me"})
    told(admin_client, "ivr/slownumber", {"number": "06 39 98 00 01"})

    assert "already get more time" in told(admin_client, "ivr/slownumber", {"number": "+33639980001"})
    assert SlowNumber.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"languages": ""}, "Say which languages they interpret"),
        ({"languages": "pachto"}, "Write the languages by their codes: ar, fa, ps."),
        ({"number": "0899 70 00 00"}, "none that costs extra"),
        ({"number": "the interpreter"}, "Write a number as +33199000000 or a SIP address"),
    ],
)
def test_somebody_to_bring_in_can_be_called_and_is_known_for_their_languages(
    admin_client: Client, fields: dict[str, str], sentence: str
):
    form = {"name": "Interprètes", "role": "interpreter", "languages": "ps", "number": "+33199000001"}
    form |= {"offices": an_office().pk, **fields}

    assert sentence in told(admin_client, "ivr/thirdparty", form)
    assert not ThirdParty.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Inform those who answer, and say since when they know."),
        ({"staff_informed_on": SOON}, "This day is still to come."),
        ({"staff_informed_on": date(2026, 1, 5), "keep_days": 181}, "less than or equal to 180"),
        ({"staff_informed_on": date(2026, 1, 5), "share": 0}, "greater than or equal to 1"),
    ],
)
def test_nobody_is_recorded_who_does_not_know_nor_for_ever(
    admin_client: Client, fields: dict[str, object], sentence: str
):
    form = {"office": an_office().pk, "on": "on", "share": 10, "keep_days": 30, **fields}

    assert sentence in told(admin_client, "ivr/taperule", form)
    assert not TapeRule.objects.exists()


@pytest.mark.parametrize("line", ["call me", "0899700000", "client:", "sip:"])
def test_an_agent_s_telephone_can_be_dialled(admin_client: Client, line: str):
    agent = a_user().agent
    rows = {"able-TOTAL_FORMS": "0", "able-INITIAL_FORMS": "0"}

    page = admin_client.post(
        f"/admin/routing/agent/{agent.pk}/change/",
        {"user": agent.user_id, "capacity": "", "phone": line, **rows},
        headers={"accept-language": "en"},
    ).content.decode()

    assert "Write +33199000000, sip:name@place or client:name" in page
    agent.refresh_from_db()
    assert agent.phone == ""


def test_a_prompt_is_known_by_its_words_beside_its_code(admin_client: Client):
    Recording.objects.create(prompt="digit-7", language="ps")
    Recording.objects.create(prompt="another_language", language="ps")

    choices = dict(admin_client.get("/admin/ivr/recording/add/").context["adminform"].form["prompt"].field.choices)
    listed = admin_client.get("/admin/ivr/recording/").content.decode()

    assert choices["others"] == "others · Pour une autre langue, tapez 9."
    assert choices["ahead-3"] == "ahead-3 · Il y a {count} personnes avant vous."
    assert choices["digit-7"] == "digit-7 · 7"
    assert "Si votre langue n&#x27;y est pas, tapez 0" in listed
    assert len(max(choices.values(), key=len)) < 100
