"""Ask a webhook as the provider does: a form or JSON, signed over address and parameters.

Sources: Twilio, "Webhooks security" and "Webhooks connection overrides".
"""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin

import requests

TIMEOUT_S = 15
AGENT = "TwilioProxy/1.1"


@dataclass(slots=True)
class Webhooks:
    """The application's webhooks: its public address and the secret both sides know.

    With a `shared_key` (its id), the token is that key's secret and signs with SHA-256.
    """

    base_url: str
    token: str
    account: str = "ACsimulator"
    session: requests.Session = field(default_factory=requests.Session)
    shared_key: str = ""
    timeout_s: float = TIMEOUT_S

    def post(
        self,
        url: str,
        params: dict[str, str],
        *,
        against: str = "",
        token: str = "",
        session: "requests.Session | None" = None,
    ) -> requests.Response:
        """Post the parameters; a relative address is read against the document it stood in."""
        return self.ask("POST", url, params, against=against, token=token, session=session)

    def ask(
        self,
        method: str,
        url: str,
        params: dict[str, str],
        *,
        against: str = "",
        token: str = "",
        session: "requests.Session | None" = None,
    ) -> requests.Response:
        """GET puts the parameters into the address, which is what is signed. `token` is the idempotency token."""
        address = urljoin(against or self.base_url + "/", url).partition("#")[0]
        form = {"AccountSid": self.account, "ApiVersion": "2010-04-01", **params}
        if method == "GET":
            address, form = address + ("&" if "?" in address else "?") + urlencode(form), {}
        headers = self.headers(address, form) | {"I-Twilio-Idempotency-Token": token or secrets.token_hex(16)}
        return self._send(session or self.session, method, address, headers, form)

    def post_json(self, url: str, body: object) -> requests.Response:
        """Post a body whose hash stands in the signed address."""
        written = json.dumps(body).encode()
        address = urljoin(self.base_url + "/", url)
        address += ("&" if "?" in address else "?") + "bodySHA256=" + hashlib.sha256(written).hexdigest()
        headers = {**self.headers(address, {}), "Content-Type": "application/json"}
        return self._send(self.session, "POST", address, headers, written)

    def headers(self, address: str, form: dict[str, str]) -> dict[str, str]:
        """What proves that it is the provider who asks."""
        headers = {"X-Twilio-Signature": self.sign(address, form), "User-Agent": AGENT}
        if self.shared_key:
            headers["X-Twilio-Webhooks-Signature-Settings"] = f"key={self.shared_key},algorithm=HMAC_SHA256"
        return headers

    def sign(self, address: str, form: dict[str, str]) -> str:
        """HMAC over the address and the sorted parameters, in base64."""
        text = address + "".join(name + form[name] for name in sorted(form))
        how = hashlib.sha256 if self.shared_key else hashlib.sha1
        return base64.b64encode(hmac.new(self.token.encode(), text.encode(), how).digest()).decode()

    def _send(
        self,
        session: requests.Session,
        method: str,
        address: str,
        headers: dict[str, str],
        body: dict[str, str] | bytes,
    ) -> requests.Response:
        for last in (False, True):
            try:
                return session.request(
                    method, address, data=body or None, headers=headers, timeout=self.timeout_s, allow_redirects=False
                )
            except requests.ConnectTimeout:
                raise
            except requests.ConnectionError:  # the provider tries once more where there was no connection
                if last:
                    raise
        raise AssertionError
