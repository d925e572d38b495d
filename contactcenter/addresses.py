"""Addresses of one page for many rows."""

from collections.abc import Callable

from django.urls import reverse

EXAMPLE = 7_000_000_007  # a number and a reference, as a pattern of addresses may want


def addresses(name: str) -> Callable[[object], str]:
    """The address of this page for a number or reference, the pattern looked up once for a whole list."""
    before, _example, after = reverse(name, args=[EXAMPLE]).partition(str(EXAMPLE))
    return lambda which: f"{before}{which}{after}"
