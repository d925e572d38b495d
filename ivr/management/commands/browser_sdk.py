"""`./run browser_sdk FILE`: let agents' browsers be telephones, with the vendor's SDK that you downloaded."""

import hashlib
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ivr.browser_phone import sdk

LARGEST = 5 * 1024 * 1024


class Command(BaseCommand):
    """Keeps the file in the data folder, from where our own address serves it."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the SDK's one JavaScript file, such as twilio.min.js")

    def handle(self, *, file: Path, **options: object) -> None:
        try:
            script = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        if len(script) > LARGEST or b"Device" not in script:
            raise CommandError(f"{file} is not the vendor's voice SDK: it knows no Device.")
        sdk().parent.mkdir(parents=True, exist_ok=True)
        sdk().write_bytes(script)
        self.stdout.write(f"Added {file.name}: {len(script)} bytes, SHA-256 {hashlib.sha256(script).hexdigest()}")
