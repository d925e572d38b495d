"""The call flow as data (pure): what is asked at each node, and where each key leads.

A key leads to a human, or where none can be there to a promised callback, at every node, the queue and the recorder
among them; a third empty or wrong answer does so as well, and never to a hang-up. `*` repeats the question, `#` gives
three times the time to answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ivr.estimate import SLOT_FROM_S

MOST_TRIES = 3
REPEAT, SLOWER, HUMAN = "*", "#", "0"
UNKNOWN = "und"  # ISO 639-2: a language that nobody has named

WAIT, CALLBACK, HOUR, MESSAGE = "wait", "callback", "hour", "message"
STATUS, VERIFIED = "status", "verified"  # something is told, then `after` asks how to go on
PROVED, NOTED, KNOWN_NUMBER = "proved", "noted", "known_number"  # said while waiting: who is calling
ANNOUNCEMENT = "announcement"  # the caller is concerned by what is being said on the line
WHERE, OTHER = "where", "other"  # in the queue: where one can come or write; that they call about another matter
TOLD = frozenset({STATUS, VERIFIED, PROVED, NOTED, KNOWN_NUMBER, ANNOUNCEMENT, WHERE, OTHER})
ENDS = frozenset({WAIT, CALLBACK, HOUR, MESSAGE}) | TOLD
HELP = frozenset({WAIT, CALLBACK, HOUR})  # a human, now or as promised

FIRST, MORE, TOPIC, CLOSED, LATE, AFTER, PLACES = "language", "more", "topic", "closed", "late", "after", "places"
HOURS, QUEUE, IDENTIFY, RECORDER = "hours", "queue", "identify", "recorder"
MOST_HOURS = 3  # to choose from


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One question. `keys` lead to another node or an end; a node that reads a number goes to `then` with it.

    A key of `procedures` names the procedure on the way. `nothing` is where no answer leads, if anywhere.
    """

    name: str
    prompt: str
    keys: dict[str, str]
    procedures: dict[str, str] = field(default_factory=dict)
    then: str = ""
    nothing: str = ""

    @property
    def hash_is_slower(self) -> bool:
        """Whether `#` with no number before it asks for more time; else it goes on without one."""
        return bool(self.then) and not self.nothing


_ASKED = (
    Node(name=FIRST, prompt="language", keys={"9": MORE, "0": WAIT}),
    Node(name=MORE, prompt="another_language", keys={"0": WAIT}),
    Node(
        name=TOPIC,
        prompt="topic",
        keys=dict.fromkeys("12345", "way")
        | {"6": "reference", "7": PLACES, "8": "receipt"}
        | {"9": ANNOUNCEMENT, "0": WAIT},
        procedures={"1": "RENOUV", "2": "DUPLICATA", "3": "RETRAIT_RDV", "4": "ERREUR_PLATEFORME", "5": ""},
    ),
    Node(name="way", prompt="way", keys={"1": WAIT, "2": CALLBACK, "3": MESSAGE, "0": WAIT}),
    Node(
        name=CLOSED,
        prompt="closed",
        keys={"2": CALLBACK, "3": MESSAGE, "6": "reference", "7": PLACES, "8": "receipt"}
        | {"9": ANNOUNCEMENT, "0": CALLBACK},
    ),
    Node(name=LATE, prompt="late", keys={"1": CALLBACK, "2": CALLBACK, "3": MESSAGE, "7": PLACES, "0": CALLBACK}),
    Node(name=HOURS, prompt="hours", keys=dict.fromkeys("123", HOUR) | {"0": WAIT}, nothing=HOUR),
    Node(name=PLACES, prompt="after_all", keys={"1": TOPIC, "0": WAIT}),
    Node(name="reference", prompt="ask_reference", keys={"0": WAIT}, then="code"),
    Node(name="code", prompt="ask_code", keys={"0": WAIT}, then=STATUS),
    Node(name="receipt", prompt="ask_receipt", keys={"0": WAIT}, then=VERIFIED),
    Node(name=AFTER, prompt="after_all", keys={"1": TOPIC, "0": WAIT}),
    Node(name=RECORDER, prompt="message", keys={"0": WAIT}),  # it records what is said, and asks who says nothing
    # While one waits; `wait` goes on doing so, at the place one has.
    Node(
        name=QUEUE,
        prompt="wait",
        keys={"2": CALLBACK, "3": MESSAGE, "4": IDENTIFY, "5": OTHER, "7": WHERE, "9": ANNOUNCEMENT, "0": WAIT},
        nothing=WAIT,
    ),
    Node(name=IDENTIFY, prompt="identify", keys={"1": "own", "2": "birth", "3": "called", "0": WAIT}),
    Node(name="own", prompt="ask_reference", keys={"0": WAIT}, then="own_code"),
    Node(name="own_code", prompt="ask_code", keys={"0": WAIT}, then=PROVED),
    Node(name="birth", prompt="ask_birth_date", keys={"0": WAIT}, then="number"),
    Node(name="number", prompt="ask_foreigner_number", keys={"0": WAIT}, then=NOTED, nothing=NOTED),
    Node(name="called", prompt="ask_known_reference", keys={"0": WAIT}, then=KNOWN_NUMBER),
)
NODES: dict[str, Node] = {node.name: node for node in _ASKED}
WHO = frozenset({IDENTIFY, "own", "own_code", "birth", "number", "called"})  # who is calling
WHILE_WAITING = WHO | {QUEUE}
# What follows an end that is none for the caller.
ONWARD = {
    STATUS: AFTER,
    VERIFIED: AFTER,
    ANNOUNCEMENT: TOPIC,
    MESSAGE: RECORDER,
    KNOWN_NUMBER: CALLBACK,
    **dict.fromkeys((PROVED, NOTED, WHERE, OTHER), WAIT),
}


class Standing(StrEnum):
    """Whether a caller can be answered: now, after long, no longer before we close, or not now."""

    OPEN = "open"
    LONG = "long"  # open, and the wait so long that a callback is for a set hour and not for one's place
    SHORT = "short"
    CLOSED = "closed"

    @property
    def serves(self) -> bool:
        """Whether who waits from now on is answered before we close."""
        return self in (Standing.OPEN, Standing.LONG)


def standing(seconds_left: float | None, expected_wait_s: float | None) -> Standing:
    """From the opening time left (None: for ever) and the wait expected (None where nobody can say)."""
    if seconds_left is not None and seconds_left <= 0:
        return Standing.CLOSED
    if expected_wait_s is None:
        return Standing.OPEN
    if seconds_left is not None and expected_wait_s > seconds_left:
        return Standing.SHORT
    return Standing.LONG if expected_wait_s >= SLOT_FROM_S else Standing.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a line offers: languages by key, at first and behind key 9; whether its announcement has an incident.

    `hours` is how many hours there are to choose from for a callback.
    """

    first: Mapping[str, str]
    more: Mapping[str, str]
    announcement: bool = False
    hours: int = MOST_HOURS

    def at(self, node: str) -> Mapping[str, str]:
        """The languages that a node's keys choose."""
        return {FIRST: self.first, MORE: self.more}.get(node, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where an answer leads: a node or an end, with what was learnt and how often this node was asked in vain.

    `number` is what was keyed: a reference or a code, or which hour of those offered, "" for the first. `unasked`:
    no key led there, but silence, or what made no sense.
    """

    to: str
    tries: int = 0
    language: str = ""
    procedure: str = ""
    number: str = ""
    slower: bool = False
    unasked: bool = False


def answer(node: str, digits: str, tries: int, offer: Offer, now: Standing = Standing.OPEN) -> Step:
    """The step after these digits at this node; `*` and `#` repeat without counting, nonsense counts."""
    here = NODES.get(node, NODES[FIRST])
    if digits == REPEAT or (digits.startswith(REPEAT) and not here.then):
        return Step(to=here.name, tries=tries)
    if digits.startswith(SLOWER):
        return Step(to=here.name, tries=tries, slower=True)
    step = _number(here, digits) if here.then else _key(here, digits[:1], offer)
    if step is None:
        again = tries + 1
        step = Step(to=WAIT, unasked=True) if again >= MOST_TRIES else Step(to=here.name, tries=again)
    return _served(here.name, step, now)


def _key(here: Node, key: str, offer: Offer) -> Step | None:
    if not key and here.nothing:
        return Step(to=here.nothing, unasked=True)
    language = offer.at(here.name).get(key, "")
    if language:
        return Step(to=TOPIC, language=language)
    to = here.keys.get(key)
    if to is None or (to == ANNOUNCEMENT and not offer.announcement) or (to == HOUR and int(key) > offer.hours):
        return None
    named = UNKNOWN if here.name == MORE else ""
    number = key if to == HOUR else ""
    return Step(to=to, language=named, procedure=here.procedures.get(key, ""), number=number)


def _number(here: Node, digits: str) -> Step | None:
    if digits in here.keys:
        return Step(to=here.keys[digits])
    if not digits:
        return Step(to=here.nothing) if here.nothing else None
    return Step(to=here.then, number=digits) if digits.isascii() and digits.isdigit() else None


def _served(here: str, step: Step, now: Standing) -> Step:
    """Nobody enters a wait that the hours left cannot serve: the caller is told so, and promised a callback.

    Where the wait is long, a callback is for an hour, which the caller chooses.
    """
    if here in WHILE_WAITING or now == Standing.OPEN:
        return step
    to = step.to
    if now == Standing.CLOSED and to in (TOPIC, "way", WAIT):
        to = CALLBACK if to == WAIT and here not in (FIRST, MORE) else CLOSED
    elif now == Standing.SHORT and to in ("way", WAIT):
        to = CALLBACK if to == WAIT and here in (LATE, RECORDER) else LATE
    elif now == Standing.LONG and to == CALLBACK:
        to = HOURS
    return step if to == step.to else replace(step, to=to, tries=0)


def dead_ends() -> list[str]:
    """Nodes from which somebody does not come to a human or a promised callback, each a sentence. There must be none.

    Proved for every node and every hour: its key 0, silence and nonsense without end, and where each other key leads.
    """
    wrong = [
        f"{node.name}: key {key} leads to {to}, which is nothing"
        for node in NODES.values()
        for key, to in {**node.keys, "then": node.then or WAIT, "nothing": node.nothing or WAIT}.items()
        if not _goes_on(to)
    ]
    for now in Standing:
        for node in NODES:
            if not _is_helped(node, HUMAN, 0, now):
                wrong.append(f"{node}: no key leads to a human while it is {now}")
            if not _is_helped(node, "", MOST_TRIES - 1, now):
                wrong.append(f"{node}: a third empty answer leads to no human while it is {now}")
            if not _is_helped(node, NONSENSE, MOST_TRIES - 1, now):
                wrong.append(f"{node}: a third wrong answer leads to no human while it is {now}")
    return wrong


NONSENSE = "x"
_ALL = Offer(first={"1": "fr"}, more={"1": "fa"}, announcement=True)


def _goes_on(to: str) -> bool:
    """Whether this is a node, which is proved by itself, or an end that is help or leads on."""
    return to in NODES or to in HELP or (to in ENDS and _goes_on(ONWARD.get(to, "")))


def _is_helped(node: str, digits: str, tries: int, now: Standing) -> bool:
    """At once, or by the same again where one is first told that it is closed, or that the wait is long."""
    for _again in range(MOST_TRIES):
        node = answer(node, digits, tries, _ALL, now).to
        node = ONWARD.get(node, node)
        if node in HELP:
            return True
    return False
