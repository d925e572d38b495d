"""Why a work item cannot be had."""

from contactcenter.errors import DomainError, InvalidError


class ReasonWantedError(InvalidError):
    """It is not this one's turn, and its queue wants to know why it is taken all the same."""


class AlreadyTakenError(DomainError):
    """Somebody else has it; `holder` is their name, "" where nobody holds it any more."""

    def __init__(self, sentence: str, *, holder: str = "") -> None:
        super().__init__(sentence)
        self.holder = holder
