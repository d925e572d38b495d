"""What callers hear when nobody of us answers: two static documents for another host (pure).

The number's fallback address names the first, asked for by GET. What is said into it is found by asking the provider.
"""

from xml.etree.ElementTree import Element

from ivr import twiml
from ivr.prompts import language

FIRST, AFTER = "fallback.xml", "fallback-thanks.xml"
TIMES = 3  # whoever says nothing hears it again, as on the line itself


def documents(languages: list[str]) -> dict[str, str]:
    """By file name: an apology in these languages with a recorder, and what is said after it."""
    recorder = Element(
        "Record",
        {
            "action": AFTER,  # beside the first: without it the provider would ask for the first again, for ever
            "method": "GET",
            "maxLength": str(twiml.MESSAGE_S),
            "timeout": str(twiml.SILENCE_S),
            "finishOnKey": "#",
            "playBeep": "true",
        },
    )
    spoken = [code for code in languages if language(code).voice]
    apologies = [twiml.spoken_alone("apology", code) for code in spoken]
    thanks = [twiml.spoken_alone("outage_thanks", code) for code in spoken]
    return {
        FIRST: twiml.document(*[*apologies, recorder] * TIMES, Element("Hangup")),
        AFTER: twiml.document(*thanks, Element("Hangup")),
    }
