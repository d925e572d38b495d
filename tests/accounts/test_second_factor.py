"""A code from the telephone is asked for after the password; recovery codes stand in; roles may have to have one."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings

from contactcenter.accounts.codes import CODES, WRONG_PASSWORDS
from contactcenter.accounts.models import Role, User
from tests.accounts.codes import code_of, enter, with_codes, wrong
from tests.factories import a_user

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def user() -> User:
    return who_reads_english()


def who_reads_english(role: str = Role.AGENT) -> User:
    user = a_user(role)
    user.language = "en"
    user.save()
    return user


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_page_shows_the_key_as_a_square_and_in_text(client: Client, user: User):
    enter(client, user)

    page = client.get("/account/codes/add/")

    assert "<svg" in page.content.decode()
    assert f'value="{page.context["form"].secret}"' in page.content.decode()
    assert f"/{user.username}?" in page.context["totp_url"]


def test_with_codes_set_up_the_password_alone_opens_nothing(client: Client, user: User):
    secret = with_codes(client, user)

    asked = enter(client, user, next="/wallboard/")

    assert (asked.status_code, asked["Location"]) == (302, "/login/code/")
    assert not is_in(client)
    assert client.get("/desk/")["Location"] == "/login/?next=/desk/"
    enter(client, user, next="/wallboard/")
    entered = client.post("/login/code/", {"code": code_of(secret)})
    assert (entered["Location"], is_in(client)) == ("/wallboard/", True)


def test_a_telephone_half_a_minute_slow_is_right_and_an_hour_is_told_to_look_at_its_clock(client: Client, user: User):
    secret = with_codes(client, user)
    enter(client, user)

    off = client.post("/login/code/", {"code": code_of(secret, later=-120)}, headers=ENGLISH)
    assert "look at your telephone’s clock" in off.content.decode()
    client.post("/login/code/", {"code": code_of(secret, later=-1)})

    assert is_in(client)


def test_who_guesses_codes_waits_even_with_the_right_one(client: Client, user: User):
    secret = with_codes(client, user)
    enter(client, user)
    for _ in range(CODES.burst):
        client.post("/login/code/", {"code": wrong(secret)})

    answer = client.post("/login/code/", {"code": code_of(secret)}, headers=ENGLISH)

    assert "Too many codes in a short time" in answer.content.decode()
    assert not is_in(client)


def test_guessing_from_another_address_does_not_begin_anew(client: Client, user: User):
    secret = with_codes(client, user)
    for number in range(CODES.burst):
        other = Client(REMOTE_ADDR=f"198.51.100.{number}")
        enter(other, user)
        other.post("/login/code/", {"code": wrong(secret)})

    enter(client, user)
    client.post("/login/code/", {"code": code_of(secret)})

    assert not is_in(client)


def test_a_hundred_guesses_at_once_are_no_more_than_a_few(user: User):
    with ThreadPoolExecutor(20) as hands:
        looked_at = list(hands.map(lambda _try: CODES.allows(str(user.pk)), range(100)))

    assert sum(looked_at) == CODES.burst


def test_a_code_counts_once(client: Client, user: User, settings: Settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}  # another process
    secret = with_codes(client, user)
    thief = Client()
    enter(client, user)
    enter(thief, user)

    code = code_of(secret)
    client.post("/login/code/", {"code": code})
    late = thief.post("/login/code/", {"code": f"{code[:3]} {code[3:]}"}, headers=ENGLISH)

    assert (is_in(client), is_in(thief)) == (True, False)
    assert "used already" in late.content.decode()


def test_the_key_lies_encrypted(client: Client, user: User):
    secret = with_codes(client, user)

    assert secret not in str(list(Authenticator.objects.values("data")))


def test_each_recovery_code_opens_the_door_once(client: Client, user: User):
    with_codes(client, user)
    secret = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    enter(client, user)

    client.post("/login/code/", {"code": secret[0]})

    assert is_in(client)
    shown = client.get("/account/recovery/").content.decode()
    assert re.findall(r"<code>(\d+)</code>", shown) == secret[1:]
    client.post("/logout/")
    enter(client, user)
    client.post("/login/code/", {"code": secret[0]})
    assert not is_in(client)


def test_an_open_page_does_not_let_a_passer_by_remove_the_factor(client: Client, user: User):
    secret = with_codes(client, user)
    enter(client, user)
    client.post("/login/code/", {"code": code_of(secret)})
    session = client.session
    session["signed_in_at"] = time.time() - 3600
    session.save()

    asked = client.post("/account/codes/remove/")
    refused = client.post(asked["Location"], {"password": "guess"}, headers=ENGLISH)

    assert asked["Location"].startswith("/account/again/?next=")
    assert "This is not your password" in refused.content.decode()
    assert Authenticator.objects.filter(type="totp").exists()
    client.post(asked["Location"], {"password": "pass"})
    assert not Authenticator.objects.exists()


def test_guessing_the_password_again_is_counted(client: Client, user: User):
    enter(client, user)
    for _ in range(WRONG_PASSWORDS.burst):
        client.post("/account/again/", {"password": "guess"})

    answer = client.post("/account/again/", {"password": "pass"}, headers=ENGLISH)

    assert "Too many wrong passwords" in answer.content.decode()


def test_a_deactivated_user_is_told_so_after_the_code(client: Client, user: User):
    secret = with_codes(client, user)
    enter(client, user)
    User.objects.filter(pk=user.pk).update(is_active=False)

    told = client.post("/login/code/", {"code": code_of(secret)}, follow=True, headers=ENGLISH)

    assert "This account is closed. Ask your administrator" in told.content.decode()
    assert not is_in(client)


@pytest.mark.django_db(transaction=True)
def test_who_signed_in_by_password_alone_before_there_was_a_factor_signs_in_anew(client: Client, settings: Settings):
    settings.CC_SECOND_FACTOR = ("supervisor",)
    supervisor = a_user(Role.SUPERVISOR)
    thief = Client()
    enter(thief, supervisor)
    enter(client, supervisor)
    secret = str(client.get("/account/codes/add/").context["form"].secret)
    client.post("/account/codes/add/", {"code": code_of(secret)})

    answer = thief.get("/desk/team/")

    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/desk/team/")
    assert "_auth_user_id" not in thief.session
    assert client.get("/desk/team/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_role_that_needs_a_second_factor_is_led_to_set_one_up_and_then_works(client: Client, settings: Settings):
    settings.CC_SECOND_FACTOR = ("supervisor",)
    supervisor = who_reads_english(Role.SUPERVISOR)

    enter(client, supervisor)
    led = client.get("/desk/team/")
    page = client.get(led["Location"], headers=ENGLISH).content.decode()
    secret = str(client.get("/account/codes/add/").context["form"].secret)
    client.post("/account/codes/add/", {"code": code_of(secret)})

    assert (led.status_code, led["Location"]) == (302, "/account/")
    assert "Your role needs a second factor" in page
    assert client.get("/desk/team/").status_code == 200
    kept = client.post("/account/codes/remove/", headers=ENGLISH).content.decode()
    assert "Add another one first" in kept
    assert Authenticator.objects.filter(type="totp").exists()


def test_other_roles_work_as_before(client: Client, user: User, settings: Settings):
    settings.CC_SECOND_FACTOR = ("supervisor", "administrator")
    enter(client, user)

    assert client.get("/desk/").status_code == 200


def test_who_may_do_everything_counts_as_administrator(client: Client, settings: Settings):
    settings.CC_SECOND_FACTOR = ("administrator",)
    root = User.objects.create_superuser(username="root", password="pass")
    enter(client, root)

    assert client.get("/admin/")["Location"] == "/account/"
    assert client.post("/desk/next/")["Location"] == "/account/"


def test_an_auditor_sets_up_their_own_factor(client: Client):
    auditor = a_user(Role.AUDITOR)

    with_codes(client, auditor)

    assert Authenticator.objects.filter(user=auditor, type="totp").exists()


def test_an_administrator_forgets_the_factors_of_who_lost_their_telephone_and_it_is_traced(client: Client, user: User):
    with_codes(client, user)
    chief = User.objects.create_superuser(username="chief", password="pass")
    client.force_login(chief)

    form = {"action": "forget_factors", "_selected_action": [user.pk]}
    answer = client.post("/admin/accounts/user/", form, follow=True)

    assert answer.status_code == 200
    assert not Authenticator.objects.filter(user=user).exists()
    entry = LogEntry.objects.get(user=chief)
    assert entry.object_id == str(user.pk)
    enter(other := Client(), user)
    assert is_in(other)


@pytest.mark.django_db(transaction=True)
def test_which_factors_came_and_went_is_told_by_the_user_s_history(client: Client, user: User):
    secret = with_codes(client, user)
    enter(client, user)
    client.post("/login/code/", {"code": code_of(secret)})
    client.post("/account/codes/remove/")

    with translation.override("en"):
        told = [entry.get_change_message() for entry in LogEntry.objects.filter(object_id=user.pk).order_by("pk")]

    assert sorted(told[:2]) == ["Added second factor “recovery_codes”.", "Added second factor “totp”."]
    assert sorted(told[2:]) == ["Deleted second factor “recovery_codes”.", "Deleted second factor “totp”."]


def test_an_agent_resets_nobody(client: Client, user: User):
    with_codes(client, user)
    client.force_login(a_user())

    answer = client.post("/admin/accounts/user/", {"action": "forget_factors", "_selected_action": [user.pk]})

    assert answer["Location"].startswith("/admin/login/")
    assert Authenticator.objects.filter(user=user).exists()


def test_the_user_s_page_in_the_administration_shows_factors_and_no_secret(client: Client, user: User):
    secret = with_codes(client, user)
    client.force_login(User.objects.create_superuser(username="chief", password="pass"))

    page = client.get(f"/admin/accounts/user/{user.pk}/change/").content.decode()

    assert "TOTP" in page
    assert secret not in page
    assert client.get("/admin/mfa/authenticator/").status_code == 404


@pytest.mark.parametrize("path", ["signup", "email", "password/reset", "mfa", "social/connections", "confirm-email"])
def test_what_we_do_not_need_of_allauth_has_no_address(client: Client, path: str):
    client.force_login(a_user())

    for before in ("", "accounts/", "account/"):
        assert client.get(f"/{before}{path}/").status_code == 404


def test_the_last_administrator_is_let_in_again_from_the_machine_itself(client: Client):
    chief = User.objects.create_superuser(username="chief", password="pass")
    with_codes(client, chief)

    call_command("forget_factors", "chief", stdout=StringIO())

    enter(client, chief)
    assert is_in(client)
    assert "command line" in LogEntry.objects.latest("pk").change_message
    with pytest.raises(CommandError, match="no user"):
        call_command("forget_factors", "nobody")
