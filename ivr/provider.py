"""The provider's REST side: the few requests we make of it, as forms with basic authentication.

Source: Twilio, "REST API 2010-04-01". In the demo the address is the simulator's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

import requests
from django.conf import settings

TIMEOUT = (3.05, 10)  # seconds to connect, to answer
PAGE, MOST_PAGES = 500, 20  # the most for a day
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})  # a leg's last status
Json = dict[str, object]
TOO_LARGE = "the recording is too large"
LARGEST_RECORDING = 50 * 1024 * 1024
LARGEST_CONVERSATION = 256 * 1024 * 1024  # four hours at 8 kHz and 16 bits, longer than any call lasts
PIECE = 1 << 20


class GoneError(Exception):
    """The leg or call is no longer there: nothing is to be done."""


class ProviderError(Exception):
    """The provider did not do it; `passing` where trying again may help."""

    def __init__(self, reason: str, *, passing: bool) -> None:
        super().__init__(reason)
        self.passing = passing


def moment(told: Mapping[str, object], when: str) -> datetime | None:
    """A time as the provider writes it; None where it tells none."""
    try:
        at = parsedate_to_datetime(str(told.get(when) or ""))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@dataclass(slots=True)
class Provider:
    """One account at a TwiML-compatible provider."""

    session: requests.Session = field(default_factory=requests.Session)

    def dial(self, *, to: str, from_: str, url: str, status_url: str, fallback_url: str = "") -> str:
        """Call somebody; returns the new leg's id. The fallback answers where another address of ours fails."""
        form = [
            ("To", to),
            ("From", from_),
            ("Url", url),
            ("Method", "POST"),
            ("StatusCallback", status_url),
            ("StatusCallbackMethod", "POST"),
            ("StatusCallbackEvent", "completed"),
            ("Timeout", "25"),
            *([("FallbackUrl", fallback_url), ("FallbackMethod", "POST")] if fallback_url else []),
        ]
        return self._create("Calls.json", form)

    def move(self, sid: str, url: str) -> None:
        """Have a leg go on with another document."""
        self._ask("POST", f"Calls/{sid}.json", [("Url", url), ("Method", "POST")])

    def hang_up(self, sid: str) -> None:
        """End a leg."""
        self._ask("POST", f"Calls/{sid}.json", [("Status", "completed")])

    def participant(self, room: str, sid: str, form: list[tuple[str, str]]) -> None:
        """Change how a leg takes part in a conference: on hold, muted, heard by one alone."""
        found = self._ask("GET", f"Conferences.json?{urlencode({'FriendlyName': room, 'Status': 'in-progress'})}", [])
        try:
            conference = str(found.json()["conferences"][0]["sid"])
        except IndexError as error:
            raise GoneError(room) from error
        except (ValueError, KeyError, TypeError) as error:
            raise ProviderError("an answer that lists no conferences", passing=True) from error
        self._ask("POST", f"Conferences/{conference}/Participants/{sid}.json", form)

    def calls(self, *, status: str = "", since: datetime | None = None) -> list[Json]:
        """Calls as the provider knows them, the newest first."""
        wanted = {"Status": status} if status else {}
        return self._list("Calls", "calls", wanted | _since("StartTime", since), days=_days(since))

    def texts(self, *, since: datetime | None = None, to: str = "") -> list[Json]:
        """Text messages as the provider knows them, those sent since a day or to somebody."""
        wanted = {"To": to} if to else {}
        return self._list("Messages", "messages", wanted | _since("DateSent", since), days=_days(since))

    def recordings_of(self, sid: str) -> list[str]:
        """The ids of what was recorded of a call."""
        return [str(one.get("sid", "")) for one in self.recordings(sid)]

    def messages(self, *, since: datetime) -> list[tuple[str, str]]:
        """What callers spoke at a recorder and is kept there: the ids of each recording and of its call."""
        rows = self._list("Recordings", "recordings", _since("DateCreated", since), days=_days(since))
        spoken = [one for one in rows if one.get("source") == "RecordVerb" and one.get("status") == "completed"]
        return [(str(one.get("sid", "")), str(one.get("call_sid", ""))) for one in spoken]

    def make_room(self, queue: str, size: int) -> None:
        """Have a queue that holds so many callers: one that is made on demand holds a hundred, or a thousand."""
        known = next((one for one in self._list("Queues", "queues", {}) if one.get("friendly_name") == queue), None)
        if known is None:
            self._create("Queues.json", [("FriendlyName", queue), ("MaxSize", str(size))])
        elif known.get("max_size") != size:
            self._ask("POST", f"Queues/{known.get('sid')}.json", [("MaxSize", str(size))])

    def _list(self, what: str, name: str, wanted: dict[str, str], *, days: int = 1) -> list[Json]:
        """All pages, up to a bound that no day of ours reaches."""
        rows: list[Json] = []
        path = f"{what}.json?{urlencode({**wanted, 'PageSize': PAGE})}"
        for _page in range(MOST_PAGES * days):
            try:
                answer = self._ask("GET", path, []).json()
                rows += answer[name]
                follows = answer.get("next_page_uri")
            except (ValueError, KeyError, TypeError) as error:
                raise ProviderError("an answer that lists nothing", passing=True) from error
            if not follows:
                break
            path = str(follows).partition(f"/{settings.TWILIO_ACCOUNT_SID}/")[2]  # with the token of where it goes on
        return rows

    def status(self, sid: str) -> str:
        """What the provider says of a leg: `in-progress`, `completed`, …"""
        return _of(self._ask("GET", f"Calls/{sid}.json", []), "status")

    def over_at(self, sid: str) -> datetime | None:
        """When a leg ended, by the provider's clock; None where it does not say."""
        try:
            told: Json = self._ask("GET", f"Calls/{sid}.json", []).json()
        except (ValueError, GoneError, ProviderError):
            return None
        return moment(told, "end_time") if isinstance(told, dict) else None

    def is_over(self, sid: str) -> bool:
        """Whether a leg has ended. One that is not theirs to know (another account, say) proves no end."""
        try:
            return self.status(sid) in OVER
        except (GoneError, ProviderError):
            return False

    def text(self, *, to: str, from_: str, body: str, status_url: str) -> str:
        """Send a text message; returns its id."""
        form = [("To", to), ("From", from_), ("Body", body), ("StatusCallback", status_url)]
        return self._create("Messages.json", form)

    def recording(self, sid: str) -> bytes:
        """The audio of a recording, as WAV."""
        answer = self._ask("GET", f"Recordings/{sid}.wav", [])
        if len(answer.content) > LARGEST_RECORDING:
            raise ProviderError(TOO_LARGE, passing=False)
        return answer.content

    def record(self, sid: str, status_url: str) -> str:
        """Have a call recorded from now on: what its person says and hears. Returns the recording's id."""
        form = [
            ("RecordingChannels", "mono"),
            ("RecordingStatusCallback", status_url),
            ("RecordingStatusCallbackMethod", "POST"),
            *(("RecordingStatusCallbackEvent", event) for event in ("in-progress", "completed", "absent")),
        ]
        return self._create(f"Calls/{sid}/Recordings.json", form)

    def change_recording(self, sid: str, recording: str, status: str) -> None:
        """Pause a recording (`paused`, which leaves nothing of the pause in it), go on (`in-progress`) or end it.

        What the provider says that it is now counts, not that it answered; whatever comes after `stopped` is an end.
        """
        pause = [("PauseBehavior", "skip")] if status == "paused" else []
        answer = self._ask("POST", f"Calls/{sid}/Recordings/{recording}.json", [("Status", status), *pause])
        if _of(answer, "status") != status != "stopped":
            raise ProviderError("the recording did not change", passing=True)

    def recordings(self, sid: str) -> list[Json]:
        """What was and is recorded of a call: `sid`, `status`, `duration`."""
        return self._list("Recordings", "recordings", {"CallSid": sid})

    def recording_told(self, sid: str) -> Json:
        """What the provider says of a recording: `status`, `duration`."""
        try:
            return dict(self._ask("GET", f"Recordings/{sid}.json", []).json())
        except (ValueError, TypeError) as error:
            raise ProviderError("an answer that is not JSON", passing=True) from error

    def sound(self, sid: str) -> Iterator[bytes]:
        """The audio of a conversation, as WAV, in pieces: it may last for hours."""
        answer = self._ask("GET", f"Recordings/{sid}.wav", [], stream=True)
        size = 0
        with answer:
            try:
                for piece in answer.iter_content(PIECE):
                    size += len(piece)
                    if size > LARGEST_CONVERSATION:
                        raise ProviderError(TOO_LARGE, passing=False)
                    yield piece
            except requests.RequestException as error:
                raise ProviderError(type(error).__name__, passing=True) from error

    def delete_recording(self, sid: str) -> None:
        """Have the provider forget a recording."""
        self._ask("DELETE", f"Recordings/{sid}.json", [])

    def _create(self, path: str, form: list[tuple[str, str]]) -> str:
        answer = self._ask("POST", path, form)
        try:
            return str(answer.json()["sid"])
        except (ValueError, KeyError, TypeError) as error:
            raise ProviderError("an answer that names no sid", passing=True) from error

    def _ask(self, method: str, path: str, form: list[tuple[str, str]], *, stream: bool = False) -> requests.Response:
        account = settings.TWILIO_ACCOUNT_SID
        address = f"{settings.TWILIO_API_BASE_URL.rstrip('/')}/2010-04-01/Accounts/{account}/{path}"
        try:
            answer = self.session.request(
                method,
                address,
                data=form or None,
                auth=(account, settings.TWILIO_AUTH_TOKEN),
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=stream,
            )
        except requests.RequestException as error:
            raise ProviderError(type(error).__name__, passing=True) from error
        if answer.status_code == 404 or (answer.status_code == 400 and "21220" in answer.text):
            raise GoneError(path)
        if answer.status_code >= 300:
            raise ProviderError(
                f"HTTP {answer.status_code}", passing=answer.status_code >= 500 or answer.status_code == 429
            )
        return answer


def _since(field: str, at: datetime | None) -> dict[str, str]:
    """A list's filter: from the beginning of that day on."""
    return {f"{field}>": f"{at:%Y-%m-%d}"} if at else {}


def _days(since: datetime | None) -> int:
    """Of how many days a list may hold something, the last one begun."""
    return (datetime.now(UTC) - since).days + 1 if since else 1


def _of(answer: requests.Response, name: str) -> str:
    """A field of the provider's answer."""
    try:
        return str(answer.json().get(name, ""))
    except (ValueError, AttributeError) as error:
        raise ProviderError("an answer that is not JSON", passing=True) from error
