"""The call flow as data (pure): what is asked at each node, and where each key leads.

A human is at most three keys away; a third empty or wrong answer leads to one as well, never to a hang-up.
"""

from dataclasses import dataclass, field

MOST_TRIES = 3
LANGUAGE_OF_KEY = {"1": "fr", "2": "en", "3": "ar", "4": "es"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One question. `keys` leads to another node; a key of `procedures` names the procedure on the way there."""

    name: str
    prompt: str
    keys: dict[str, str]
    procedures: dict[str, str] = field(default_factory=dict)


WAIT, CALLBACK, MESSAGE = "wait", "callback", "message"
ENDS = frozenset({WAIT, CALLBACK, MESSAGE})
FIRST = "language"

NODES: dict[str, Node] = {
    "language": Node(
        name="language", prompt="language", keys=dict.fromkeys([*LANGUAGE_OF_KEY, "9"], "topic") | {"0": WAIT}
    ),
    "topic": Node(
        name="topic",
        prompt="topic",
        keys=dict.fromkeys("12345", "way") | {"0": WAIT},
        procedures={"1": "RENOUV", "2": "DUPLICATA", "3": "RETRAIT_RDV", "4": "ERREUR_PLATEFORME", "5": ""},
    ),
    "way": Node(name="way", prompt="way", keys={"1": WAIT, "2": CALLBACK, "3": MESSAGE, "0": WAIT}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where an answer leads: a node or an end, with what was learnt and how often this node was asked in vain."""

    to: str
    tries: int = 0
    language: str = ""
    procedure: str = ""


def answer(node: str, digits: str, tries: int) -> Step:
    """The step after these digits at this node; `*` repeats without counting, nonsense counts."""
    here = NODES.get(node, NODES[FIRST])
    key = digits[:1]
    if key == "*":
        return Step(to=here.name, tries=tries)
    to = here.keys.get(key)
    if to is None:
        again = tries + 1
        return Step(to=WAIT if again >= MOST_TRIES else here.name, tries=again)
    language = LANGUAGE_OF_KEY.get(key, "") if here.name == "language" else ""
    return Step(to=to, language=language, procedure=here.procedures.get(key, ""))
