"""Every error is a problem document, and tells nothing to who may not know."""

import json
from typing import Any

import pytest
from django.test import Client

from contactcenter.accounts.models import ApiToken
from tests.contracts.asking import PROBLEM, SERVICE, Api, a_body, asking_as
from tests.factories import a_ticket, a_user

PATHS = ("/tickets", "/tickets/123", "/queue", "/procedures", "/receipts/123", "/attachments/1")


def is_a_problem(answer: Any, status: int) -> None:
    assert answer.status_code == status
    assert answer["Content-Type"] == PROBLEM
    body = answer.json()
    assert body["status"] == status
    assert body["title"]
    assert body["type"]
    assert body["detail"].strip()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("token", ["", "wrong", "wrong token", "é", SERVICE + "x", SERVICE[:-1]])
def test_without_a_known_token_nothing_is_told(api: Api, path: str, token: str) -> None:
    refused = Api(token=token).get(path, limit="nonsense")

    is_a_problem(refused, 401)
    assert refused["WWW-Authenticate"].startswith("Bearer")


def test_other_ways_to_say_who_one_is_do_not_count(api: Api) -> None:
    for header in (f"Basic {SERVICE}", SERVICE, "Bearer", f"Token {SERVICE}"):
        is_a_problem(Client().get("/api/v1/tickets", headers={"Authorization": header}), 401)
    session = Client()
    session.force_login(a_user())
    is_a_problem(session.get("/api/v1/tickets"), 401)


def test_an_unset_service_token_lets_nobody_in(api: Api, settings: Any) -> None:
    settings.CC_API_TOKEN = ""

    is_a_problem(Client().get("/api/v1/tickets", headers={"Authorization": "Bearer "}), 401)


def test_a_revoked_token_and_one_of_somebody_who_left_no_longer_count(api: Api) -> None:
    user, left = a_user(), a_user()
    revoked, gone = asking_as(user), asking_as(left)
    ApiToken.objects.filter(user=user).update(revoked_at="2026-01-01T00:00Z")
    left.is_active = False
    left.save()

    is_a_problem(revoked.get("/tickets"), 401)
    is_a_problem(gone.get("/tickets"), 401)


@pytest.mark.parametrize(
    "path", ["/tickets/1234567890", "/receipts/000", "/attachments/0", "/nowhere", "/", "/receipts/x"]
)
def test_what_is_not_there_is_a_problem_document(api: Api, path: str) -> None:
    is_a_problem(api.get(path), 404)


@pytest.mark.parametrize("reference", ["%00", "..", "1" * 300, "%F0%9F%98%80", "%C3%28", "' or 1=1"])
def test_odd_references_are_simply_not_there(api: Api, reference: str) -> None:
    assert api.get(f"/tickets/{reference}").status_code == 404


@pytest.mark.parametrize(
    "query",
    [{"q": "\x00"}, {"channel": "\x00"}, {"procedure": "\x00"}, {"q": "'; drop"}, {"q": "№"}, {"q": "™ ℠"}],
)
def test_odd_filters_find_nothing(api: Api, query: dict[str, str]) -> None:
    a_ticket()

    assert api.get("/tickets", **query).json()["items"] == []


@pytest.mark.parametrize("path", ["/tickets", "/queue", "/procedures"])
@pytest.mark.parametrize(
    "wrong", [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"cursor": "made-up"}, {"cursor": "a:b"}]
)
def test_every_list_refuses_a_wrong_limit_or_cursor(api: Api, path: str, wrong: dict[str, object]) -> None:
    is_a_problem(api.get(path, **wrong), 422)


def test_a_cursor_of_one_list_does_not_open_another(api: Api) -> None:
    for _ in range(3):
        a_ticket()
    cursor = api.get("/tickets", limit=1).json()["next"]

    assert cursor
    is_a_problem(api.get("/queue", cursor=cursor), 422)
    is_a_problem(api.get("/tickets", cursor=cursor[:-1] + ("a" if cursor[-1] != "a" else "b")), 422)


def test_empty_parameters_are_ones_that_were_not_given(api: Api) -> None:
    a_ticket()

    page = api.get("/tickets", channel="", state="", procedure="", q="", limit="", cursor="")

    assert len(page.json()["items"]) == 1


def test_an_unknown_state_is_refused_by_name(api: Api) -> None:
    refused = api.get("/tickets", state="closed")

    is_a_problem(refused, 422)
    assert refused.json()["errors"][0]["parameter"] == "state"


def test_a_mistake_in_the_body_is_pointed_at(api: Api) -> None:
    person = {"name": "Ana", "contact_points": [{"kind": "email", "value": "x"}]}

    refused = api.post("/tickets", a_body(person=person, text=None))

    is_a_problem(refused, 422)
    assert {error["pointer"] for error in refused.json()["errors"]} == {"#/person/contact_points/0", "#/text"}


MISTAKES: list[tuple[str, object, str, str]] = [
    ("", {"text": None}, "Send “text” as text.", "Envoyez « text » sous forme de texte."),
    ("", {"text": ""}, "“text” is too short: fill it in.", "« text » est trop court : complétez-le."),
    (
        "",
        {"subject": "x" * 301},
        "Shorten “subject”: at most 300 characters.",
        "Raccourcissez « subject » : 300 caractères au plus.",
    ),
    (
        "",
        {"person": {"contact_points": [{"kind": "pigeon", "value": "x"}]}},
        "Choose “person/contact_points/0/kind” among: email, phone, address.",
        "Choisissez « person/contact_points/0/kind » parmi : email, phone, address.",
    ),
    (
        "",
        {"person": {"contact_points": [{"kind": "email", "value": "x"}]}},
        "“person/contact_points/0”: This cannot be used as email.",
        "« person/contact_points/0 » : Cela ne peut pas servir de email.",
    ),
    ("/transfer", {"queue": []}, "Send “queue” as text.", "Envoyez « queue » sous forme de texte."),
    (
        "/solve",
        {"disposition": 3, "text": []},
        "Send “disposition” as text. Send “text” as text.",
        "Envoyez « disposition » sous forme de texte. Envoyez « text » sous forme de texte.",
    ),
    ("/notes", {}, "“text” is missing: send it.", "Il manque « text » : envoyez-le."),
    ("/notes", [], "Send “the body” as an object.", "Envoyez « le corps » sous forme d'objet."),
    (
        "/split",
        {"interactions": [10**30]},
        "“interactions/0” cannot be used as it is: /api/v1/openapi.json says how to send it.",
        "« interactions/0 » ne peut pas être utilisé tel quel : /api/v1/openapi.json dit comment l'envoyer.",
    ),
    (
        "/hold",
        {"until": "tomorrow"},
        "Send “until” as a moment with its offset, like 2026-12-31T08:00:00+01:00.",
        "Envoyez « until » sous forme de date et heure avec leur décalage, comme 2026-12-31T08:00:00+01:00.",
    ),
    (
        "/decision",
        {"favourable": "perhaps", "decided_on": "2026-02-30"},
        "Send “favourable” as true or false. Send “decided_on” as a day, like 2026-12-31.",
        "Envoyez « favourable » sous la forme true ou false. "
        "Envoyez « decided_on » sous forme de jour, comme 2026-12-31.",
    ),
]


def plain(refused: Any) -> str:
    """What a refusal says, with spaces that may break."""
    is_a_problem(refused, 422)
    return str(refused.json()["detail"]).replace("\xa0", " ")


@pytest.mark.parametrize(("verb", "body", "english", "french"), MISTAKES)
def test_a_mistake_is_told_in_the_reader_s_language(
    api: Api, verb: str, body: object, english: str, french: str
) -> None:
    address = f"/tickets/{a_ticket().reference}{verb}" if verb else "/tickets"
    sent = body if verb or not isinstance(body, dict) else a_body(**body)

    def told(language: str) -> str:
        return plain(api.post(address, sent, **{"Accept-Language": language}))

    assert (told("en"), told("fr")) == (english, french)


@pytest.mark.parametrize(
    ("wrong", "french"),
    [
        ({"limit": "x"}, "Envoyez « limit » sous forme de nombre entier."),
        ({"limit": 0}, "Envoyez au moins 1 pour « limit »."),
        (
            {"limit": 101, "state": "x"},
            "Choisissez « state » parmi : new, open, waiting, solved. Envoyez au plus 100 pour « limit ».",
        ),
        ({"q": "x" * 501}, "Raccourcissez « q » : 500 caractères au plus."),
    ],
)
def test_a_mistake_in_the_address_is_told_too(api: Api, wrong: dict[str, object], french: str) -> None:
    assert plain(api.get("/tickets", **wrong)) == french


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 20_000, b'{"text": 1' + b"0" * 5000 + b"}"])
def test_a_body_that_is_no_json_is_refused(api: Api, body: bytes) -> None:
    asked = {"Authorization": f"Bearer {SERVICE}"}

    is_a_problem(Client().post("/api/v1/tickets", body, content_type="application/json", headers=asked), 400)


@pytest.mark.parametrize("body", [[], "x", 3, None, {}, {"text": {"a": 1}}])
def test_a_body_of_another_shape_is_refused(api: Api, body: object) -> None:
    is_a_problem(api.post("/tickets", json.loads(json.dumps(body)) if body is not None else {}), 422)


def test_lone_surrogates_are_refused_before_they_reach_the_database(api: Api) -> None:
    is_a_problem(api.post("/tickets", a_body(text="\ud800 x")), 422)


def test_too_large_a_body_is_refused(api: Api, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    is_a_problem(api.post("/tickets", a_body(text="x" * 2000)), 413)


def test_a_method_that_an_address_does_not_take_is_refused(api: Api) -> None:
    refused = Client().put("/api/v1/tickets", headers={"Authorization": f"Bearer {SERVICE}"})

    is_a_problem(refused, 405)
    assert "GET" in refused["Allow"]
