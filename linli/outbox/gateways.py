"""The gateway that text messages leave by: one address of the intranet that takes a signed JSON body, behind which each place
puts its own provider. `LINLI_SMS_URL` and `LINLI_SMS_KEY`; without an address nothing leaves."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from typing import Protocol

from django.conf import settings

TIMEOUT = 15.0  # seconds


class GatewayError(Exception):
    """The message was not taken; ``str()`` says why, in Chinese."""


class Gateway(Protocol):
    """Whatever takes a text message."""

    def send(self, phone: str, text: str, reference: str) -> str:
        """Hand a message over; returns the gateway's own number for it. `reference` is the same when it is tried again.

        Raises GatewayError.
        """


class Webhook:
    """POSTs {"phone", "text", "reference"} as JSON. Header `X-Linli-Time` is the moment in seconds, `X-Linli-Signature` the
    hexadecimal HMAC-SHA256 over that moment, a full stop and the body. A 2xx answer means taken; its JSON may carry "id"."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self.key = url, key.encode()

    def send(self, phone: str, text: str, reference: str) -> str:
        """See Gateway.send."""
        body = json.dumps({"phone": phone, "text": text, "reference": reference}, ensure_ascii=False).encode()
        now = str(int(time.time()))
        signature = hmac.new(self.key, now.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-Linli-Time": now,
            "X-Linli-Signature": signature,
        }
        try:
            request = urllib.request.Request(self.url, body, headers, method="POST")  # noqa: S310
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310  checked in `configured`
                said = answer.read(10_000)
        except urllib.error.HTTPError as error:
            raise GatewayError(f"短信网关回答 {error.code}") from None
        except (OSError, ValueError) as error:
            raise GatewayError(f"连不上短信网关（{type(error).__name__}）") from None
        try:
            found = json.loads(said)
        except ValueError:
            return ""
        return str(found.get("id", ""))[:100] if isinstance(found, dict) else ""


def configured() -> Gateway | None:
    """The gateway of this installation; None where none is set up."""
    url = settings.LINLI_SMS_URL
    if not url.startswith(("http://", "https://")):
        return None
    return Webhook(url, settings.LINLI_SMS_KEY)
