"""What a request of the provider's REST side brings, and what its answer is made of."""

from collections.abc import Callable

Json = dict[str, object]
Form = dict[str, list[str]]
Answer = tuple[int, Json]
Handle = Callable[..., Answer]
Routes = list[tuple[str, dict[str, Handle]]]  # a path below the account, and what each method does


class NoSuchError(Exception):
    """There is nothing of this name."""


class RefusedRequestError(Exception):
    """The provider does not do this; `code` is its own number for the reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def last(form: Form, name: str, usual: str = "") -> str:
    """The last value of a field."""
    return form.get(name, [usual])[-1]


def page(name: str, rows: list[Json], form: Form) -> Json:
    """One page of a list, with the address of the next."""
    size, number = int(last(form, "PageSize", "50")), int(last(form, "Page", "0"))
    if number and last(form, "PageToken") != f"PA{number}":
        raise RefusedRequestError(20006, "Page tokens say where a list goes on; follow next_page_uri")
    more = len(rows) > size * (number + 1)
    follows = f"?PageSize={size}&Page={number + 1}&PageToken=PA{number + 1}" if more else None
    return {name: rows[size * number : size * (number + 1)], "page": number, "next_page_uri": follows}
