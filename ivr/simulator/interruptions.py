"""What takes a leg out of what it is doing."""

from ivr.simulator.documents import Asked


class HungUp(Exception):  # noqa: N818  # it ends the call and is no error
    """The leg is over."""


class Moved(Exception):  # noqa: N818
    """The application moved the leg to another document by REST."""

    def __init__(self, to: Asked) -> None:
        super().__init__(to.url)
        self.to = to


class Enough(Exception):  # noqa: N818
    """What the leg did for a while is over."""


class Left(Exception):  # noqa: N818
    """The caller left the queue by the verb Leave."""


class Fetched(Exception):  # noqa: N818
    """Somebody dialled the queue, and it is this caller's turn."""

    def __init__(self, room: str, whisper: Asked | None) -> None:
        super().__init__(room)
        self.room = room
        self.whisper = whisper
