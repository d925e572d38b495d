"""Why a work item cannot be had."""

from contactcenter.errors import DomainError


class AlreadyTakenError(DomainError):
    """Somebody else has it; `holder` is their name, "" where nobody holds it any more."""

    def __init__(self, sentence: str, *, holder: str = "") -> None:
        super().__init__(sentence)
        self.holder = holder
