"""Where an agent is called: at their own number or SIP address, else in their browser."""

import subprocess
import sys

import pytest

from contactcenter.routing.models import Agent
from ivr.services.agent_lines import is_usable, line_of
from tests.factories import an_agent


@pytest.mark.django_db
@pytest.mark.parametrize("own", ["+33199000099", "sip:ines@phones.example", ""])
def test_an_agent_is_called_at_their_own_line_and_else_in_their_browser(settings, own: str):
    settings.CC_DEMO = False
    by = an_agent()
    Agent.objects.filter(pk=by.agent_id).update(phone=own)

    assert line_of(by.agent_id) == (own or f"client:agent-{by.agent_id}")
    assert is_usable(line_of(by.agent_id))


@pytest.mark.parametrize(
    ("line", "may"),
    [
        ("+33199000099", True),
        ("sip:ines@phones.example", True),
        ("sips:ines@phones.example:5061;transport=tls", True),
        ("client:agent-7", True),
        ("+33899000000", False),
        ("+12025550123", False),
        ("sip:ines", False),
        ("sip:a b@phones.example", False),
        ("client:", False),
        ("https://phones.example", False),
        ("", False),
    ],
)
def test_only_what_is_a_line_is_dialled(line: str, may: bool):
    assert is_usable(line) is may


def test_the_vendor_s_package_is_imported_by_nobody_who_only_answers():
    """It takes a while, and tens of megabytes; a token for a browser alone needs it."""
    asked = (
        "import django; django.setup(); import ivr.urls, ivr.carry, ivr.api, sys;"
        "print([name for name in sys.modules if name.partition('.')[0] == 'twilio'])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=120)

    assert done.stdout.strip() == "[]"
