"""Reading a page with the real tesseract."""

from pathlib import Path

from paper_intake import tesseract
from tests.paper_intake import papers

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"


def row(block: int, paragraph: int, line: int, word: int, confidence: float, text: str) -> str:
    return f"5\t1\t{block}\t{paragraph}\t{line}\t{word}\t0\t0\t9\t9\t{confidence}\t{text}\n"


def test_a_table_of_words_becomes_lines_and_paragraphs():
    table = HEAD + row(1, 1, 1, 1, 96, "Madame,") + row(1, 1, 2, 1, 95, "je") + row(1, 1, 2, 2, 94, "viens")
    table += row(2, 1, 1, 1, 30, 'Marie"')

    reading = tesseract.parse(table)

    assert reading.text == 'Madame,\nje viens\n\nMarie"'
    assert reading.confidence == 78.8
    assert reading.doubtful == 0.25


def test_a_page_without_a_word_reads_as_nothing():
    assert tesseract.parse(HEAD) == tesseract.NOTHING


def test_a_typed_french_letter_is_read(tmp_path: Path):
    image = papers.written(
        tmp_path, "page.png", papers.typeset_png("La préfecture répondra bientôt à ma sœur, où qu'elle soit.")
    )

    reading = tesseract.read(image)

    assert reading is not None
    assert "La préfecture répondra bientôt" in reading.text
    assert reading.confidence > 80


def test_a_reading_that_takes_too_long_is_given_up(tmp_path: Path):
    image = papers.written(tmp_path, "page.png", papers.png())

    assert tesseract.read(image, timeout=0.01) is None


def test_what_is_no_image_is_no_reading(tmp_path: Path):
    assert tesseract.read(papers.written(tmp_path, "page.png", b"no image")) is None
