"""What a page says of an action: which element does it, and with which key."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext

from channels_app import actions

register = template.Library()
SIGNS = {"enter": "↵"}
SPOKEN = {"ctrl": "Control", "shift": "Shift", "enter": "Enter", "+": "Plus"}  # as `aria-keyshortcuts` wants them


@register.simple_tag
def does(name: str) -> SafeString:
    """The attributes of the element that does this; a name that is no action's is a mistake of the template."""
    action = actions.BY_NAME[name]
    spoken = " ".join(_spoken(key) for key in action.keys if " " not in key)
    return format_html('data-does="{}" aria-keyshortcuts="{}"', action.name, spoken)


@register.simple_tag
def key(name: str) -> SafeString:
    """The first key of an action, as it stands on its button."""
    return _written(actions.BY_NAME[name].keys[0])


@register.simple_tag
def cap(name: str) -> str:
    """The same as plain text, for where no element can stand."""
    return _cap(actions.BY_NAME[name].keys[0])


@register.filter
def foldable(text: str) -> SafeString:
    """A mail address may go on in the next line behind its @, rather than in the middle of a word."""
    before, at, after = text.partition("@")
    return format_html("{}@<wbr>{}", before, after) if at else format_html("{}", text)


@register.simple_tag
def way(number: int) -> SafeString:
    """The attributes of one way to answer; one beyond the digits has no key of its own."""
    return does(f"way-{number}") if f"way-{number}" in actions.BY_NAME else SafeString("")


@register.simple_tag
def keys(action: actions.Action) -> SafeString:
    """All keys of an action, for the help."""
    if action.shown:
        return format_html("<kbd>{}</kbd>", action.shown)
    return format_html_join(" · ", "{}", ((_written(one),) for one in action.keys))


@register.simple_tag
def action_groups() -> tuple[actions.Group, ...]:
    """Every action there is."""
    return actions.GROUPS


@register.simple_tag
def help_and_palette() -> SafeString:
    """The dialogs that show every action: the same on every page of a language."""
    return _help_in(get_language())


@lru_cache
def _help_in(_language: str | None) -> SafeString:
    return render_to_string("channels_app/_help.html")


def _written(chord: str) -> SafeString:
    """`ctrl+enter` is one key cap, `g w` are two."""
    return format_html_join(" ", "<kbd>{}</kbd>", ((_cap(one),) for one in chord.split(" ")))


def _cap(chord: str) -> str:
    names = {"ctrl": pgettext("key", "Ctrl"), "shift": pgettext("key", "Shift"), **SIGNS}
    return " ".join(names.get(part, part.upper()) for part in _parts(chord))


def _spoken(chord: str) -> str:
    return "+".join(SPOKEN.get(part, part.upper()) for part in _parts(chord))


def _parts(chord: str) -> list[str]:
    """`ctrl+k` is two keys together; `+` is a key."""
    return chord.split("+") if len(chord) > 1 else [chord]
