"""The tests: the default connection acts as the role app; `as_worker` and friends switch roles."""

import os

from config.env import database
from config.settings.admin import INSTALLED_APPS as STAFF_SITE_APPS
from config.settings.base import *  # noqa: F403 (a settings module is the base plus its differences)
from config.settings.base import DATA_DIR, MIDDLEWARE, STORAGES

# Of every process at once.
INSTALLED_APPS = [*STAFF_SITE_APPS, "drf_spectacular", "drf_spectacular_sidecar"]
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
DATABASES = {
    "default": {**database("DATABASE_URL"), "ATOMIC_REQUESTS": True},
    "owner": database("DATABASE_OWNER_URL"),
    "staff": database("DATABASE_STAFF_URL"),
    "worker": database("DATABASE_WORKER_URL"),
}
MIDDLEWARE = [m for m in MIDDLEWARE if not m.startswith("whitenoise")]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_URL = "memory://"
OUTBOX_DIR = DATA_DIR / "test-outbox"
GENERATION = {
    "BACKEND": "echo",
    "MODEL": "echo",
    "DEVICE": "cpu",
    "DTYPE": "auto",
    "MAX_BATCH": 8,
    "LEASE_SECONDS": 60,
    "MAX_CRASHES": 3,
    "MAX_QUEUED_REQUESTS": 200_000,
}
# A test may empty the cache: each of pytest-xdist's workers has one of its own.
if "CACHE_URL" in os.environ:
    _number = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"{os.environ['CACHE_URL'].rpartition('/')[0]}/{_number}",
        }
    }
