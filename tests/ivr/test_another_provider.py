"""What another provider does otherwise: its header, its ids; and in which region all legs of a conversation lie."""

import uuid

import pytest
from django.conf import settings as django_settings
from django.test import Client

from contactcenter.desk import work
from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Attachment, Ticket
from ivr import rooms, signature
from ivr.checks import region_and_edge_go_together
from ivr.models import Call, Command, Leg
from ivr.provider import Provider
from ivr.sids import is_sid
from tests.ivr.asking import Caller
from tests.ivr.conftest import TOKEN, Line
from tests.ivr.test_any_order import there


@pytest.mark.parametrize(("secret", "status"), [(TOKEN, 200), ("another", 403)])
def test_the_same_signature_under_signalwires_name_is_believed_as_any_other(line: Line, secret: str, status: int):
    form = {"CallSid": str(uuid.uuid4()), "From": "+33639980001", "To": line.office.phone, "CallStatus": "ringing"}
    address = f"{django_settings.CC_PUBLIC_BASE_URL}/ivr/voice"
    signed = signature.sign(secret, address, [(name, [value]) for name, value in form.items()])

    answer = Client().post("/ivr/voice", form, headers={"X-SignalWire-Signature": signed})

    assert answer.status_code == status
    assert Ticket.objects.count() == (status == 200)


def test_ids_may_be_uuids_from_the_first_ring_to_the_recording(line: Line, monkeypatch):
    call, leg, recording = (str(uuid.uuid4()) for _ in range(3))
    caller = Caller(line, sid=call).ring().keys("1", "1", "3")
    caller.post("/ivr/recorded", RecordingSid=recording)
    asked: list[str] = []
    monkeypatch.setattr(Provider, "recording", lambda _self, sid: asked.append(sid) or b"RIFF0000WAVE" + bytes(100))

    assert line.carry(lambda: Attachment.objects.exists())

    assert asked == [recording]
    second = Caller(line, sid=str(uuid.uuid4()), number="+33639980002").ring().keys("1", "1", "1")
    assert work.take(WorkItem.objects.get(kind="call").pk, there())
    params = {"CallSid": leg, "Direction": "outbound-api"}
    line.network.webhooks.post(f"/ivr/agent?leg={Leg.objects.get().pk}", params)
    assert Leg.objects.get().sid == leg
    second.hang_up()
    assert Call.objects.filter(state="ended").count() == 1
    assert Command.objects.filter(kind="move_leg", leg__sid=leg).exists()


@pytest.mark.parametrize("sid", ["", "../Calls/CA1", "RE1/x", "RE1?x", "é", "a" * 65, "RE1\n"])
def test_what_could_lead_elsewhere_is_no_id(sid: str):
    assert not is_sid(sid)


def test_all_who_meet_do_so_in_the_region_that_is_set(settings):
    settings.TWILIO_REGION = "ie1"

    for document in (rooms.join("call-1", "fr"), rooms.enter("call-1", "connected", 1)):
        assert 'region="ie1"' in document

    settings.TWILIO_REGION = ""
    assert "region" not in rooms.join("call-1", "fr")


@pytest.mark.parametrize(("region", "edge", "found"), [("ie1", "", 1), ("", "dublin", 1), ("ie1", "dublin", 0)])
def test_a_region_without_its_edge_is_refused_before_anything_starts(settings, region: str, edge: str, found: int):
    settings.TWILIO_REGION, settings.TWILIO_EDGE = region, edge

    assert len(region_and_edge_go_together(None)) == found
