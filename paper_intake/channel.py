"""Paper, plugged in: what goes out by letter, and how a scan shows on the ticket's page."""

from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from contactcenter.channel import DeliveryError, Fragment, Outbound, Preview, Sent


class PaperChannel:
    """Letters, scans and what is handed in at the counter."""

    name = "paper"
    label: Any = _("Letter")
    urls = "paper_intake.urls"

    def send(self, outbound: Outbound) -> Sent:
        """Put a letter into the tray; it is sent when a clerk has posted it."""
        from paper_intake.letters import put_in_tray

        if outbound.means != "letter":
            raise DeliveryError("Paper carries letters only.", permanent=True)
        put_in_tray(outbound)
        return Sent(state="sending")

    def preview(self, outbound: Outbound) -> Preview:
        """The sheets as they will be printed."""
        from paper_intake.letters import sheets

        return sheets(outbound)

    def timeline(self, interaction_ids: Iterable[int]) -> dict[int, Fragment]:
        """The pages of each scan, small, beside what was read on them."""
        from paper_intake.models import Scan

        scans = Scan.objects.filter(interaction__in=list(interaction_ids)).prefetch_related("pages")
        return {
            scan.interaction_id: Fragment(html=render_to_string("paper_intake/_timeline.html", {"scan": scan}))
            for scan in scans
        }

    def places(self, interaction_ids: Iterable[int]) -> dict[int, str]:
        """Where the papers lie that were scanned as these interactions."""
        from paper_intake.models import Scan

        lying = Scan.objects.filter(interaction__in=list(interaction_ids)).exclude(place="")
        return dict(lying.values_list("interaction", "place"))
