"""What we say while the database is away (pure): who is new can leave a message, who waits goes on waiting.

Who was talking goes on talking: a conversation needs nobody but the provider.
"""

from collections.abc import Callable, Mapping

from ivr import addresses, menu, rooms, twiml
from ivr.prompts import CODES, FIRST

Fields = Mapping[str, str]


def document(name: str, query: Fields, params: Fields, language: str, offer: menu.Offer) -> str:
    """The answer of this webhook, without knowing anything but what it was asked, and the line's languages."""
    spoken = language if language in CODES else FIRST
    if name == "voice":  # the apology comes in the language of the answer
        return twiml.ask(menu.FIRST, spoken, offer=offer)
    if name == "stand" and query.get("leg", "").isdecimal():  # it asks again in a minute
        return rooms.stand(int(query["leg"]), told=True)
    if query.get("leg"):  # an agent's leg, whom nobody can bring a caller now
        return twiml.hang_up()
    say = _SAYS.get(name)
    return say(query, params, spoken) if say else twiml.record(spoken, "apology")


def chosen(query: Fields, params: Fields, offer: menu.Offer) -> str:
    """The language that this answer in the menu chooses; nothing where it chooses none."""
    step = menu.answer(query.get("node", ""), params.get("Digits", "")[:40], 0, offer)
    return step.language if step.language in CODES else ""


def meets(name: str, query: Fields, params: Fields) -> bool:
    """Whether this brings somebody together with their agent."""
    if name == "reached":
        return bool(params.get("Digits"))
    return name == "join" or (name == "notice" and query.get("then") == rooms.JOIN)


def _wait(query: Fields, params: Fields, language: str) -> str:
    return twiml.waiting_blindly(language)


def _wait_key(query: Fields, params: Fields, language: str) -> str:
    return twiml.leave() if params.get("Digits", "")[:1] == "3" else twiml.back_to_waiting()


def _queued(query: Fields, params: Fields, language: str) -> str:
    stays = params.get("QueueResult") in ("hangup", "redirected", "redirected-from-bridged", "bridged")
    return twiml.nothing() if stays else twiml.record(language, "apology")


def _park(query: Fields, params: Fields, language: str) -> str:
    return twiml.enqueue()


def _recorded(query: Fields, params: Fields, language: str) -> str:
    """Who said nothing is asked again, and the third time waits for somebody."""
    silences = 0 if params.get("CallStatus") == "completed" else addresses.number(query.get("silent", ""))
    if silences >= menu.MOST_TRIES:
        return twiml.enqueue()
    return twiml.record(language, "nothing_heard", silences=silences) if silences else twiml.thanks_blindly(language)


def _join(query: Fields, params: Fields, language: str) -> str:
    number = query.get("call", "")
    return rooms.join(f"call-{number}", language) if number.isdecimal() else twiml.hang_up()


def _reached(query: Fields, params: Fields, language: str) -> str:
    return _join(query, params, language) if params.get("Digits") else rooms.not_reached(language)


def _notice(query: Fields, params: Fields, language: str) -> str:
    """Whoever was to be recorded is not: nobody can keep what they answered."""
    return _join(query, params, language) if query.get("then") == rooms.JOIN else twiml.enqueue()


def _held(query: Fields, params: Fields, language: str) -> str:
    number = query.get("call", "")
    return rooms.held(int(number), language) if number.isdecimal() else twiml.hang_up()


def _goes_on_waiting(query: Fields, params: Fields, language: str) -> str:
    return twiml.back_to_waiting()


def _nothing(query: Fields, params: Fields, language: str) -> str:
    return twiml.nothing()


def _over(query: Fields, params: Fields, language: str) -> str:
    return twiml.hang_up()


_SAYS: dict[str, Callable[[Fields, Fields, str], str]] = {
    "wait": _wait,
    "wait-key": _wait_key,
    "queued": _queued,
    "park": _park,
    "recorded": _recorded,
    "join": _join,
    "left": _over,
    "reached": _reached,
    "held": _held,
    "notice": _notice,
    "identify": _goes_on_waiting,
    "sms": _nothing,
}
