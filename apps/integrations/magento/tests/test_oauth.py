from apps.integrations.magento import oauth

KEYS = oauth.Keys(consumer_key="ck", consumer_secret="cs&1", token="at", token_secret="ats")


class MagentoSignatureTest:
    def test_one_that_oauthlib_has_made(self) -> None:
        """By oauthlib 3.3, of the same call, nonce and second."""
        stem = "searchCriteria[filter_groups][0][filters][0]"
        call = oauth.Signed(
            method="GET",
            url="https://shop.example/rest/default/V1/orders",
            params={"searchCriteria[pageSize]": "2", f"{stem}[value]": "2026-11-26 08:00:00"},
        )
        told = oauth.header(KEYS, call, "n1", 1_790_000_000)

        assert told.startswith('OAuth oauth_consumer_key="ck", oauth_nonce="n1", ')
        assert told.endswith('oauth_signature="JoHDvruNeRK%2BsI59hVOyQ1YDWj0qSq%2FiPxtZV33PkoU%3D"')

    def test_no_secret_is_printed(self) -> None:
        assert repr(KEYS) == "Keys(consumer_key='ck')"
