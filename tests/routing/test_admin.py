"""What an administrator sets up for the queue."""

import pytest
from django.test import Client

from contactcenter.accounts.models import User
from contactcenter.routing.lanes import arrival_queue
from contactcenter.routing.models import Agent, AgentSkill, Need, Queue, Skill
from contactcenter.routing.services import withdraw
from tests.factories import a_ticket, a_user, an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser(username="admin", password="x", role="administrator"))
    return client


def test_every_page_opens(admin: Client):
    a_ticket()
    user = a_user()
    pages = ["queue", "skill", "agent", f"queue/{Queue.objects.get().pk}/change", f"agent/{user.agent.pk}/change"]

    assert [admin.get(f"/admin/routing/{page}/").status_code for page in pages] == [200] * 5
    assert admin.get("/admin/desk/replytemplate/add/").status_code == 200


def test_a_queue_is_told_to_offer_its_writing_and_a_promise_is_changed(admin: Client):
    a_ticket()
    queue = Queue.objects.get()
    lane = queue.lanes.get()
    form = {
        "office": queue.office_id,
        "slug": queue.slug,
        "name": queue.name,
        "arrives_here": "on",
        "offers_written": "on",
        "choosing": "never",
        "wrap_up_s": "30",
        "cap": "",
        "lanes-TOTAL_FORMS": "1",
        "lanes-INITIAL_FORMS": "1",
        "lanes-0-id": lane.pk,
        "lanes-0-queue": queue.pk,
        "lanes-0-target_s": "7200",
    }

    assert admin.post(f"/admin/routing/queue/{queue.pk}/change/", form).status_code == 302

    queue.refresh_from_db()
    lane.refresh_from_db()
    assert (queue.offers_written, queue.choosing, queue.wrap_up_s, lane.target_s) == (True, "never", 30, 7200)


def a_queue_form(queue: Queue | None = None, **fields: object) -> dict[str, object]:
    """What the page of this queue sends as it is, or that of a second one of the same office."""
    queue = queue or Queue(office=an_office(), slug="second", name="Second", arrives_here=False)
    form = {"office": queue.office_id, "slug": queue.slug, "name": queue.name, "choosing": "free", "wrap_up_s": "0"}
    form |= {"arrives_here": "on"} if queue.arrives_here else {}
    return form | {"lanes-TOTAL_FORMS": "0", "lanes-INITIAL_FORMS": "0"} | fields


def arriving() -> list[str]:
    return list(Queue.objects.filter(arrives_here=True).order_by("slug").values_list("slug", flat=True))


def test_ticking_one_queue_unticks_the_office_s_other(admin: Client):
    first, other = arrival_queue(an_office()), arrival_queue(an_office("hautmont"))

    assert admin.post("/admin/routing/queue/add/", a_queue_form(arrives_here="on")).status_code == 302
    assert arriving() == [other.slug, "second"]

    assert admin.post(f"/admin/routing/queue/{first.pk}/change/", a_queue_form(first)).status_code == 302
    assert arriving() == [other.slug, first.slug]


def test_a_second_queue_takes_no_arrivals_unless_that_is_ticked(admin: Client):
    arrival_queue(an_office())

    assert not admin.get("/admin/routing/queue/add/").context["adminform"].form["arrives_here"].value()
    assert admin.post("/admin/routing/queue/add/", a_queue_form()).status_code == 302
    assert arriving() == ["valmorin"]


def test_an_office_is_never_left_without_a_queue_for_arrivals(admin: Client):
    queue, elsewhere = arrival_queue(an_office()), an_office("hautmont")
    page = f"queue/{queue.pk}/change"

    for left in ({"arrives_here": ""}, {"office": elsewhere.pk}):
        assert "Tick the queue where it shall instead" in refusals(admin, page, a_queue_form(queue, **left))
    Queue.objects.all().delete()
    assert refusals(admin, "queue/add", a_queue_form()) == ""
    assert Queue.objects.get().arrives_here  # an office's first, ticked or not
    Queue.objects.update(arrives_here=False, slug="first")
    assert "Tick it here" in refusals(admin, "queue/add", a_queue_form())
    assert admin.post("/admin/routing/queue/add/", a_queue_form(arrives_here="on")).status_code == 302


def test_an_agent_gets_a_skill_with_its_level(admin: Client):
    user = a_user(skills=("writing",))
    able = user.agent.able.get()
    form = {
        "user": user.pk,
        "capacity": "4",
        "phone": "",
        "able-TOTAL_FORMS": "1",
        "able-INITIAL_FORMS": "1",
        "able-0-id": able.pk,
        "able-0-agent": user.agent.pk,
        "able-0-skill": able.skill_id,
        "able-0-level": "3",
    }

    assert admin.post(f"/admin/routing/agent/{user.agent.pk}/change/", form).status_code == 302

    able.refresh_from_db()
    assert (able.level, Agent.objects.get(user=user).capacity) == (3, 4)


def refusals(admin: Client, page: str, form: dict[str, object]) -> str:
    return admin.post(f"/admin/routing/{page}/", form, headers={"Accept-Language": "en"}).content.decode()


def test_a_skill_s_code_is_told_how_it_is_written(admin: Client):
    assert "Write small letters, digits" in refusals(admin, "skill/add", {"code": "Lange Wörter", "label": "x"})
    assert admin.post("/admin/routing/skill/add/", {"code": "de", "label": "allemand"}).status_code == 302


def test_a_promise_of_nothing_is_refused_with_a_sentence(admin: Client):
    a_ticket()
    queue = Queue.objects.get()
    form = {"office": queue.office_id, "slug": queue.slug, "name": queue.name, "arrives_here": "on", "wrap_up_s": "30"}
    lanes = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "1", "0-id": queue.lanes.get().pk, "0-target_s": "0"}
    sent = form | {"choosing": "never"} | {f"lanes-{name}": value for name, value in lanes.items()}

    assert "Promise something" in refusals(admin, f"queue/{queue.pk}/change", sent)


def test_a_level_that_nobody_knows_cannot_be_chosen(admin: Client):
    user = a_user(skills=("writing",))
    able = user.agent.able.get()
    lines = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "1", "0-id": able.pk, "0-agent": user.agent.pk, "0-level": "7"}
    sent = {"user": user.pk, "0-skill": able.skill_id} | {f"able-{name}": value for name, value in lines.items()}

    told = refusals(admin, f"agent/{user.agent.pk}/change", sent | {"able-0-skill": able.skill_id})

    assert "agent_skill_level_known" not in told
    assert "Select a valid choice" in told


def a_need(**fields: object) -> dict[str, object]:
    skill = Skill.objects.get_or_create(code="asylum", defaults={"label": "Asile"})[0]
    return {"queue": "", "procedure": "", "channel": "", "skill": skill.pk, "level": 2, **fields}


def test_a_skill_that_work_needs_is_of_something_and_of_somebody(admin: Client):
    queue = arrival_queue(an_office())
    add = "/admin/routing/need/add/"
    assert "attendrait toujours" in admin.post(add, a_need(queue=queue.pk)).content.decode()
    AgentSkill.objects.create(agent=a_user().agent, skill=Skill.objects.get(code="asylum"), level=3)
    assert "Dites quel travail" in admin.post(add, a_need()).content.decode()

    assert admin.post(add, a_need(queue=queue.pk)).status_code == 302

    assert str(Need.objects.get()) == f"{queue} · Asile 2"
    assert admin.get("/admin/routing/need/").status_code == 200


def test_a_skill_keeps_its_code_since_lanes_hold_it_as_text(admin: Client):
    skill = Skill.objects.create(code="asylum", label="Asile")

    admin.post(f"/admin/routing/skill/{skill.pk}/change/", {"code": "asile", "label": "Droit d'asile"})

    skill.refresh_from_db()
    assert (skill.code, skill.label) == ("asylum", "Droit d'asile")


def test_what_is_still_asked_for_is_no_skill_to_delete(admin: Client):
    queue = arrival_queue(an_office())
    calls, asylum, titles = (Skill.objects.create(code=code, label=code) for code in ("calls", "asylum", "titles"))
    need = Need.objects.create(skill=asylum, level=2, queue=queue)
    item = a_ticket().work_items.get()

    assert "cannot do without it" in deleted(admin, calls)
    assert "“skills that work needs” asks for it" in deleted(admin, asylum)
    need.delete()
    assert "work is open that asks for it" in deleted(admin, asylum)
    assert {one.code for one in Skill.objects.all()} >= {"calls", "asylum", "titles"}

    withdraw(item.pk, actor="system", outcome="done")
    deleted(admin, asylum)
    deleted(admin, titles)
    assert not Skill.objects.filter(code__in=("asylum", "titles")).exists()


def deleted(admin: Client, *skills: Skill) -> str:
    """What the page says to whoever confirms that these go."""
    form = {"action": "delete_selected", "_selected_action": [one.pk for one in skills], "post": "yes"}
    return admin.post("/admin/routing/skill/", form, headers={"Accept-Language": "en"}).content.decode()


def test_an_agent_stays_their_user_s_and_there(admin: Client):
    agent, other = a_user().agent, User.objects.create_user(username="new")
    page = f"/admin/routing/agent/{agent.pk}"
    lines = {"able-TOTAL_FORMS": "0", "able-INITIAL_FORMS": "0"}

    assert admin.post(f"{page}/change/", {"user": other.pk, "capacity": "4", "phone": ""} | lines).status_code == 302
    assert admin.post(f"{page}/delete/", {"post": "yes"}).status_code == 403

    was = agent.user
    agent.refresh_from_db()
    assert (agent.user, agent.capacity) == (was, 4)
