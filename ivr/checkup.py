"""What `./run doctor` asks the telephone's menu: what is not said in a language, and what nobody has read over."""

import time
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from contactcenter.doctor import Finding, note, ok, question, wrong
from contactcenter.offices.models import Door
from ivr import asked, recorded, spool
from ivr.models import Command
from ivr.prompts import CODES, FIRST, lacking, language, spoken
from ivr.prompts.recordable import OURS, clips_of, unrecordable
from ivr.services import doors
from ivr.services.taping import NOTICE
from ivr.tapes import Tape, TapeRule

SHOWN = 6
CARRIED_IN_WITHIN_S = 300
ASKED_FOR = timedelta(days=30)


def plug_in() -> None:
    """Have the doctor ask."""
    question(addresses)
    question(languages)
    question(missing_prompts)
    question(unreviewed)
    question(left_at_the_provider)
    question(kept_meanwhile)
    question(not_asked)
    question(recording)


def addresses() -> Iterator[Finding]:
    """What to enter for each number in the provider's console."""
    if settings.CC_DEMO:
        return
    base = f"{settings.CC_PUBLIC_BASE_URL}/ivr"
    for door in Door.objects.filter(kind="phone", closed_at=None).order_by("pk"):
        yield ok(
            f"at the telephone provider, for {door.address}, all by POST: a call comes in {base}/voice, call status "
            f"changes {base}/status, a message comes in {base}/sms; as fallback fallback.xml on another host, by GET "
            "(`./run fallback FOLDER`)"
        )


def languages() -> Iterator[Finding]:
    """Which languages each line offers, and why not the others."""
    recorded.read_anew()
    spoken_somewhere: set[str] = set()
    for door in Door.objects.filter(kind="phone", closed_at=None).order_by("pk"):
        offer = doors.of(door.address).offer
        codes = [*offer.first.values(), *offer.more.values()]
        spoken_somewhere |= set(codes)
        yield ok(f"line {door.address} speaks {', '.join(language(code).name for code in codes)}")
    clips = recorded.clips()
    for code in CODES:
        absent = lacking(code, 1, clips)
        if absent and code not in spoken_somewhere:
            yield note(
                f"{language(code).name} ({code}) is not offered on the telephone: no voice speaks it, and these are "
                f"not recorded: {_some(absent)}. Record them and upload them in the administration."
            )


def missing_prompts() -> Iterator[Finding]:
    """What is said in another language than the caller's; it is never left out."""
    clips = recorded.clips()
    for code in CODES:
        known = language(code)
        if known.voice:
            unsaid = [one for one in language(FIRST).texts if one not in OURS and one not in known.texts]
        else:
            unsaid = [clip for clip in clips_of() if (clip, code) not in clips and not _is_another_key(clip, code)]
        if unsaid:
            yield note(f"{known.name} ({code}): said in French so far: {_some(unsaid)}.")
        if known.voice is None:
            yield note(
                f"{known.name} ({code}): days, hours and addresses can be recorded by nobody, and are said in French: "
                f"{', '.join(unrecordable())}."
            )


def _is_another_key(clip: str, code: str) -> bool:
    """Of a language's own invitation only the key that chooses it is needed, which `languages` tells."""
    keys = [one for one, of in recorded.clips() if of == code and one.startswith("language-")]
    return clip.startswith("language-") and bool(keys)


def unreviewed() -> Iterator[Finding]:
    """Which translations no native speaker has read; whoever has sets `reviewed: true` in the file."""
    unread = [language(code).name for code in CODES if not language(code).reviewed]
    if unread:
        yield note(
            f"No native speaker has reviewed the telephone's words in {', '.join(unread)}: "
            "have ivr/prompts/*.yaml read, and set `reviewed: true` there."
        )


def left_at_the_provider() -> Iterator[Finding]:
    """Whether messages that we have still lie at the provider as well, and whether some lie there alone."""
    failed = Command.objects.filter(done_at__isnull=False).exclude(error__in=("", "gone"))
    again = "Each is tried again every hour for a week"
    if count := failed.filter(kind=Command.Kind.DELETE).count():
        yield wrong(
            f"{count} recordings could not be deleted at the telephone provider. {again}; then delete them there."
        )
    audio = failed.filter(kind__in=(Command.Kind.FETCH, Command.Kind.FETCH_TAPE))
    if count := audio.filter(done_at__gt=timezone.now() - ASKED_FOR).count():
        yield wrong(
            f"{count} recordings could not be fetched from the telephone provider. {again}; then look for them there. "
            "Has the token been changed?"
        )


def kept_meanwhile() -> Iterator[Finding]:
    """What callers did while the database was away, and has not become a request: on this node alone."""
    if aside := len(spool.refused()):
        yield wrong(
            f"{aside} webhooks kept while the database was away could not be taken in: `./run spool` lists them, the "
            "log of `voice` says why. Mend that, then `./run spool --again`; delete those that nobody needs any more."
        )
    oldest = next(iter(spool.waiting()), None)
    if oldest and time.time() - oldest.stat().st_mtime > CARRIED_IN_WITHIN_S:
        yield wrong(
            f"{len(spool.waiting())} webhooks kept while the database was away wait to be taken in: is `voice` running "
            "on this node, with the same CC_DATA_DIR and CC_FIELD_KEYS?"
        )


def not_asked() -> Iterator[Finding]:
    """Whether the provider can be asked what nobody told us."""
    if asked.is_late():
        yield wrong(
            "For more than an hour the telephone provider could not be asked what came while we did not answer: does "
            "`voice` run, can it reach the provider, and is TWILIO_AUTH_TOKEN the account's? Its log says why."
        )


def _some(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def recording() -> Iterator[Finding]:
    """Which offices record conversations, in which languages nobody is, and whether all is erased in time."""
    clips = recorded.clips()
    untold = [language(code).name for code in CODES if spoken(NOTICE, code, clips).language != code]
    for rule in TapeRule.objects.filter(on=True).select_related("office").order_by("pk"):
        yield ok(f"{rule.office} records {rule.share} conversations in a hundred, kept for {rule.keep_days} days")
        if untold:
            yield note(f"nobody who speaks {', '.join(untold)} is recorded: the telephone cannot tell them of it")
    if Tape.objects.filter(state=Tape.State.KEPT, keep_until__lte=timezone.now() - timedelta(days=1)).exists():
        yield wrong(
            "recordings are kept for longer than was promised: the clock erases them, see that it and a worker run"
        )
