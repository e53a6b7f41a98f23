"""Store, look-up and proof: C-11, C-12, C-23, F-26 in small."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from rest_framework.test import APIClient

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.api.common import limiter
from apps.api.models import LookupFailure, PortalSession, Proof
from apps.api.returns import limits
from apps.api.returns.tasks import send_proof_code
from apps.api.tests.factories import TOKEN, PortalSessionFactory
from apps.core import clock
from apps.orders.models import Order
from apps.orders.tests.factories import OrderFactory, ReturnReasonFactory

pytestmark = pytest.mark.django_db


def path(store: Store, name: str = "") -> str:
    return f"/v1/stores/{store.slug}" + (f"/{name}" if name else "")


def look_up(client: APIClient, order: Order, **body: Any) -> Any:
    wanted = {"order_number": order.number, "email": order.email, **body}
    return client.post(path(order.store, "lookups"), {k: v for k, v in wanted.items() if v})


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


class PortalStoreTest:
    def test_presents_itself(self, visitor: APIClient) -> None:
        store = StoreFactory.create(
            preferences__branding={"logo_url": "https://shop.example/l.png", "secret": "x"},
            preferences__policy_url="https://shop.example/returns",
        )
        parent = ReturnReasonFactory.create(store=store, code="fit", position=1)
        ReturnReasonFactory.create(store=store, code="too_small", parent=parent, position=2)
        ReturnReasonFactory.create(code="of another store")
        response = visitor.get(path(store))
        child = {
            "code": "too_small",
            "label": "Too small",
            "needs_photo": False,
            "needs_text": False,
            "children": [],
        }

        assert response.status_code == 200
        assert response.json() == {
            "slug": store.slug,
            "name": store.name,
            "currency": "EUR",
            "language": "en",
            "languages": ["es", "en"],
            "branding": {"logo_url": "https://shop.example/l.png"},
            "policy_url": "https://shop.example/returns",
            "lookup": {"fields": ["order_number", "email"], "proof_first": False},
            "refund_methods": ["original", "bank_transfer", "store_credit"],
            "exchanges_enabled": True,
            "reasons": [{**child, "code": "fit", "children": [child]}],
        }

    @pytest.mark.parametrize(
        ("query", "header", "language"),
        [
            ("", "de-AT,de;q=0.9,en;q=0.5", "de"),
            ("?language=fr", "de", "fr"),
            ("?language=fi", "it;q=0.9, pt", "es"),
            ("", "pt-br", "pt-BR"),
            ("?language=EN-gb", "", "en"),
            ("", "en;q=0.1, fr;q=0.8", "fr"),
            ("", "x" * 5_000, "es"),
        ],
    )
    def test_speaks_the_shoppers_language(
        self, query: str, header: str, language: str, visitor: APIClient
    ) -> None:
        store = StoreFactory.create(languages=["es", "en", "pt-BR"])
        response = visitor.get(path(store) + query, headers={"accept-language": header})

        assert response.json()["language"] == language

    def test_tells_that_postcodes_are_taken(self, visitor: APIClient) -> None:
        store = StoreFactory.create(preferences__lookup="postcode", preferences__proof_first=True)

        assert visitor.get(path(store)).json()["lookup"] == {
            "fields": ["order_number", "email", "postcode"],
            "proof_first": True,
        }

    def test_unknown_parameters_are_refused(self, visitor: APIClient) -> None:
        assert visitor.get(path(StoreFactory.create()) + "?merchant=1").status_code == 400
        assert visitor.get("/v1/stores/nowhere").status_code == 404


class LookupTest:
    def test_number_and_email_open_the_order(self, visitor: APIClient) -> None:
        order = OrderFactory.create(number="#1001")
        response = look_up(visitor, order, order_number="1001", email=order.email.upper())
        token = response.json()["token"]
        seen = visitor.get(path(order.store, "order"), headers=bearer(token))

        assert response.status_code == 202
        assert response.json() == {"token": token, "next": "order"}
        assert seen.status_code == 200
        assert seen.json()["level"] == "search"
        assert not LookupFailure.objects.exists()

    @pytest.mark.parametrize(
        "wrong", [{"email": "other@shopper.example"}, {"order_number": "no such order"}]
    )
    def test_a_miss_looks_like_a_hit_and_opens_nothing(
        self, wrong: dict[str, str], visitor: APIClient
    ) -> None:
        order = OrderFactory.create()
        hit, miss = look_up(visitor, order), look_up(visitor, order, **wrong)
        token = miss.json()["token"]
        seen = visitor.get(path(order.store, "order"), headers=bearer(token))

        assert miss.status_code == hit.status_code == 202
        assert miss.json().keys() == hit.json().keys()
        assert miss.json()["next"] == hit.json()["next"]
        assert len(miss.content) == len(hit.content)
        assert set(miss.headers) == set(hit.headers)
        assert seen.status_code == 401
        assert PortalSession.objects.count() == 1
        assert str(LookupFailure.objects.get()) == "miss from 127.0.0.0/24"

    def test_a_miss_asks_the_database_as_often_as_a_hit(
        self, visitor: APIClient, django_assert_num_queries: Any
    ) -> None:
        order = OrderFactory.create()
        # Store, settings, orders of that number, and one row written.
        with django_assert_num_queries(4):
            look_up(visitor, order)
        with django_assert_num_queries(4):
            look_up(visitor, order, email="other@shopper.example")

    def test_an_order_of_another_store_is_a_miss(self, visitor: APIClient) -> None:
        order, other = OrderFactory.create(), StoreFactory.create()
        body = {"order_number": order.number, "email": order.email}
        response = visitor.post(path(other, "lookups"), body)

        assert response.status_code == 202
        assert not PortalSession.objects.exists()

    def test_an_erased_order_is_not_found_by_nothing(self, visitor: APIClient) -> None:
        order = OrderFactory.create(email="", shipping_address={})
        look_up(visitor, order, email="a@b.example")

        assert not PortalSession.objects.exists()

    @pytest.mark.parametrize(
        ("settings", "body"),
        [
            ({"lookup": "postcode"}, {"email": "", "postcode": "48 001"}),
            ({"proof_first": True}, {}),
        ],
    )
    def test_only_a_proof_can_follow(
        self, settings: dict[str, Any], body: dict[str, str], visitor: APIClient
    ) -> None:
        named = {f"store__preferences__{name}": value for name, value in settings.items()}
        order = OrderFactory.create(**named)
        hit = look_up(visitor, order, **body)
        miss = look_up(visitor, order, **body, order_number="other")
        opened = [
            visitor.get(path(order.store, "order"), headers=bearer(each.json()["token"]))
            for each in (hit, miss)
        ]

        assert hit.json()["next"] == miss.json()["next"] == "proof"
        assert [each.status_code for each in opened] == [401, 401]
        assert opened[0].json()["code"] == opened[1].json()["code"]
        assert PortalSession.objects.get().level == "found"

    def test_a_postcode_needs_a_store_that_takes_it(self, visitor: APIClient) -> None:
        response = look_up(visitor, OrderFactory.create(), email="", postcode="48001")

        assert response.status_code == 400
        assert response.json()["code"] == "lookup_not_offered"

    def test_five_misses_an_hour_per_order_whatever_the_address(self, visitor: APIClient) -> None:
        order, other = OrderFactory.create(number="#1001"), OrderFactory.create()
        # `1001` and `#1001 ` are one order.
        statuses = [
            visitor.post(
                path(order.store, "lookups"),
                {"order_number": ["1001", "#1001"][n % 2], "email": f"guess-{n}@b.example"},
                REMOTE_ADDR=f"10.0.{n}.1",
            ).status_code
            for n in range(6)
        ]
        right = look_up(visitor, order)

        assert statuses == [202] * 5 + [429]
        assert right.status_code == 429
        assert right.json()["code"] == "too_many_tries"
        assert int(right["Retry-After"]) > 3_500
        assert look_up(visitor, other).status_code == 202
        assert PortalSession.objects.count() == 1

    def test_a_number_that_does_not_exist_is_counted_alike(self, visitor: APIClient) -> None:
        order = OrderFactory.create()
        statuses = [look_up(visitor, order, order_number="nope").status_code for _ in range(6)]

        assert statuses == [202] * 5 + [429]

    def test_hits_are_not_counted(self, visitor: APIClient) -> None:
        order = OrderFactory.create()

        assert {look_up(visitor, order).status_code for _ in range(8)} == {202}

    def test_thirty_misses_an_hour_per_network(self, visitor: APIClient) -> None:
        order = OrderFactory.create()
        statuses = [look_up(visitor, order, order_number=f"n{n}").status_code for n in range(31)]
        body = {"order_number": order.number, "email": order.email}
        elsewhere = visitor.post(path(order.store, "lookups"), body, REMOTE_ADDR="192.0.2.9")

        assert statuses == [202] * 30 + [429]
        assert elsewhere.status_code == 202

    def test_a_store_under_attack_asks_everybody_for_a_proof(self, visitor: APIClient) -> None:
        order, other = OrderFactory.create(), OrderFactory.create()
        rules = limits.misses(order.store_id)
        for _ in range(limits.STORE_MISSES):
            limiter.hit(rules, guarded=True)

        assert look_up(visitor, order).json()["next"] == "proof"
        assert look_up(visitor, other).json()["next"] == "order"


class ProofTest:
    @pytest.fixture
    def order(self) -> Order:
        return OrderFactory.create(
            store__preferences__proof_first=True, store__name="Shop\nBcc: x", number="#7"
        )

    @pytest.fixture
    def ask(self, visitor: APIClient, django_capture_on_commit_callbacks: Any) -> Any:
        def ask(order: Order, token: str = TOKEN, language: str = "en") -> Any:
            with django_capture_on_commit_callbacks(execute=True):
                address = path(order.store, f"proofs?language={language}")
                return visitor.post(address, {"token": token})

        return ask

    def verify(self, client: APIClient, order: Order, proof: str, code: str) -> Any:
        return client.post(path(order.store, f"proofs/{proof}/verify"), {"code": code})

    def test_from_look_up_to_a_proved_session(
        self, order: Order, ask: Any, visitor: APIClient
    ) -> None:
        token = look_up(visitor, order).json()["token"]
        asked = ask(order, token)
        (sent,) = mail.outbox
        (code,) = re.findall(r"\b\d{6}\b", str(sent.body))
        proved = self.verify(visitor, order, asked.json()["id"], code)
        seen = visitor.get(path(order.store, "order"), headers=bearer(proved.json()["token"]))

        assert asked.status_code == 202
        assert set(asked.json()) == {"id", "expires_at"}
        assert sent.to == [order.email]
        assert sent.subject == "Your code for Shop Bcc: x"
        assert "order #7" in str(sent.body)
        assert proved.status_code == 201
        assert proved.json()["level"] == "proved"
        assert seen.json()["customer"]["email"] == order.email
        assert code not in Proof.objects.get().code_hash

    def test_a_search_session_can_be_proved(self, ask: Any) -> None:
        session = PortalSessionFactory.create()
        ask(session.order, language="de")

        assert mail.outbox[0].subject == f"Dein Code für {session.store.name}"

    @pytest.mark.parametrize("token", ["unknown", TOKEN])
    def test_a_token_that_opens_nothing_is_answered_alike(
        self, token: str, order: Order, ask: Any, visitor: APIClient
    ) -> None:
        session = PortalSessionFactory.create(order=order)
        session.end(clock.now())
        asked = ask(order, token)
        proof = Proof.objects.get()

        assert asked.status_code == 202
        assert set(asked.json()) == {"id", "expires_at"}
        assert mail.outbox == []
        assert (proof.session, proof.email, str(proof)) == (None, "", f"proof {proof.pk}")
        refused = self.verify(visitor, order, str(proof.pk), "000000")
        assert refused.json()["code"] == "code_refused"

    def test_a_decoy_is_never_right(self, order: Order, visitor: APIClient) -> None:
        proof = Proof.ask(order.store, None, "en", clock.now())
        code = proof.draw()
        proof.save()

        assert self.verify(visitor, order, str(proof.pk), code).status_code == 400
        assert not PortalSession.objects.exists()

    def test_hit_and_decoy_ask_the_database_alike(
        self, order: Order, visitor: APIClient, django_assert_num_queries: Any
    ) -> None:
        session = PortalSessionFactory.create(order=order)
        for token in (TOKEN, "unknown"):
            with django_assert_num_queries(3):
                visitor.post(path(session.store, "proofs"), {"token": token})

    def test_five_tries_then_the_right_code_is_too_late(
        self, order: Order, visitor: APIClient
    ) -> None:
        proof = Proof.ask(order.store, PortalSessionFactory.create(order=order), "en", clock.now())
        code = proof.draw()
        proof.save()
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"
        left = [
            self.verify(visitor, order, str(proof.pk), wrong).json()["details"]["tries_left"]
            for _ in range(5)
        ]
        right = self.verify(visitor, order, str(proof.pk), code)

        assert left == [4, 3, 2, 1, 0]
        assert right.status_code == 400
        assert right.json()["code"] == "code_refused"

    def test_a_code_is_used_once_and_in_time(self, order: Order, visitor: APIClient) -> None:
        session = PortalSessionFactory.create(order=order)
        at = clock.now()
        fresh, old = (Proof.ask(order.store, session, "en", at) for _ in range(2))
        codes = [fresh.draw(), old.draw()]
        old.expires_at = at
        fresh.save()
        old.save()

        assert self.verify(visitor, order, str(fresh.pk), codes[0]).status_code == 201
        assert self.verify(visitor, order, str(fresh.pk), codes[0]).status_code == 400
        assert self.verify(visitor, order, str(old.pk), codes[1]).status_code == 400

    def test_proofs_of_another_store_are_a_404(self, order: Order, visitor: APIClient) -> None:
        proof = Proof.ask(StoreFactory.create(), None, "en", clock.now())

        assert self.verify(visitor, order, str(proof.pk), "000000").status_code == 404

    def test_five_codes_an_hour_per_token(self, order: Order, ask: Any) -> None:
        PortalSessionFactory.create(order=order)
        statuses = [ask(order).status_code for _ in range(6)]

        assert statuses == [202] * 5 + [429]
        assert len(mail.outbox) == 5

    def test_many_look_ups_send_five_codes_to_one_mailbox(
        self, order: Order, ask: Any, visitor: APIClient
    ) -> None:
        tokens = [look_up(visitor, order).json()["token"] for _ in range(7)]
        statuses = [ask(order, token).status_code for token in tokens]

        assert statuses == [202] * 7
        assert len(mail.outbox) == 5

    def test_the_task_mails_once(self, order: Order) -> None:
        session = PortalSessionFactory.create(order=order)
        proof = Proof.ask(order.store, session, "en", clock.now())

        assert send_proof_code(str(proof.pk))
        assert not send_proof_code(str(proof.pk))
        assert len(mail.outbox) == 1

    def test_a_late_task_mails_nothing(self, order: Order) -> None:
        session = PortalSessionFactory.create(order=order)
        proof = Proof.ask(order.store, session, "en", clock.now() - timedelta(minutes=10))

        assert not send_proof_code(str(proof.pk))
        assert mail.outbox == []
