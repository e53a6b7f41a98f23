"""Applications and middleware; each project app stands on its floor (docs/floors.md)."""

PROJECT_APPS = [
    "apps.core",
    "apps.events",
    "apps.users",
    "apps.accounts",
    "apps.integrations",
    "apps.underwriting",
    "apps.orders",
    "apps.deliveries",
    "apps.payments",
    "apps.billing",
    "apps.notifications",
    "apps.metrics",
    "apps.api",
]

INSTALLED_APPS = [
    *PROJECT_APPS,
    "unfold.apps.BasicAppConfig",
    "config.admin_site.StaffSiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_hosts",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "polymorphic",
    "safedelete",
    "cacheops",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "apps.core.middleware.lower_host",
    "apps.core.middleware.by_host",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.core.middleware.request_id",
    "apps.api.common.middleware.api_edge",
    "apps.api.common.middleware.stateless",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.users.middleware.staff_actor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_hosts.middleware.HostsResponseMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
