"""What may be entered for skills and promises, and the sentence that says how to write it."""

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

validate_code = RegexValidator(r"\A[a-z0-9_-]+\Z", _("Write small letters, digits, - or _, such as de or calls."))
validate_promise = MinValueValidator(1, _("Promise something: at least one second."))


class Level(models.IntegerChoices):
    """How well an agent can do something."""

    GETS_BY = 1, _("1: gets by")
    AT_EASE = 2, _("2: is at ease")
    TEACHES = 3, _("3: teaches it")
