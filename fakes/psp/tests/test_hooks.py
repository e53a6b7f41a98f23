import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue

import pytest
import stripe

from fakes.psp.control import Psp
from fakes.psp.tests.conftest import KEY

type Refunding = Callable[..., stripe.Refund]
SECRET = "whsec_test"


@dataclass
class Ear:
    """What arrived: the signature and the raw body."""

    heard: Queue[tuple[str, bytes]] = field(default_factory=Queue)

    def next(self) -> tuple[str, bytes]:
        return self.heard.get(timeout=5)

    def event(self) -> stripe.Event:
        signature, body = self.next()
        return stripe.StripeClient("sk_x").construct_event(body, signature, SECRET)


@pytest.fixture
def ear(psp: Psp) -> Iterator[Ear]:
    ear = Ear()

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            ear.heard.put((self.headers["Stripe-Signature"], body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    psp.webhooks_to(f"http://127.0.0.1:{server.server_address[1]}/hook", SECRET, KEY)
    yield ear
    server.shutdown()
    server.server_close()


class HookTest:
    def test_is_signed_as_stripe_signs(self, ear: Ear, refund: Refunding) -> None:
        made = refund("signed")

        event = ear.event()
        assert (event.type, event.data.object["id"]) == ("refund.created", made.id)

    def test_comes_twice_with_one_id(self, psp: Psp, ear: Ear, refund: Refunding) -> None:
        psp.mode("hook_doubled")
        refund("doubled")

        assert ear.event().id == ear.event().id

    def test_comes_before_the_answer(self, psp: Psp, ear: Ear, refund: Refunding) -> None:
        psp.mode("hook_before")
        psp.mode("reset_after")
        with pytest.raises(stripe.APIConnectionError):
            refund("early")

        assert ear.heard.qsize() == 1

    def test_comes_late(self, psp: Psp, ear: Ear, refund: Refunding) -> None:
        psp.mode("hook_late", seconds=0.2)
        refund("late")

        assert ear.heard.empty()
        assert ear.event().type == "refund.created"

    def test_is_lost_but_listed(
        self, psp: Psp, ear: Ear, client: stripe.StripeClient, refund: Refunding
    ) -> None:
        psp.mode("hook_lost")
        made = refund("lost")

        newest = client.v1.events.list({"types": ["refund.created"], "limit": 1}).data[0]
        assert newest.data.object["id"] == made.id
        assert ear.heard.empty()

    @pytest.mark.parametrize("mode", ["hook_forged", "hook_old"])
    def test_does_not_hold(self, psp: Psp, ear: Ear, refund: Refunding, mode: str) -> None:
        psp.mode(mode)
        refund(mode)

        with pytest.raises(stripe.SignatureVerificationError):
            ear.event()

    def test_comes_in_another_order(self, psp: Psp, ear: Ear, refund: Refunding) -> None:
        psp.mode("hook_shuffled", times=3)
        made = [refund(f"shuffled-{number}", 100).id for number in range(3)]

        assert psp.flush_hooks(seed=1) == 3
        heard = [json.loads(ear.next()[1])["data"]["object"]["id"] for _ in made]
        assert sorted(heard) == sorted(made)
        assert heard != made

    def test_late_failure_tells_of_itself(self, psp: Psp, ear: Ear, refund: Refunding) -> None:
        psp.mode("late_failure", seconds=0.05)
        refund("fails")

        kinds = sorted(ear.event().type for _ in range(3))
        assert kinds == ["refund.created", "refund.failed", "refund.updated"]
