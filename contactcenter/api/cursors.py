"""Opaque cursors: where the next page of a list begins, signed so that nobody writes their own."""

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from contactcenter.errors import InvalidError


def seal(of: str, place: str) -> str:
    """The cursor for a place in the list called `of`."""
    return Signer(salt=f"cursor:{of}").sign_object(place, compress=True)


def opened(of: str, cursor: str) -> str:
    """The place behind a cursor that this list once gave; InvalidError for any other text."""
    try:
        return str(Signer(salt=f"cursor:{of}").unsign_object(cursor))
    except (BadSignature, ValueError, UnicodeError) as error:  # ValueError: base64, zlib and JSON that is none
        raise InvalidError(_("This cursor was not given by this list; begin again without one.")) from error
