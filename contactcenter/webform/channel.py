"""The plug: what is answered on the web lies on the follow page."""

from django.utils.translation import gettext_lazy as _

from contactcenter.channel import Outbound, Sent


class WebChannel:
    """Forms come in; answers are read on the follow page, where they are as soon as they are written."""

    name = "web"
    label = _("web form")
    urls = "contactcenter.webform.urls"

    def send(self, outbound: Outbound) -> Sent:
        """Nothing has to travel: the follow page shows it."""
        return Sent(state="delivered")
