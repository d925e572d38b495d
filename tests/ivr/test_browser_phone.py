"""An agent's browser is their telephone: a token for them alone, the SDK that an operator added, a proof of its own."""

import json
import time

import jwt
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from ivr.models import LineProof
from tests.factories import a_user

pytestmark = pytest.mark.django_db
SECRET = "the-secret-of-the-key-which-is-long-enough"


@pytest.fixture
def set_up(settings, tmp_path):
    settings.CC_DATA_DIR = tmp_path
    settings.TWILIO_ACCOUNT_SID = "AC" + "0" * 32
    settings.TWILIO_API_KEY_SID, settings.TWILIO_API_KEY_SECRET = "SK" + "0" * 32, SECRET
    script = tmp_path / "twilio.min.js"
    script.write_text("window.Twilio = {Device: class {}};")
    call_command("browser_sdk", str(script))


def at_the_desk(role: str = "agent") -> tuple[Client, int]:
    user = a_user(role)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client, user.agent.pk


def test_a_token_lets_this_browser_be_called_under_its_own_name_and_call_nobody(set_up):
    client, agent_id = at_the_desk()

    told = client.get("/desk/phone/token/").json()

    claims = jwt.decode(told["token"], SECRET, algorithms=["HS256"], options={"verify_aud": False})
    assert claims["grants"] == {"identity": f"agent-{agent_id}", "voice": {"incoming": {"allow": True}}}
    assert 3500 < claims["exp"] - time.time() <= told["expires_in"] == 3600


def test_a_browser_is_called_in_the_region_that_is_set(set_up, settings):
    settings.TWILIO_REGION, settings.TWILIO_EDGE = "ie1", "dublin"
    client, _agent_id = at_the_desk()

    token = client.get("/desk/phone/token/").json()["token"]

    assert jwt.get_unverified_header(token)["twr"] == "ie1"
    assert 'data-edge="dublin"' in client.get("/desk/phone/").content.decode()


def test_without_key_or_sdk_the_page_says_how_one_is_called_else(settings, tmp_path):
    settings.CC_DATA_DIR = tmp_path
    client, _agent_id = at_the_desk()

    assert client.get("/desk/phone/token/").status_code == 503
    assert client.get("/desk/phone/sdk.js").status_code == 404
    assert "no telephones here yet" in client.get("/desk/phone/").content.decode()


def test_the_sdk_is_served_from_our_own_address(set_up):
    client, _agent_id = at_the_desk()

    answer = client.get("/desk/phone/sdk.js")

    assert b"".join(answer.streaming_content).startswith(b"window.Twilio")
    assert answer["Content-Type"] == "text/javascript"
    assert "/desk/phone/sdk.js" in client.get("/desk/phone/").content.decode()


def test_a_file_that_is_no_sdk_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("Bonjour")

    with pytest.raises(CommandError, match="not the vendor's"):
        call_command("browser_sdk", str(tmp_path / "notes.txt"))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("browser_sdk", str(tmp_path / "nothing.js"))


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"preflight": "passed", "level": 0.2}, 204),
        ({"preflight": "passed", "level": 0}, 422),
        ({"preflight": "passed", "level": 1e-9}, 422),
        ({"preflight": "failed", "level": 0.2}, 422),
        ({"preflight": "passed", "level": "nan"}, 422),
        ({"preflight": "passed"}, 422),
        ([], 422),
        ("x", 422),
    ],
)
def test_a_browser_proves_its_line_by_preflight_and_input_level(told, status: int):
    client, agent_id = at_the_desk()

    answer = client.post("/desk/phone/proved/", json.dumps(told), content_type="application/json")

    assert answer.status_code == status
    assert LineProof.objects.filter(agent_id=agent_id).exists() == (status == 204)


def test_who_answers_no_calls_has_no_telephone(set_up):
    client, _agent_id = at_the_desk("auditor")

    assert client.get("/desk/phone/token/").status_code == 403
    assert Client().get("/desk/phone/token/").status_code == 302
