"""What agents, guests and supervisors hear on their legs (pure): short, since a caller waits meanwhile."""

from xml.etree.ElementTree import Element

from ivr.prompts import FIRST, Spoken
from ivr.twiml import uttered

TEXTS = {
    "digit": "Un appel pour vous. Pour vérifier la ligne, tapez le chiffre {digit}.",
    "digit_again": "Tapez le chiffre {digit}.",
    "voice": "Dites maintenant : bonjour, je vous entends.",
    "voice_again": "Nous ne vous entendons pas. Dites : bonjour, je vous entends.",
    "call": "Un appel pour vous. Tapez 1 pour le prendre.",
    "not_proved": "Nous ne pouvons pas vérifier cette ligne : vous êtes indiqué absent. Contrôlez votre téléphone.",
    "caller_gone": "La personne vient de raccrocher. Vous êtes de nouveau libre.",
    "connected": "Vous êtes en ligne.",
    "connected_soon": "Vous êtes en ligne dans un instant : la personne entend d'abord qu'elle sera enregistrée.",
    "third_party": "L'accueil des étrangers vous demande de l'aide pour une conversation en cours.",
    "third_party_taped": "L'accueil des étrangers vous demande de l'aide pour une conversation en cours. Elle est"
    " enregistrée ; si vous ne le voulez pas, dites-le tout de suite.",
    "stands": "La ligne reste ouverte. L'appel suivant arrive ici, sans sonnerie.",
    "supervisor": "Vous écoutez une conversation en cours.",
}


def say(prompt: str, **facts: str) -> Element:
    """Speak to somebody who works with us."""
    return uttered(Spoken(language=FIRST, words=TEXTS[prompt].format(**facts)))
