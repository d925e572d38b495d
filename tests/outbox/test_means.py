"""How a person is answered: by their own channel, and always by one they can use."""

import pytest

from contactcenter.channel import Point
from contactcenter.outbox.means import choices, choose

MAIL = Point(kind="email", value="ana@example.org")
MOBILE = Point(kind="phone", value="+33639980001")
FIXED = Point(kind="phone", value="+33199000007")
HOME = Point(kind="address", value="3 allée des Tilleuls\n99999 Villefiction")


@pytest.mark.parametrize(
    ("channel", "points", "means"),
    [
        ("email", [MAIL], "email"),
        ("phone", [MOBILE], "sms"),
        ("phone", [FIXED], "callback"),
        ("web", [MOBILE, MAIL, HOME], "email"),
        ("web", [MOBILE, HOME], "sms"),
        ("web", [HOME], "letter"),
        ("web", [], "page"),
        ("paper", [MAIL, HOME], "letter"),
        ("phone", [], "page"),
    ],
)
def test_a_person_is_answered_on_their_own_channel(channel: str, points: list[Point], means: str):
    assert choices(channel, points)[0].means == means


def test_a_fixed_line_never_gets_a_text():
    assert choose("phone", [FIXED], means="sms") is None


def test_the_agent_may_choose_another_way():
    chosen = choose("email", [MAIL, HOME], means="letter")

    assert chosen is not None
    assert (chosen.means, chosen.to, chosen.channel) == ("letter", HOME.value, "paper")
