"""How each channel is tried, and what the demo sent."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from contactcenter.demo.models import DemoMail
from contactcenter.offices.models import Office

MOST = 100
MAIL_LINE = (
    "curl smtp://127.0.0.1:%(port)d --mail-from ana@example.org --mail-rcpt %(to)s"
    " -H 'From: ana@example.org' -H 'Subject: Carte perdue' -F '=Bonjour, ma carte est perdue.'"
)
View = Callable[..., HttpResponse]


def in_demo(view: View) -> View:
    """Only where this is the demo: everybody may look at its invented mails."""

    @login_not_required
    @wraps(view)
    def handle(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not settings.CC_DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return handle


@in_demo
def demo(request: HttpRequest) -> HttpResponse:
    """One line for each channel."""
    office = Office.objects.order_by("pk").first()
    facts = {
        "office": office,
        "mail_line": MAIL_LINE % {"port": settings.CC_SMTP_PORT, "to": office.email if office else ""},
        "inbox": settings.CC_DATA_DIR / "paper-inbox",
        "mails": DemoMail.objects.order_by("-pk")[:5],
    }
    return render(request, "demo/demo.html", facts)


@in_demo
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest mails that the demo sent."""
    return render(request, "demo/mailbox.html", {"mails": DemoMail.objects.order_by("-pk")[:MOST], "most": MOST})


@in_demo
def mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """One mail that the demo sent."""
    return render(request, "demo/mail.html", {"mail": get_object_or_404(DemoMail, pk=mail_id)})
