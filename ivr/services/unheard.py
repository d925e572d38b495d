"""A call of which nobody told us: the provider took it, and we were not there to answer."""

from datetime import datetime

from django.db import transaction

from ivr.services import calls, ending, voicemail, waiting


@transaction.atomic
def heard_of_late(
    sid: str, *, number: str, line: str, rang_at: datetime | None, over_at: datetime | None, recordings: list[str]
) -> None:
    """A ticket for it all the same: with what was recorded a message, else somebody who waited in vain."""
    call = calls.begin(sid, number=number, line=line, at=rang_at)
    if recordings:
        voicemail.start_message(call)
        for recording in recordings:
            voicemail.take_message(call, recording=recording)
    else:
        waiting.wait(call, at=rang_at)
    ending.end(call, at=over_at)
