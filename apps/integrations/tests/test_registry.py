from apps.accounts import choices as accounts
from apps.integrations import registry
from apps.integrations.choices import Capability
from apps.integrations.connectors import AbstractConnector


class RegistryTest:
    def test_every_folder_with_a_connector_is_a_platform_of_stores(self) -> None:
        names = set(registry.all_connectors())

        assert names <= set(accounts.Store.Platform.values)
        assert all(
            issubclass(each, AbstractConnector) for each in registry.all_connectors().values()
        )

    def test_each_says_its_own_name_and_why_it_cannot_do_the_rest(self) -> None:
        for name, connector in registry.all_connectors().items():
            missing = set(Capability) - connector.capabilities
            assert connector.platform == name
            assert missing == set(connector.why_not)

    def test_our_own_api_has_none(self) -> None:
        assert registry.connector_class(accounts.Store.Platform.API) is None
