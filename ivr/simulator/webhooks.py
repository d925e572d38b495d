"""Post to a webhook as the provider does: form-encoded, signed over address and parameters."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from urllib.parse import urljoin

import requests

TIMEOUT_S = 15


@dataclass(slots=True)
class Webhooks:
    """The application's webhooks: its public address and the token both sides know."""

    base_url: str
    token: str
    account: str = "ACsimulator"
    session: requests.Session = field(default_factory=requests.Session)

    def post(self, url: str, params: dict[str, str], *, against: str = "") -> requests.Response:
        """Post the parameters; a relative address is read against the document it stood in."""
        address = urljoin(against or self.base_url + "/", url)
        form = {"AccountSid": self.account, "ApiVersion": "2010-04-01", **params}
        headers = {"X-Twilio-Signature": self.sign(address, form)}
        return self.session.post(address, data=form, headers=headers, timeout=TIMEOUT_S, allow_redirects=False)

    def sign(self, address: str, form: dict[str, str]) -> str:
        """HMAC-SHA1 over the address and the sorted parameters, in base64."""
        text = address + "".join(name + form[name] for name in sorted(form))
        return base64.b64encode(hmac.new(self.token.encode(), text.encode(), hashlib.sha1).digest()).decode()
