"""What went wrong, in a sentence that a person can read and act on."""


class DomainError(Exception):
    """A rule of the service said no. Its text is shown to people as it is."""


class NotFoundError(DomainError):
    """There is no such thing, or the asker may not know that there is."""


class NotAllowedError(DomainError):
    """The asker may see it but not do it."""


class InvalidError(DomainError):
    """What was asked cannot be done as it was asked."""
