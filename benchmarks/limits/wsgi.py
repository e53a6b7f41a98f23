"""The limits under the same server as the product."""

import os

from django.core.wsgi import get_wsgi_application
from django.db.backends.postgresql.base import DatabaseWrapper

os.register_at_fork(after_in_child=DatabaseWrapper._connection_pools.clear)
application = get_wsgi_application()
