"""Every action of the desk: its name, its keys, what it does. Pages, help and palette read it here, so none can drift.

An element that does something carries the action's name (`{% does "note" %}`). Keys are single ones, chords such as
`ctrl+enter`, or two pressed one after the other (`g w`).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DIALOGS = frozenset({"help", "palette"})
WAYS = 6  # means to answer by


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that can be done. `at` is the page it opens; `shown` stands in the help for several keys alike."""

    name: str
    keys: tuple[str, ...]
    does: Promise
    at: str = ""
    in_form: bool = False  # only from within the form that one is writing in
    shown: str = ""
    in_help: bool = True

    @property
    def selector(self) -> str:
        """Where the page has it."""
        if self.name in DIALOGS:
            return f"#{self.name}"
        return f'.top a[href="{self.at}"]' if self.at else f'[data-does="{self.name}"]'


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Actions that belong together."""

    title: Promise
    actions: tuple[Action, ...]


def _one(name: str, keys: str, does: Promise, **more: bool | str) -> Action:
    return Action(name=name, keys=tuple(keys.split("|")), does=does, **more)  # type: ignore[arg-type]


def _ways() -> list[Action]:
    """Each way to answer has its digit; the help tells them in one line."""
    does = _("choose how the answer goes out")
    digits = range(1, WAYS + 1)
    return [_one(f"way-{n}", str(n), does, shown=f"1 … {WAYS}", in_help=n == 1) for n in digits]


GROUPS = (
    Group(
        title=_("The queue"),
        actions=(
            _one("next", "n", _("take the next")),
            _one("queue", "q", _("go to the queue or the list, then ↑ and ↓")),
            _one("accept", "a", _("accept what is offered")),
            _one("decline", "x", _("pass on what is offered")),
        ),
    ),
    Group(
        title=_("The answer"),
        actions=(
            _one("reply", "r", _("write the answer")),
            _one("send", "ctrl+enter", _("send what you are writing"), in_form=True),
            _one("send-and-solve", "ctrl+shift+enter", _("send the answer, and solve"), in_form=True),
            *_ways(),
            _one("template", "l", _("a template for the answer")),
            _one("preview", "v", _("see the answer as the person will get it")),
        ),
    ),
    Group(
        title=_("The request"),
        actions=(
            _one("take", "p", _("take this one in hand")),
            _one("note", "o", _("note for colleagues")),
            _one("hold", "h", _("set aside")),
            _one("transfer", "t", _("pass on")),
            _one("join", "m", _("put together or take apart")),
            _one("decision", "e", _("decision or appointment")),
            _one("incident", "i", _("link to an incident")),
            _one("person", "c", _("go to the person and what runs")),
            _one("complete", "*", _("complete the card or put it right: name, addresses, numbers")),
            _one("pieces", "b", _("go to the documents asked for: held or missing")),
            _one("evidence", "k", _("note what shows who the person is")),
            _one("tag", "#", _("add a tag, or take one off")),
            _one("link", "=", _("link another request")),
            _one("promise", "+", _("give another promise")),
            _one("reassign", ">", _("put it into other hands")),
            _one("more", "g x", _("show what is rarely done with a request")),
            _one("solve", "s", _("solve")),
            _one("undo", "u", _("undo what was put together or taken apart")),
            _one("draft-of-another", "j", _("go on with what a colleague who has left was writing")),
        ),
    ),
    Group(
        title=_("What is in hand"),
        actions=(
            _one("still-on-it", "y", _("say that you are still on it")),
            _one("done", "f", _("finish it: posted, reached, wrapped up")),
            _one("release", "w", _("give it back to the queue")),
            _one("hang-up", "z", _("hang up")),
        ),
    ),
    Group(
        title=_("On the line"),
        actions=(
            _one("call-now", "0", _("call the person now")),
            _one("line-hold", "7", _("put the person on hold, or come back")),
            _one("line-mute", "8", _("be heard no longer, or again")),
            _one("line-tape", ":", _("pause the recording, or go on with it")),
            _one("tape-refused", "!", _("end the recording and erase it, if the person does not want it")),
            _one("bad-line", "9", _("mend a bad line: another leg, or call back at once")),
            _one("pass-call", "-", _("pass the call on, with its request")),
            _one("third-party", ";", _("bring an interpreter or an office in")),
            _one("supervise", ",", _("listen in, whisper or take part (supervisors)")),
        ),
    ),
    Group(
        title=_("On other pages"),
        actions=(
            _one("hand-in", "g u", _("hand in scans (mailroom)")),
            _one("languages", "g y", _("write the announcement in other languages")),
            _one("standing", "g k", _("keep your line open between calls, or be rung for each")),
        ),
    ),
    Group(
        title=_("Everywhere"),
        actions=(
            _one("palette", "ctrl+k|.", _("find an action by its name")),
            _one("help", "?", _("show the keys")),
            _one("presence", "d", _("say whether you are available")),
            _one("search", "/", _("search"), at="/desk/search/"),
            _one("desk", "g q", _("open the queue"), at="/desk/"),
            _one("requests", "g d", _("open the list of requests"), at="/desk/requests/"),
            _one("mail", "g m", _("open the mailroom"), at="/mailroom/"),
            _one("wallboard", "g w", _("open the wallboard"), at="/wallboard/"),
            _one("incidents", "g i", _("open the incidents"), at="/desk/incidents/"),
            _one("team", "g t", _("open the team"), at="/desk/team/"),
            _one("report", "g r", _("open the report"), at="/desk/reports/"),
            _one("staffing", "g s", _("open the staffing"), at="/desk/staffing/"),
            _one("lines", "g l", _("open the telephone lines"), at="/desk/line/"),
            _one("administration", "g a", _("open the administration"), at="/admin/"),
            _one("account", "g c", _("open the security of your account"), at="/account/"),
            _one("menu", "g p", _("open the pages of those who lead")),
            _one("my-menu", "g n", _("open what is yours: account, language, logging out")),
            _one("french", "g f", _("read the pages in French")),
            _one("english", "g e", _("read the pages in English")),
            _one("log-out", "g o", _("log out")),
        ),
    ),
)
BY_NAME = {action.name: action for group in GROUPS for action in group.actions}
