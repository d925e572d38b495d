"""A note that means a colleague lies on their desk until they have read it."""

import pytest

from contactcenter.desk import mentions, services
from contactcenter.desk.models import Mention
from contactcenter.errors import InvalidError
from contactcenter.routing.models import Queue
from contactcenter.routing.selectors import principal_for
from tests.factories import a_ticket, a_user, an_agent, an_office

pytestmark = pytest.mark.django_db


def named(login: str, **fields):
    user = a_user(**fields)
    user.username = login
    user.save()
    return user


def test_whom_a_note_means_finds_it_on_their_desk_until_they_open_the_request(client):
    ticket, claire = a_ticket(subject="Titre prêt"), named("claire.m")
    services.note(ticket.reference, "(@Claire.M) peux-tu regarder ?", an_agent())
    client.force_login(claire)

    before = client.get("/desk/").content.decode()
    client.get(f"/desk/tickets/{ticket.reference}/")
    after = client.get("/desk/mentions/").content.decode()

    assert "Des collègues vous demandent de regarder" in before
    assert "(@Claire.M) peux-tu regarder ?" in before
    assert after.strip() == ""
    assert Mention.objects.get().read_at is not None


def test_it_stays_unread_for_who_was_not_meant_and_nobody_means_themselves():
    ticket, claire, inès = a_ticket(), named("claire"), named("ines")

    services.note(ticket.reference, "@ines @claire @ines voir ensemble", principal_for(claire))
    mentions.read(ticket, principal_for(claire))

    assert [row.agent.user for row in Mention.objects.all()] == [inès]
    assert len(mentions.unread(principal_for(inès))) == 1
    assert mentions.unread(principal_for(claire)) == []


@pytest.mark.parametrize("who", ["stranger", "nobody", "gone"])
def test_who_cannot_see_the_request_cannot_be_meant_and_the_sentence_tells_nothing_more(who: str):
    named("stranger", office=an_office("else"))
    gone = named("gone")
    gone.is_active = False
    gone.save()
    ticket = a_ticket()

    with pytest.raises(InvalidError) as told:
        services.note(ticket.reference, f"@{who} regarde", an_agent())

    assert str(told.value).replace(who, "X") == (
        "Personne du nom de @X ne peut voir cette demande\u00a0: écrivez l'identifiant exact, ou retirez le @."
    )
    assert not ticket.notes.exists()


def test_the_page_keeps_what_was_typed_when_nobody_has_that_name(client):
    ticket = a_ticket()
    client.force_login(a_user())

    answer = client.post(f"/desk/tickets/{ticket.reference}/note/", {"text": "@clare peux-tu ?"})

    assert answer.status_code == 422
    assert "@clare peux-tu ?" in answer.content.decode()


@pytest.mark.parametrize("text", ["ana@example.org a rappelé", "rappeler @ 10 h", "à 10@", "@1 fois", "x" * 90_000])
def test_not_every_at_sign_means_somebody(text: str):
    services.note(a_ticket().reference, text, an_agent())

    assert not Mention.objects.exists()


def test_what_one_may_no_longer_see_is_no_longer_on_the_desk():
    claire = named("claire")
    ticket, other = a_ticket(), an_office("elsewhere")
    services.note(ticket.reference, "@claire regarde", an_agent())

    services.transfer(ticket.reference, an_agent(), queue=Queue.objects.get(office=other))

    assert mentions.unread(principal_for(claire)) == []


def test_a_note_of_the_same_words_twice_means_a_colleague_once():
    ticket, by = a_ticket(), an_agent()
    claire = named("claire")

    for _twice in range(2):
        services.note(ticket.reference, "@claire regarde", by, once=True)

    assert len(mentions.unread(principal_for(claire))) == 1
