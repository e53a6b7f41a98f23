"""A PrestaShop: tables asked by filters, JSON out and XML in, no webhooks, no keys of calls."""
