"""One story per channel, from what the person does first to the answer they get, through the real doors alone."""

import re

import pytest
import requests

from tests.journeys.conftest import Street, a_letter, eventually

pytestmark = pytest.mark.whole


def test_who_writes_a_mail_gets_a_receipt_and_an_answer_by_mail(street: Street):
    street.mail("Titre accordé sans rendez-vous", "Bonjour, où puis-je venir ?", "Ana Exemple <ana.mail@example.org>")
    item = street.waiting("message", subject="Titre accordé sans rendez-vous")
    reference = item["ticket"]

    street.api("POST", f"/work-items/{item['id']}/take")
    delivery = street.api("POST", f"/tickets/{reference}/replies", text="Venez jeudi à 10 h, guichet 3.")

    assert delivery["means"] == "email"
    street.delivered(reference, "receipt")
    street.delivered(reference, "reply")
    mails = eventually(lambda: len(found := street.mails_to("ana.mail@example.org")) >= 2 and found)
    assert any("guichet 3" in mail for mail in mails)
    assert any(reference in re.sub(r"\s", "", mail) for mail in mails)


def test_who_fills_in_a_form_follows_the_answer_with_two_numbers(street: Street):
    reference, code = street.form("DUPLICATA", text="Ma carte est volée, sans mon numéro d'étranger.")

    street.api("POST", f"/tickets/{reference}/replies", text="Nous vous remettons un duplicata au guichet.")
    page = requests.post(f"{street.url}/follow/", data={"reference": reference, "code": code}, timeout=20)

    assert page.status_code == 200
    assert "Nous vous remettons un duplicata" in page.text
    ticket = street.ticket(reference)
    assert ticket["channel"] == "web"
    receipt = requests.get(
        street.url + re.sub(r"^https?://[^/]+", "", f"/verify/{ticket['receipts'][0]['code']}/"), timeout=20
    )
    assert receipt.status_code == 200


def test_who_calls_and_waits_is_connected_to_the_agent_who_takes_the_call(street: Street):
    caller = street.call("1,1,1", "+33639984101")
    assert caller.hears("queued")
    item = street.waiting("call")

    taken = street.api("POST", f"/work-items/{item['id']}/take")

    assert taken["kind"] == "call"
    assert caller.hears("conference")
    ticket = eventually(
        lambda: (
            (found := street.ticket(item["ticket"]))
            and any(event["kind"] == "call.connected" for event in found["events"])
            and found
        )
    )
    assert ticket["channel"] == "phone"
    caller.hang_up()
    street.delivered(item["ticket"], "receipt")


def test_a_caller_is_answered_by_a_text(street: Street):
    caller = street.call("1,5,3", "+33639984102", message="Rappelez-moi pour mon attestation.")
    assert caller.hears("completed")
    item = eventually(
        lambda: next(
            (
                one
                for one in street.api("GET", "/queue?channel=phone&limit=100")["items"]
                if one["kind"] == "message"
                and any(
                    point["value"] == "+33639984102"
                    for point in (street.ticket(one["ticket"])["person"] or {"contact_points": []})["contact_points"]
                )
            ),
            None,
        )
    )

    delivery = street.api("POST", f"/tickets/{item['ticket']}/replies", text="Votre attestation est prête.")

    assert delivery["means"] == "sms"
    street.delivered(item["ticket"], "reply")
    attachments = eventually(lambda: street.ticket(item["ticket"])["interactions"][0]["attachments"])
    assert attachments[0]["content_type"] == "audio/wav"


def test_who_posts_a_letter_gets_a_letter(street: Street):
    street.drop("lettre.pdf", a_letter("Mme Perpetue Nzobali", "Ma carte est perdue.", "Merci de me repondre."))
    item = street.waiting("scan_check", subject="lettre.pdf")
    reference = item["ticket"]
    clerk = requests.Session()
    user, password = street.login("mailroom")
    hidden = dict(
        re.findall(r'name="(csrfmiddlewaretoken)" value="([^"]+)"', clerk.get(f"{street.url}/login/", timeout=20).text)
    )
    clerk.post(f"{street.url}/login/", data={**hidden, "username": user, "password": password}, timeout=20)
    listed = clerk.get(f"{street.url}/mailroom/", timeout=20).text
    scan = next(
        link
        for link in re.findall(r"/mailroom/scans/\d+/", listed)
        if reference in re.sub(r"\s", "", clerk.get(street.url + link, timeout=20).text)
    )
    page = clerk.get(street.url + scan, timeout=20).text
    hidden = dict(re.findall(r'name="(csrfmiddlewaretoken)" value="([^"]+)"', page))
    day = re.search(r'name="received_on" value="([^"]+)"', page)
    assert day
    found = {
        "name": "Perpétue Nzobali",
        "address": "3 allée des Tilleuls\n99999 Villefiction",
        "subject": "Carte perdue",
        "text": "Ma carte est perdue.",
        "place": "Bac 12",
        "received_on": day[1],
        "language": "fr",
    }

    checked = clerk.post(street.url + scan, data={**hidden, **found}, timeout=20)

    assert checked.status_code == 200, checked.text[:500]
    street.waiting("message", reference=reference)
    delivery = street.api("POST", f"/tickets/{reference}/replies", text="Votre duplicata est prêt au guichet 3.")
    assert delivery["means"] == "letter"
    letters = eventually(
        lambda: (
            (
                items := [
                    one
                    for one in street.ticket(reference)["work_items"]
                    if one["kind"] == "letter_to_post" and one["state"] == "waiting"
                ]
            )
            and len(items) == 2
            and items
        )
    )
    for letter in letters:
        street.api("POST", f"/work-items/{letter['id']}/done")
    street.delivered(reference, "reply")
    street.delivered(reference, "receipt")
