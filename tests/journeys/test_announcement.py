"""A supervisor says something on the line, and within ten seconds all who call hear it, whichever process answers."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import requests

from tests.journeys.conftest import Street

pytestmark = pytest.mark.whole
SAID = "Le guichet ferme exceptionnellement à midi."
AT_ONCE = 4
WITHIN_S = 10


def in_page(pattern: str, page: requests.Response) -> str:
    found = re.search(pattern, page.text)
    assert found, (page.url, pattern)
    return found[1]


def supervisor(street: Street) -> tuple[requests.Session, dict[str, str], str]:
    """Their browser, what the page of announcements sends for the first line, and that line's number."""
    user, password = street.login("supervisor")
    browser = requests.Session()
    token = in_page(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(f"{street.url}/login/", timeout=20))
    browser.post(
        f"{street.url}/login/",
        data={"username": user, "password": password, "csrfmiddlewaretoken": token},
        timeout=20,
    )
    page = browser.get(f"{street.url}/desk/line/", timeout=20)
    form = {
        "line": in_page(r'<option value="(\d+)"', page),
        "csrfmiddlewaretoken": in_page(r'name="csrfmiddlewaretoken" value="(\w+)"', page),
    }
    return browser, form, in_page(r'<option value="\d+">[^<]*(\+\d+)</option>', page)


def heard(street: Street, line: str, number: int) -> str:
    """What somebody hears who calls this line now and presses 1."""
    network = f"http://127.0.0.1:{street.places()['CC_SIMULATOR_PORT']}"
    form = {"From": f"+3363998{number:04d}", "To": line, "Keys": "1", "Message": ""}
    sid = requests.post(f"{network}/callers", data=form, timeout=20).json()["sid"]
    told: list[str] = []
    for _look in range(200):
        told = requests.get(f"{network}/Calls/{sid}.json", timeout=20).json()["heard"]
        if any("tapez dièse" in words for words in told):  # the menu has been read
            break
        time.sleep(0.1)
    requests.post(f"{network}/Calls/{sid}.json", data={"Status": "completed"}, timeout=20)
    return " ".join(told)


def test_within_ten_seconds_every_caller_hears_what_a_supervisor_put_on_the_line(street: Street):
    browser, form, line = supervisor(street)
    calls = partial(heard, street, line)
    with ThreadPoolExecutor(AT_ONCE) as callers:
        before = list(callers.map(calls, range(AT_ONCE)))
        put = browser.post(f"{street.url}/desk/line/", data={**form, "fr": SAID}, timeout=20)
        time.sleep(WITHIN_S)
        after = list(callers.map(calls, range(AT_ONCE, 3 * AT_ONCE)))
    browser.post(f"{street.url}/desk/line/", data={**form, "off": "1"}, timeout=20)

    assert SAID in put.text
    assert all("tapez dièse" in words for words in before)
    assert not any(SAID in words for words in before)
    assert all(SAID in words for words in after)
