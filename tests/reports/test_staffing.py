"""What if we were more: the page for those who plan."""

import pytest

from contactcenter.accounts.models import Role
from contactcenter.reports.staffing import Question, around, fewest
from tests.factories import a_user

PAGE = "/desk/staffing/"


def asked(**facts) -> Question:
    return Question(**{"calls": 120, "handling_s": 360, "patience_s": 600, "within_s": 180, "goal": 0.85, **facts})


def test_the_fewest_that_are_enough_are_enough_and_one_less_is_not():
    question = asked()

    enough = fewest(question)

    assert question.with_agents(enough).enough
    assert not question.with_agents(enough - 1).enough


def test_where_nobody_gives_up_too_few_agents_have_no_outlook():
    question = asked(patience_s=None)

    row = question.with_agents(12)

    assert row.found is None
    assert not row.enough
    assert fewest(question) > 12


def test_the_table_shows_too_few_and_enough():
    question = asked()

    rows = around(question, fewest(question))

    assert {row.enough for row in rows} == {True, False}


@pytest.mark.django_db
def test_a_supervisor_reads_the_answer_with_its_table_and_picture(client):
    client.force_login(a_user(Role.SUPERVISOR))

    page = client.get(PAGE, {"calls": 120, "handling": 6, "patience": 10, "within": 180, "goal": 85}).content.decode()

    assert f"{fewest(asked())} agents" in page
    assert "<svg" in page
    assert page.count("<tr") == 16


@pytest.mark.django_db
def test_what_is_wrong_is_said_and_kept(client):
    client.force_login(a_user(Role.SUPERVISOR))

    response = client.get(PAGE, {"calls": "beaucoup", "handling": 6, "within": 180, "goal": 85})

    assert response.status_code == 422
    assert 'value="beaucoup"' in response.content.decode()
    assert "<svg" not in response.content.decode()


@pytest.mark.django_db
def test_choosing_a_language_asks_nothing_of_the_calculation(client):
    client.force_login(a_user(Role.SUPERVISOR))

    response = client.get(PAGE, {"lang": "en"})

    assert response.status_code == 200
    assert "is required" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.ADMINISTRATOR, 200), (Role.SUPERVISOR, 200), (Role.AGENT, 403), (Role.CLERK, 403), (Role.AUDITOR, 403)],
)
def test_it_is_for_those_who_lead(client, role, status):
    client.force_login(a_user(role))

    assert client.get(PAGE).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize("calls", ["nan", "inf", "-3", "1e400"])
def test_no_number_breaks_it(client, calls):
    client.force_login(a_user(Role.SUPERVISOR))

    assert client.get(PAGE, {"calls": calls, "handling": 6, "within": 180, "goal": 85}).status_code == 422
