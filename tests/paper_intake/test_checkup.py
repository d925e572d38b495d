"""What the doctor says of the mailroom."""

from datetime import timedelta

from django.utils import timezone

from contactcenter.doctor import Verdict
from paper_intake import checkup
from paper_intake.models import Scan
from tests.paper_intake import papers


def test_all_is_well_while_letters_come_in_and_are_read(inbox, after):
    papers.written(inbox.folder, "lettre.pdf", papers.scanned_pdf())
    after()

    assert [finding.verdict for finding in (*checkup.scan_folder(), *checkup.reading())] == [Verdict.OK]


def test_letters_that_nobody_reads_are_a_matter_for_the_doctor(inbox, after):
    papers.written(inbox.folder, "lettre.pdf", papers.scanned_pdf())
    after()
    Scan.objects.update(arrived_at=timezone.now() - timedelta(hours=1))

    assert [finding.verdict for finding in checkup.reading()] == [Verdict.WRONG]
