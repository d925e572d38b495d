"""The API's description of itself."""

from django.test import Client

from tests.contracts.asking import PROBLEM, Api

OPERATIONS = {
    ("get", "/tickets"),
    ("post", "/tickets"),
    ("get", "/tickets/{reference}"),
    ("post", "/tickets/{reference}/replies"),
    ("post", "/tickets/{reference}/notes"),
    ("post", "/tickets/{reference}/transfer"),
    ("post", "/tickets/{reference}/hold"),
    ("post", "/tickets/{reference}/solve"),
    ("get", "/queue"),
    ("post", "/queue/next"),
    ("post", "/work-items/{work_item_id}/take"),
    ("post", "/work-items/{work_item_id}/release"),
    ("post", "/work-items/{work_item_id}/done"),
    ("get", "/procedures"),
    ("get", "/receipts/{code}"),
}


def test_every_operation_of_the_contract_is_described(api: Api) -> None:
    schema = Client().get("/api/v1/openapi.json").json()

    described = {
        (method, path.removeprefix("/api/v1")) for path, methods in schema["paths"].items() for method in methods
    }
    assert described >= OPERATIONS
    assert schema["openapi"].startswith("3.")


def test_each_operation_names_its_answers_its_problems_and_its_token(api: Api) -> None:
    schema = Client().get("/api/v1/openapi.json").json()

    for path, methods in schema["paths"].items():
        for operation in methods.values():
            assert operation["security"], path
            assert operation["description"], path
            problems = [answer for status, answer in operation["responses"].items() if int(status) >= 400]
            assert problems, path
            assert all(PROBLEM in answer["content"] for answer in problems), path
    names = [operation["operationId"] for methods in schema["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))


def test_the_procedures_are_listed_by_code(api: Api) -> None:
    assert api.get("/procedures").json()["next"] is None
