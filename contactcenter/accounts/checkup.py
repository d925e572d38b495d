"""What `./run doctor` asks about signing in."""

from collections.abc import Iterator

from django.conf import settings

from contactcenter.doctor import Finding, note, ok, question, wrong


def plug_in() -> None:
    """Have the doctor ask."""
    question(second_factors)
    question(provider)


def second_factors() -> Iterator[Finding]:
    """Whether a stolen password is enough to see everything."""
    if not settings.CC_SECOND_FACTOR and not settings.CC_DEMO:
        yield note("No role needs a second factor: name some in CC_SECOND_FACTOR.")


def provider() -> Iterator[Finding]:
    """Whether single sign-on is off, half configured, or answers."""
    import requests  # every process registers this question, and one asks it

    from contactcenter.accounts import single_sign_on

    missing = [name for name in single_sign_on.NEEDED if not getattr(settings, name)]
    if len(missing) == len(single_sign_on.NEEDED):
        return
    if missing:
        yield wrong(f"Single sign-on is half configured and stays off: {', '.join(missing)} must be set too.")
        return
    issuer = settings.CC_OIDC_ISSUER
    try:
        told = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=5).json()["issuer"]
    except (requests.RequestException, KeyError, TypeError):
        yield wrong(f"{issuer} does not answer as a sign-in provider: check CC_OIDC_ISSUER and the network.")
        return
    yield (
        ok(f"single sign-on at {issuer} answers")
        if str(told).rstrip("/") == issuer
        else wrong(f"The sign-in provider calls itself {told}: write it so in CC_OIDC_ISSUER.")
    )
