from http import HTTPStatus

import pytest
from django.test import Client

from apps.integrations.models import PlatformAction
from apps.integrations.tests.factories import (
    PlatformActionFactory,
    SyncRefusalFactory,
    WebhookCheckFactory,
)
from apps.users.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("config.urls.admin")]


@pytest.fixture
def browser() -> Client:
    client = Client(headers={"host": "admin.reveni.localhost"})
    client.force_login(UserFactory.create(staff=True), "django.contrib.auth.backends.ModelBackend")
    return client


class PagesTest:
    def test_each_row_has_a_page(self, browser: Client) -> None:
        rows = {
            "ordersync": SyncRefusalFactory.create(code="malformed_payload").sync,
            "platformaction": PlatformActionFactory.create(),
            "webhookcheck": WebhookCheckFactory.create(),
        }
        for name, row in rows.items():
            assert browser.get(f"/integrations/{name}/").status_code == HTTPStatus.OK
            shown = browser.get(f"/integrations/{name}/{row.pk}/change/")
            assert row.merchant.name in shown.content.decode()
            assert str(row)
        shown = browser.get(f"/integrations/ordersync/{rows['ordersync'].pk}/change/")
        assert "malformed_payload" in shown.content.decode()

    def test_what_failed_is_sent_again(self, browser: Client) -> None:
        parked = PlatformActionFactory.create(status="parked")
        done = PlatformActionFactory.create(status="done")
        chosen = {"action": "replay", "_selected_action": [str(parked.pk), str(done.pk)]}
        shown = browser.post("/integrations/platformaction/", chosen, follow=True)

        assert "1 are sent again" in shown.content.decode()
        statuses = dict(PlatformAction.objects.values_list("pk", "status"))
        assert statuses == {parked.pk: "pending", done.pk: "done"}
