"""Opens files that strangers sent: the only code that decodes them, in a process of its own that may be killed.

Run as `python -m paper_intake.press`: one JSON question a line on stdin, one JSON answer a line on stdout. It knows
neither Django nor the database. `sandbox.Press` starts it, limits it, and kills it when it takes too long.
"""

import json
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pypdfium2 as pdfium
from pikepdf import PasswordError, Pdf, PdfError
from PIL import Image, ImageOps

from paper_intake import kinds

MOST_PIXELS = 40_000_000
READING_DPI = 200
READING_EDGE = 3400  # the longer edge of the image that is read: A3 at 200 dpi
PREVIEW_EDGE = 1600
LAYER_CHARACTERS = 20  # fewer are a page number or a stamp of the scanner's, not a text

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)

FORMATS = ("TIFF", "JPEG", "PNG", "WEBP", "GIF")
Answer = dict[str, Any]


def look(path: str) -> Answer:
    """What the file is, how many pages it has, and what stands in the way of opening it."""
    kind = kinds.of(Path(path))
    if kind == kinds.UNKNOWN:
        return _found(kind, 0, "unknown")
    try:
        if kind == kinds.PDF:
            return _found(kind, _pdf_pages(path), "")
        with Image.open(path, formats=FORMATS) as image:
            return _found(kind, getattr(image, "n_frames", 1), "")
    except PasswordError:
        return _found(kind, 0, "encrypted")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return _found(kind, 0, "too_large")
    except Exception:
        return _found(kind, 0, "corrupt")


def page(path: str, number: int, preview: str, reading: str) -> Answer:
    """Write page `number` (from 1) as a preview to show and as an image to read; answer its text layer too."""
    try:
        with _page_image(path, number) as (image, text):
            small = image.convert("RGB")
            small.thumbnail((PREVIEW_EDGE, PREVIEW_EDGE), Image.Resampling.LANCZOS)
            small.save(preview, "JPEG", quality=80, optimize=True)
            grey = image.convert("L")
            grey.thumbnail((READING_EDGE, READING_EDGE), Image.Resampling.LANCZOS)
            grey.save(reading, "PNG", dpi=(READING_DPI, READING_DPI), compress_level=1)
            return {"width": small.width, "height": small.height, "text": text, "problem": ""}
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return {"problem": "too_large"}
    except Exception:
        return {"problem": "corrupt"}


def _found(kind: str, pages: int, problem: str) -> Answer:
    return {"content_type": kind, "pages": pages, "problem": problem}


def _pdf_pages(path: str) -> int:
    """The number of pages, by pdfium where qpdf cannot mend the file; a PDF that wants a password raises."""
    try:
        with Pdf.open(path) as document:
            count = len(document.pages)
    except PasswordError:
        raise
    except PdfError:
        count = len(pdfium.PdfDocument(path))
    if not count:
        raise ValueError("a PDF without pages")
    return count


@contextmanager
def _page_image(path: str, number: int) -> Iterator[tuple[Image.Image, str]]:
    if kinds.of(Path(path)) == kinds.PDF:
        yield _pdf_page(path, number)
        return
    with Image.open(path, formats=FORMATS) as image:
        image.seek(number - 1)
        image.load()
        yield _on_white(ImageOps.exif_transpose(image)), ""


def _pdf_page(path: str, number: int) -> tuple[Image.Image, str]:
    """One page at reading size, however large its paper, with the text that the PDF itself carries."""
    sheet = pdfium.PdfDocument(path)[number - 1]
    width, height = sheet.get_size()
    scale = min(READING_DPI / 72, READING_EDGE / max(width, height, 1))
    image = sheet.render(scale=scale, may_draw_forms=True).to_pil()
    text = str(sheet.get_textpage().get_text_bounded()).replace("\r\n", "\n").replace("\x00", "").strip()
    return image, text if len("".join(text.split())) >= LAYER_CHARACTERS else ""


def _on_white(image: Image.Image) -> Image.Image:
    """Paper is white: what is transparent shows paper; what has more than 8 bits is brought to 8."""
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        low, high = cast("tuple[float, float]", image.getextrema())
        scale = 255 / ((high - low) or 1)
        return image.convert("F").point(lambda value: value * scale - low * scale).convert("L")
    if "A" in image.getbands() or "transparency" in image.info:
        picture = image.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(paper, picture).convert("RGB")
    return image if image.mode in ("1", "L", "RGB") else image.convert("RGB")


QUESTIONS: dict[str, Callable[..., Answer]] = {"look": look, "page": page}


def main() -> None:
    """Answer until stdin closes."""
    answers = sys.stdout
    sys.stdout = sys.stderr  # a library's chatter is no answer
    for line in sys.stdin:
        question = json.loads(line)
        answer = QUESTIONS[question.pop("what")](**question)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
