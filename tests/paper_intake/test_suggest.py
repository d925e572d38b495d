"""What is proposed to a clerk from a letter's text."""

from paper_intake.suggest import suggest

LETTER = """Mme Perpétue Nzobakwa
3 allée des Tilleuls Imaginaires
99999 Villefiction
Tél. 06 39 98 00 12 - perpetue@example.org

Accueil des étrangers
3 place de l'Exemple
99000 Valmorin

Objet : renouvellement de mon titre

Suite à votre demande 482 719 305 8, je vous adresse la copie.
"""


def test_the_letterhead_names_the_sender():
    found = suggest(LETTER, ours="3 place de l'Exemple\n99000 Valmorin")

    assert found.name == "Perpétue Nzobakwa"
    assert found.address == "3 allée des Tilleuls Imaginaires\n99999 Villefiction"
    assert found.email == "perpetue@example.org"
    assert found.phone == "06 39 98 00 12"
    assert found.subject == "renouvellement de mon titre"
    assert "4827193058" in found.references


def test_our_own_address_is_no_sender():
    found = suggest(
        "Accueil\n3 place de l'Exemple\n99000 Valmorin\n\nBonjour", ours="3 place de l'Exemple\n99000 Valmorin"
    )

    assert (found.name, found.address) == ("", "")


def test_a_letter_that_says_nothing_of_it_proposes_nothing():
    assert suggest("") == suggest("Bonjour,\nmerci.")
    assert suggest("").references == ()
