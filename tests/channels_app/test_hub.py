"""A change in the database becomes one nudge to those who may see it."""

import asyncio
import json
from functools import partial

import pytest
import redis
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import connections
from django.test import override_settings

from channels_app import hub
from contactcenter.desk import services
from contactcenter.routing.lanes import arrival_queue
from contactcenter.routing.models import Agent, Queue
from contactcenter.routing.services import move, release, take
from tests.factories import a_ticket, an_agent, an_office


class Page:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[dict[str, int]] = []

    def nudge(self, queue_id: int, text: str) -> None:
        nudge = json.loads(text)
        assert nudge["queue"] == queue_id
        self.heard.append(nudge)

    def tell(self, text: str) -> None:
        self.heard.append(json.loads(text))


async def _hears(page: Page, count: int = 1, within: float = 30.0) -> None:
    async with asyncio.timeout(within):
        while len(page.heard) < count:
            await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    hub._client.cache_clear()
    monkeypatch.setattr(hub, "_resting_until", 0.0)
    yield
    hub._client.cache_clear()


def test_a_page_hears_of_its_queues_and_of_no_others():
    async def story():
        mine, others = Page(), Page()
        here = hub.of_this_process()
        here.subscribe(mine, [901])
        here.subscribe(others, [902])
        await here.ready()
        await asyncio.to_thread(hub.announce, [901])
        await _hears(mine)
        here.unsubscribe(mine)
        here.unsubscribe(others)
        return mine.heard, others.heard

    mine, others = asyncio.run(story())

    assert [nudge["queue"] for nudge in mine] == [901]
    assert others == []


def test_every_change_raises_the_revision_by_one():
    before = hub.revisions([903])[903]

    hub.announce([903])
    hub.announce([903, 903])

    assert hub.revisions([903]) == {903: before + 2}


def test_many_changes_in_a_second_are_two_nudges_and_the_last_is_true():
    async def story():
        page = Page()
        here = hub.of_this_process()
        here.subscribe(page, [904])
        await here.ready()
        for _change in range(30):
            await asyncio.to_thread(hub.announce, [904])
        await _hears(page, 2)
        await asyncio.sleep(0.2)
        here.unsubscribe(page)
        return page.heard

    heard = asyncio.run(story())

    assert len(heard) == 2
    assert heard[-1]["rev"] == hub.revisions([904])[904]


def test_after_a_broken_subscription_every_page_is_asked_to_look():
    async def story():
        page = Page()
        here = hub.of_this_process()
        here.subscribe(page, [905])
        await here.ready()
        await asyncio.to_thread(_cut_subscriptions)
        await asyncio.to_thread(hub.announce, [905])  # nobody may be listening at this moment
        await _hears(page, within=8)
        here.unsubscribe(page)
        return page.heard

    heard = asyncio.run(story())

    assert heard[-1] == {"queue": 905, "rev": hub.revisions([905])[905]}


def test_without_redis_nothing_is_raised_and_no_revision_is_claimed():
    with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
        hub._client.cache_clear()
        hub.announce([906])

        assert hub.revisions([906]) is None


@pytest.mark.django_db(transaction=True)
def test_a_new_ticket_nudges_its_queue_once_however_many_events_it_has():
    queue = arrival_queue(an_office())
    before = hub.revisions([queue.pk])[queue.pk]

    ticket = a_ticket()

    assert ticket.events.count() > 1
    assert hub.revisions([queue.pk])[queue.pk] == before + 1


@pytest.mark.django_db(transaction=True)
def test_work_that_goes_to_another_queue_is_told_to_both():
    ticket = a_ticket()
    here = ticket.work_items.get().lane.queue
    there = Queue.objects.create(office=here.office, slug="titres", name="Titres", arrives_here=False)
    before = hub.revisions([here.pk, there.pk])

    services.transfer(ticket.reference, an_agent(), queue=there)

    after = hub.revisions([here.pk, there.pk])
    assert after[here.pk] > before[here.pk]
    assert after[there.pk] > before[there.pk]


@pytest.mark.django_db(transaction=True)
def test_taking_a_work_item_nudges_its_queue():
    item = a_ticket().work_items.get()
    by = an_agent()
    before = hub.revisions([item.lane.queue_id])[item.lane.queue_id]

    take(item.pk, by)

    assert hub.revisions([item.lane.queue_id])[item.lane.queue_id] == before + 1


@pytest.mark.django_db(transaction=True)
def test_who_had_work_of_another_office_in_hand_hears_that_it_was_taken_back_and_of_nothing_else():
    item, colleague = a_ticket().work_items.get(), an_agent()
    stranger, bystander = (an_agent(office=an_office("hautmont")) for _ in range(2))
    pages = {by.agent_id: Page() for by in (colleague, stranger, bystander)}

    def passed_round() -> None:
        for by in (colleague, stranger):
            move(item.pk, actor="agent:0", agent=Agent.objects.get(pk=by.agent_id))
        move(item.pk, actor="agent:0", queue=item.lane.queue)
        take(item.pk, colleague)
        release(item.pk, colleague)
        hub.announce_to(pages, offer=1)  # the last that they hear
        connections.close_all()  # this thread outlives the test

    async def story():
        here = hub.of_this_process()
        for agent_id, page in pages.items():
            here.subscribe(page, [], agent_id)
        await here.ready()
        await database_sync_to_async(passed_round)()
        for page in pages.values():
            while {"offer": 1} not in page.heard:
                await _hears(page, len(page.heard) + 1)
            here.unsubscribe(page)

    asyncio.run(story())

    taken_back, last = {"hands": item.pk}, {"offer": 1}
    assert [page.heard for page in pages.values()] == [[taken_back, last], [taken_back, last], [last]]


def _cut_subscriptions() -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.client_kill_filter(_type="pubsub")


def test_an_offer_is_heard_by_its_agent_alone():
    async def story():
        mine, others = Page(), Page()
        here = hub.of_this_process()
        here.subscribe(mine, [901], 7)
        here.subscribe(others, [901], 8)
        await here.ready()
        await asyncio.to_thread(partial(hub.announce_to, [7], offer=55))
        await _hears(mine)
        await asyncio.to_thread(hub.announce, [901])
        await _hears(others)
        here.unsubscribe(mine)
        here.unsubscribe(others)
        return mine.heard, others.heard

    mine, others = asyncio.run(story())

    assert mine[0] == {"offer": 55}
    assert [list(nudge) for nudge in others] == [["queue", "rev"]]
