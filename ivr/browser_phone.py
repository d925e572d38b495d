"""An agent's browser as their telephone: the token by which the vendor's SDK registers, and that SDK's file.

No third-party code lies in the tree: an operator adds the SDK by `./run browser-sdk FILE`, once.
Source: Twilio, "Access tokens" and "Voice JavaScript SDK".
"""

from datetime import timedelta
from pathlib import Path

from django.conf import settings

from ivr.services.agent_lines import browser_name

LASTS = timedelta(hours=1)


def is_set_up() -> bool:
    """Whether browsers can be telephones here: the account's API key is known, and the SDK was added."""
    return bool(settings.TWILIO_API_KEY_SID and settings.TWILIO_API_KEY_SECRET) and sdk().is_file()


def sdk() -> Path:
    """Where the vendor's SDK lies."""
    path: Path = settings.CC_DATA_DIR / "browser-sdk" / "voice.js"
    return path


def token_of(agent_id: int) -> str:
    """A token that lets this agent's browser, under its own name alone, be called; it can call nobody."""
    from twilio.jwt.access_token import AccessToken  # where it is needed: it takes a while
    from twilio.jwt.access_token.grants import VoiceGrant

    account, key, secret = settings.TWILIO_ACCOUNT_SID, settings.TWILIO_API_KEY_SID, settings.TWILIO_API_KEY_SECRET
    lasts, region = int(LASTS.total_seconds()), settings.TWILIO_REGION or None
    token = AccessToken(account, key, secret, identity=browser_name(agent_id), ttl=lasts, region=region)
    token.add_grant(VoiceGrant(incoming_allow=True))
    return str(token.to_jwt())
