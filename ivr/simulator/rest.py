"""The provider's REST side over the simulated network, and what a terminal caller needs, as one small HTTP server."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from ivr.simulator.network import Network

Json = dict[str, object]


class Handler(BaseHTTPRequestHandler):
    """One request. The account's part of the path is not looked at."""

    network: Network
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Create or change something."""
        length = int(self.headers.get("Content-Length") or 0)
        form = {name: values[-1] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        self._answer(self._post(urlsplit(self.path).path.split("/"), form))

    def do_GET(self) -> None:
        """Look at something."""
        parts = urlsplit(self.path).path.split("/")
        if parts[-2:-1] == ["Recordings"]:
            audio = self.network.recording(parts[-1].removesuffix(".wav"))
            self._send(200 if audio else 404, audio or b"", "audio/wav")
        elif parts[-2:-1] == ["Calls"]:
            self._answer(self._call(parts[-1].removesuffix(".json")))
        else:
            self._answer((200, {"calls": [call.sid for call in self.network.calls.values()]}))

    def _post(self, parts: list[str], form: dict[str, str]) -> tuple[int, Json]:
        if parts[-1] == "Messages.json":
            text = self.network.text_out(form["To"], form["Body"], form.get("StatusCallback", ""))
            return 201, {"sid": text.sid, "status": "queued"}
        if parts[-1] == "Calls.json":
            call = self.network.call_out(form["To"], form["From"], form["Url"], form.get("StatusCallback", ""))
            return 201, {"sid": call.sid, "status": "queued"}
        if parts[-1] == "callers":
            call = self.network.call_in(
                form["From"],
                form["To"],
                form.get("Keys", ""),
                patient=not form.get("Keys"),
                message=form.get("Message", ""),
            )
            return 201, {"sid": call.sid}
        if parts[-2] == "Calls":
            return self._change(parts[-1].removesuffix(".json"), form)
        return 404, {"code": 20404, "message": "There is nothing here."}

    def _change(self, sid: str, form: dict[str, str]) -> tuple[int, Json]:
        call = self.network.calls.get(sid)
        if call is None and "Url" in form:
            call = self.network.take_over(sid, form["Url"])
            return 200, {"sid": sid, "status": call.state}
        if call is None:
            return 404, {"code": 20404, "message": "There is no such call."}
        if call.state in ("completed", "busy", "no-answer"):
            return 400, {"code": 21220, "message": "The call is not in progress."}
        if "Press" in form:
            call.press(form["Press"])
        elif form.get("Status") == "completed":
            call.hang_up()
        elif "Url" in form:
            call.move(form["Url"])
        return 200, {"sid": sid, "status": call.state}

    def _call(self, sid: str) -> tuple[int, Json]:
        call = self.network.calls.get(sid)
        if call is None:
            return 404, {"code": 20404, "message": "There is no such call."}
        over = call.state in ("completed", "busy", "no-answer")
        status = call.state if over else "in-progress"
        return 200, {
            "sid": sid,
            "status": status,
            "state": call.state,
            "heard": call.heard,
            "errors": call.errors,
            "to": call.number,
        }

    def _answer(self, answer: tuple[int, Json]) -> None:
        status, body = answer
        self._send(status, json.dumps(body).encode(), "application/json")

    def _send(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
        """Say nothing: numbers do not belong into logs."""


def serve(network: Network, port: int = 0) -> ThreadingHTTPServer:
    """A server on loopback, not yet running; its address is the network's from now on."""
    handler = type("BoundHandler", (Handler,), {"network": network})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    network.address = f"http://127.0.0.1:{server.server_port}"
    return server
