"""Where the pictures of pages lie: made from the originals, and to be made again if lost."""

from pathlib import Path

from django.conf import settings


def preview_path(sha256: str, number: int) -> Path:
    """The picture of one page of the original with this SHA-256."""
    return Path(settings.CC_DATA_DIR) / "previews" / sha256[:2] / sha256 / f"{number}.jpg"
