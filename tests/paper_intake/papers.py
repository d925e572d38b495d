"""Files as scanners make them, and as they spoil them: made here, with nothing taken from the wild."""

import io
import struct
import zlib
from pathlib import Path

import pikepdf
import typst
from PIL import Image, ImageDraw, ImageFont

LETTER = (
    "Marie Exemple",
    "12 rue des Tilleuls Imaginaires",
    "99999 Villefiction",
    "",
    "Madame, Monsieur,",
    "je vous demande le renouvellement de ma carte.",
    "Elle finit au printemps et le site ne fonctionne pas.",
)


def page(lines: tuple[str, ...] = LETTER, *, size: tuple[int, int] = (1240, 1754)) -> Image.Image:
    """A page of type, A4 at 150 dpi."""
    image = Image.new("L", size, 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(32)
    for number, line in enumerate(lines):
        draw.text((120, 160 + number * 60), line, fill=0, font=font)
    return image


def typeset_png(text: str) -> bytes:
    """A page in a real typeface, with every accent."""
    source = f'#set page(paper: "a5")\n#set text(size: 13pt)\n{text}'
    return bytes(typst.compile(source.encode(), format="png", ppi=150.0))


def as_bytes(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, dpi=(150, 150), **options)
    return buffer.getvalue()


def jpeg(lines: tuple[str, ...] = LETTER) -> bytes:
    return as_bytes(page(lines), "JPEG")


def png(lines: tuple[str, ...] = LETTER) -> bytes:
    return as_bytes(page(lines), "PNG")


def tiff(*texts: str) -> bytes:
    pages = [page((text,), size=(800, 400)) for text in texts or ("one", "two")]
    return as_bytes(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw")


def with_a_spoiled_page(data: bytes) -> bytes:
    """A TIFF whose second page is damaged."""
    with Image.open(io.BytesIO(data)) as image:
        image.seek(1)
        at, length = image.tag_v2[273][0], image.tag_v2[279][0]
    return data[:at] + b"\xff" * length + data[at + length :]


def scanned_pdf(lines: tuple[str, ...] = LETTER) -> bytes:
    """A PDF with an image and no text, as a scanner makes it."""
    return as_bytes(page(lines), "PDF", resolution=150)


def typed_pdf(text: str = "Je vous demande un rendez-vous pour mon titre.", pages: int = 1, **save: object) -> bytes:
    """A PDF that carries its text."""
    document = pikepdf.new()
    for number in range(pages):
        sheet = document.add_blank_page(page_size=(595, 842))
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        sheet.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        content = f"BT /F1 14 Tf 72 720 Td ({text} {number + 1}) Tj ET".encode("latin-1")
        sheet.Contents = document.make_stream(content)
    buffer = io.BytesIO()
    document.save(buffer, **save)
    return buffer.getvalue()


def written_pdf(lines: tuple[str, ...] = LETTER) -> bytes:
    """The same letter with its text in it, as a scanner that reads makes it: nobody need read it again."""
    text = " \\\n".join(line or " " for line in lines)
    return bytes(typst.compile(f'#set page(paper: "a4")\n{text}'.encode(), format="pdf"))


def locked_pdf() -> bytes:
    """A PDF that opens with a password only."""
    return typed_pdf(encryption=pikepdf.Encryption(owner="owner", user="secret"))


def broken_pdf() -> bytes:
    return b"%PDF-1.7\nnothing of use\n%%EOF\n"


def cut(data: bytes, share: float = 0.6) -> bytes:
    """What is there of a file while it is still being written."""
    return data[: int(len(data) * share)]


def bomb_png() -> bytes:
    """A small file that declares 65,000 x 65,000 pixels."""
    header = struct.pack(">IIBBBBB", 65000, 65000, 8, 0, 0, 0, 0)
    whole = png()
    chunk = b"IHDR" + header
    return whole[:12] + chunk + struct.pack(">I", zlib.crc32(chunk)) + whole[33:]


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path
