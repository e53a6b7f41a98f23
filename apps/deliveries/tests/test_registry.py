import pytest

from apps.deliveries import choices
from apps.deliveries.providers.base import AbstractProvider
from apps.deliveries.providers.registry import all_providers, provider_class


class RegistryTest:
    def test_folders_and_choices_name_the_same_providers(self) -> None:
        assert sorted(all_providers()) == sorted(choices.Provider.values)

    def test_every_provider_bears_the_name_of_its_folder(self) -> None:
        for name, provider in all_providers().items():
            assert issubclass(provider, AbstractProvider)
            assert provider.name == name

    def test_unknown_name_is_a_key_error(self) -> None:
        with pytest.raises(KeyError):
            provider_class("pigeon")
