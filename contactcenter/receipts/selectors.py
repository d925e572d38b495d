"""Find a receipt again."""

from contactcenter.receipts.models import Receipt
from contactcenter.tickets.reference import check_digit, cleaned


def by_code(code: str) -> Receipt | None:
    """The receipt with this code, typed with or without spaces; None where there is none."""
    digits = cleaned(code)
    if len(digits) != 16 or check_digit(digits) != "0":
        return None
    return Receipt.objects.filter(code=digits).select_related("ticket__office", "interaction").first()
