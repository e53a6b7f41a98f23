"""One host per consumer; ALLOWED_HOSTS names them whole, anything else gets health checks only."""

from django_hosts import host, patterns

host_patterns = patterns(
    "",
    host("merchants-api", "config.urls.merchants", name="merchants"),
    host("returns-api", "config.urls.returns", name="returns"),
    host("customers-api", "config.urls.customers", name="customers"),
    host("platforms", "config.urls.platforms", name="platforms"),
    host("api", "config.urls.public", name="public"),
    host("admin", "config.urls.admin", name="admin"),
    host("health", "config.urls.health", name="health"),
)
