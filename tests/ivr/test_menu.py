"""The call flow as data: every key leads on, and nobody is left without a way to a human."""

import re

import pytest

from ivr import menu, twiml
from ivr.checks import every_node_leads_to_a_human
from ivr.estimate import Standing as Told
from ivr.estimate import announced
from ivr.menu import Offer, Standing
from ivr.prompts import CODES, FIRST, form, is_offered, lacking, language, spoken, waits, words
from ivr.prompts.recordable import OURS, clips_of, unrecordable
from ivr.services.doors import offered

OFFER = offered(["fr", "en", "ar", "es", "pt", "tr", "ru", "zh"], {})


def test_every_node_leads_to_a_human_whatever_the_hour():
    assert menu.dead_ends() == []
    assert every_node_leads_to_a_human(None) == []


def test_a_node_without_a_way_to_a_human_is_found_out(monkeypatch):
    lost = menu.Node(name="lost", prompt="way", keys={"1": menu.MESSAGE})
    monkeypatch.setitem(menu.NODES, "lost", lost)

    assert any("lost: no key leads to a human" in error.msg for error in every_node_leads_to_a_human(None))


def test_an_answer_of_silence_or_nonsense_that_leads_to_nobody_is_found_out(monkeypatch):
    deaf = menu.Node(name="deaf", prompt="way", keys={"0": menu.WAIT}, nothing="deaf")
    monkeypatch.setitem(menu.NODES, "deaf", deaf)

    assert any("deaf: a third empty answer leads to no human" in error for error in menu.dead_ends())


@pytest.mark.parametrize("end", [menu.MESSAGE, menu.STATUS, menu.WHERE, menu.KNOWN_NUMBER])
def test_an_end_that_leads_no_further_is_found_out(monkeypatch, end: str):
    monkeypatch.delitem(menu.ONWARD, end)

    assert any(f"leads to {end}, which is nothing" in error for error in menu.dead_ends())


@pytest.mark.parametrize("own", [["fr"], ["ps"], ["fr", "en"], list(CODES[:8])])
def test_every_language_that_can_be_said_has_a_key_of_its_own(own: list[str]):
    everything = {(clip, code): "https://audio.example" for clip in clips_of() for code in CODES}

    offer = offered(own, everything)

    assert [*offer.first.values()] == own
    assert {*offer.first.values(), *offer.more.values()} == set(CODES)
    for node in (menu.FIRST, menu.MORE):
        for key, code in offer.at(node).items():
            assert menu.answer(node, key, 0, offer).language == code
            assert len(key) == 1


def test_every_node_is_reached_from_the_first_or_while_waiting():
    def reached(node: str, seen: set[str]) -> set[str]:
        if node in seen or node not in menu.NODES:
            return seen
        here = menu.NODES[node]
        onward = [*here.keys.values(), here.then, menu.TOPIC if node == menu.FIRST else ""]
        return set().union(*(reached(menu.ONWARD.get(to, to), seen | {node}) for to in onward))

    told = {menu.CLOSED, menu.LATE, menu.HOURS}  # by the hour, by the wait
    assert reached(menu.FIRST, set()) | reached(menu.QUEUE, set()) | told == set(menu.NODES)


@pytest.mark.parametrize("node", menu.NODES)
def test_a_star_repeats_and_never_counts(node: str):
    assert menu.answer(node, "*", 2, OFFER) == menu.Step(to=node, tries=2)


@pytest.mark.parametrize("node", [name for name, node in menu.NODES.items() if not node.then])
def test_a_hash_gives_more_time_at_every_question(node: str):
    step = menu.answer(node, "#", 1, OFFER)

    assert (step.to, step.tries, step.slower) == (node, 1, True)


@pytest.mark.parametrize("node", ["language", "topic", "way", "reference", "code", "receipt", "after", "recorder"])
@pytest.mark.parametrize("digits", ["", "😀", "\x00", "x"])
def test_a_third_wrong_answer_leads_to_a_human(node: str, digits: str):
    assert menu.answer(node, digits, 1, OFFER).to == node
    assert menu.answer(node, digits, 2, OFFER).to == menu.WAIT


@pytest.mark.parametrize(
    ("left", "expected_wait", "standing"),
    [
        (None, 1_799, Standing.OPEN),
        (None, 1_800, Standing.LONG),
        (9_000, 8_000, Standing.LONG),
        (600, None, Standing.OPEN),
        (600, 600, Standing.OPEN),
        (600, 601, Standing.SHORT),
        (0, None, Standing.CLOSED),
    ],
)
def test_the_hours_left_decide_who_may_wait(left, expected_wait, standing):
    assert menu.standing(left, expected_wait) == standing


def test_nobody_enters_a_wait_that_the_hours_left_cannot_serve():
    assert menu.answer("topic", "1", 0, OFFER, Standing.SHORT).to == menu.LATE
    assert menu.answer("topic", "0", 0, OFFER, Standing.SHORT).to == menu.LATE
    assert menu.answer(menu.LATE, "0", 0, OFFER, Standing.SHORT).to == menu.CALLBACK
    assert menu.answer("language", "1", 0, OFFER, Standing.CLOSED).to == menu.CLOSED
    assert menu.answer("language", "0", 0, OFFER, Standing.CLOSED).to == menu.CLOSED
    assert menu.answer("code", "0", 0, OFFER, Standing.CLOSED).to == menu.CALLBACK
    assert menu.answer("topic", "1", 0, OFFER, Standing.CLOSED).to == menu.CLOSED  # it closed while they listened
    assert menu.answer("recorder", "", 2, OFFER, Standing.SHORT).to == menu.CALLBACK


@pytest.mark.parametrize("node", [menu.LATE, menu.RECORDER])
@pytest.mark.parametrize("now", [Standing.CLOSED, Standing.SHORT])
def test_what_silence_leads_to_is_told_from_what_somebody_asked_for(node: str, now: Standing):
    assert menu.answer(node, "", 2, OFFER, now) == menu.Step(to=menu.CALLBACK, unasked=True)
    assert not menu.answer(node, "0", 0, OFFER, now).unasked


def test_where_the_wait_is_long_a_callback_is_for_an_hour_that_one_chooses():
    two = Offer(first={}, more={}, hours=2)

    assert menu.answer("way", "2", 0, OFFER, Standing.LONG).to == menu.HOURS
    assert menu.answer("way", "1", 0, OFFER, Standing.LONG).to == menu.WAIT
    assert menu.answer(menu.HOURS, "2", 0, two) == menu.Step(to=menu.HOUR, number="2")
    assert menu.answer(menu.HOURS, "3", 0, two) == menu.Step(to=menu.HOURS, tries=1)
    assert menu.answer(menu.HOURS, "3", 2, two).to == menu.WAIT
    assert menu.answer(menu.HOURS, "", 0, two) == menu.Step(to=menu.HOUR, unasked=True)


def test_a_language_that_is_not_there_leads_to_a_human_with_an_interpreter():
    step = menu.answer(menu.MORE, "0", 0, OFFER)

    assert (step.to, step.language) == (menu.WAIT, menu.UNKNOWN)


def test_keys_one_to_eight_are_the_lines_own_and_nine_has_the_others():
    recorded = {(clip, "ps"): "/a" for clip in lacking("ps", 1, {})} | {("language-1", "ps"): "/a"}

    offer = offered(["fr", "tr"], recorded)

    assert offer.first == {"1": "fr", "2": "tr"}
    assert set(offer.more.values()) == {"en", "ar", "es", "pt", "ru", "zh"}  # Pashto's would be on key 8
    assert offered(["ps"], recorded).first == {"1": "ps"}
    assert menu.answer("language", "9", 0, offer).to == menu.MORE


@pytest.mark.parametrize("code", ["fa", "ps"])
def test_a_language_without_a_voice_is_offered_once_it_is_recorded(code: str):
    assert not is_offered(code, 3, {})
    assert is_offered(code, 3, {(clip, code): "/ivr/audio/x" for clip in lacking(code, 3, {})})


@pytest.mark.parametrize("code", CODES)
def test_every_language_has_every_prompt(code: str):
    assert set(language(FIRST).texts) - set(language(code).texts) <= OURS


@pytest.mark.parametrize("code", CODES)
def test_every_prompt_asks_for_the_same_facts_and_keys_in_every_language(code: str):
    def facts(text) -> set[str]:
        every = [text] if isinstance(text, str) else list(text.values())
        return set().union(*(re.findall(r"{(\w+)}", one) for one in every))

    def keys(text) -> set[str]:
        return set(re.findall(r"\d", text)) - {"0"} if isinstance(text, str) else set()

    for prompt, text in language(code).texts.items():
        assert facts(text) == facts(language(FIRST).texts[prompt]), prompt
        assert keys(text) == keys(language(FIRST).texts[prompt]), prompt


@pytest.mark.parametrize(
    ("code", "count", "said"),
    [
        ("fr", 1, "Il y a 1 personne avant vous."),
        ("fr", 2, "Il y a 2 personnes avant vous."),
        ("ru", 1, "Перед вами 1 человек."),
        ("ru", 3, "Перед вами 3 человека."),
        ("ru", 5, "Перед вами 5 человек."),
        ("ru", 11, "Перед вами 11 человек."),
        ("ru", 22, "Перед вами 22 человека."),
        ("ar", 1, "أمامك شخص واحد."),
        ("ar", 2, "أمامك شخصان."),
        ("ar", 7, "أمامك 7 أشخاص."),
        ("ar", 15, "أمامك 15 شخصا."),
        ("zh", 2, "您前面还有2人。"),
    ],
)
def test_numbers_follow_each_languages_own_plurals(code: str, count: int, said: str):
    assert words("ahead", code, count=count) == said


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("prompt", ["ahead", "wait_under", "wait_between", "wait_over"])
def test_every_number_is_said_in_a_form_that_its_language_has(code: str, prompt: str):
    text = language(code).texts[prompt]
    used = {form(code, count) for count in (2, 5, 10, 15, 20, 30)}

    assert isinstance(text, str) or "other" in text
    if code in ("ar", "ru") and not isinstance(text, str):
        assert used <= set(text)


def test_a_recording_goes_before_the_voice_and_is_named_by_its_number():
    clips = {("wait_under-5", "fr"): "/ivr/audio/five", ("way", "fa"): "/ivr/audio/way"}

    assert spoken("wait_under", "fr", clips, count=5).clip == "/ivr/audio/five"
    assert spoken("wait_under", "fr", clips, count=10).words == "L'attente est estimée à moins de 10 minutes."
    assert spoken("way", "fa", clips).clip == "/ivr/audio/way"


@pytest.mark.parametrize("code", ["fa", "ps", "und", "xx", ""])
def test_what_a_language_lacks_is_said_in_french_and_never_left_silent(code: str):
    told = spoken("topic", code, {})

    assert (told.language, told.words) == ("fr", language("fr").texts["topic"])


def test_all_that_is_said_can_be_recorded_but_what_holds_an_address_or_a_day():
    names = clips_of()

    assert {"greeting", "language-8", "digit-0", "ahead-20", "wait_over-30", "topic"} <= set(names)
    assert not {"come", "opens", "agent", "genuine"} & set(names)
    assert {"come", "opens", "genuine", "hour_today", "callback_hour"} <= set(unrecordable())


def test_each_range_that_is_told_has_a_recording_of_its_own():
    recorded = {(clip, "fa"): clip for clip in clips_of()}
    ranges = {announced(seconds) for seconds in range(0, 7_200, 10)}

    clips = [spoken(prompt, "fa", recorded, **numbers).clip for prompt, numbers in map(waits.told, ranges)]

    assert all(clips)
    assert len(set(clips)) == len(ranges)


@pytest.mark.parametrize("code", ["fa", "ps"])
def test_with_all_recorded_a_day_or_an_hour_is_said_in_french_and_never_left_out(code: str):
    recorded = {(clip, code): f"/ivr/audio/{clip}" for clip in clips_of()}

    for prompt in unrecordable():
        facts = dict.fromkeys(re.findall(r"{(\w+)}", str(language(FIRST).texts[prompt])), "14")
        told = spoken(prompt, code, recorded, **facts)
        assert (told.language, told.clip) == ("fr", "")
        assert "14" in told.words


@pytest.mark.parametrize("code", [*CODES, "xx"])
def test_documents_are_small_and_hold_no_control_characters(code: str):
    for node in menu.NODES:
        document = twiml.ask(node, code, 1, offer=OFFER, kept={"reference": "\x0b😀" * 50})
        assert len(document.encode()) < 64_000
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", document)
    assert "\x0b" not in twiml.farewell(code, twiml.callback(code, "12\x0b34"))


def test_who_needs_time_gets_three_times_the_time():
    assert 'timeout="6"' in twiml.ask("topic", "fr", offer=OFFER)
    assert 'timeout="18"' in twiml.ask("topic", "fr", offer=OFFER, slow=True)
    assert 'timeout="45"' in twiml.waiting("fr", Told(), slow=True)
    assert 'timeout="18"' in twiml.record("fr", slow=True)


def test_an_offer_of_nothing_still_has_a_human():
    assert menu.answer("language", "0", 0, Offer(first={}, more={})).to == menu.WAIT
