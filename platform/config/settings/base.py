"""What every process shares. Each process has a module of its own beside this one, with its own database role."""

import json
import os
from pathlib import Path

from csp.constants import NONCE, SELF
from django.utils.translation import gettext_lazy as _

# Every process sends tasks, so every process needs Celery's configured application.
from config.celery import app as celery_app  # noqa: F401
from config.env import database, flag, loopback, secret

ROOT = Path(__file__).resolve().parents[3]
DATA_DIR = Path(os.environ.get("COPYDESK_DATA_DIR", ROOT / "var"))

DEBUG = flag("DJANGO_DEBUG")
SECRET_KEY = secret("DJANGO_SECRET_KEY")
FIELD_ENCRYPTION_KEY = secret("FIELD_ENCRYPTION_KEY")
ALLOWED_HOSTS = os.environ.get("COPYDESK_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
HOST = os.environ.get("COPYDESK_HOST", "127.0.0.1")
PORT = int(os.environ.get("COPYDESK_PORT", "8000"))
ADMIN_PORT = int(os.environ.get("COPYDESK_ADMIN_PORT", "8001"))
BASE_URL = os.environ.get("COPYDESK_BASE_URL", f"http://{HOST}:{PORT}").rstrip("/")
ADMIN_URL = os.environ.get("COPYDESK_ADMIN_URL", f"http://{HOST}:{ADMIN_PORT}").rstrip("/")
CSRF_TRUSTED_ORIGINS = [BASE_URL, ADMIN_URL]
COPYDESK_DEMO = flag("COPYDESK_DEMO") and loopback(HOST)

INSTALLED_APPS = [
    # The look of the staff's site only: its static files are collected with everybody's.
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "config",
    "web",
    "tenants",
    "accounts",
    "api",
    "stores",
    "generation",
    "dashboard",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "django_filters",
    "template_partials",
    "csp",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "web.middleware.FragmentMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tenants.middleware.MerchantMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.csrf",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "dashboard.context.navigation",
            ],
        },
    },
]

DATABASES = {"default": {**database("DATABASE_URL", pool=True), "ATOMIC_REQUESTS": True}}
if "CACHE_URL" in os.environ:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": os.environ["CACHE_URL"],
        }
    }

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard_start:start"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"signup": "accounts.forms.SignupForm"}

EMAIL_BACKEND = os.environ.get("DJANGO_EMAIL_BACKEND", "accounts.outbox.OutboxEmailBackend")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = flag("EMAIL_USE_TLS")
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Copydesk <copydesk@localhost>")
OUTBOX_DIR = DATA_DIR / "outbox"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA_DIR / "uploads",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "web.storage.StaticStorage"},
}
# A product with 100 SKUs, 100 attributes and 50 images is one form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000
FILE_UPLOAD_HANDLERS = [
    "web.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
IMPORT_LEASE_SECONDS = int(os.environ.get("COPYDESK_IMPORT_LEASE_SECONDS", "60"))
IMPORT_KEEP_DAYS = int(os.environ.get("COPYDESK_IMPORT_KEEP_DAYS", "7"))
EXPORT_KEEP_DAYS = int(os.environ.get("COPYDESK_EXPORT_KEEP_DAYS", "30"))
FEED_REQUESTS_PER_MINUTE = int(os.environ.get("COPYDESK_FEED_REQUESTS_PER_MINUTE", "60"))
# Off unless an operator says so: Copydesk asks no other server of its own accord.
CHECK_IMAGES = flag("COPYDESK_CHECK_IMAGES")
IMAGE_CHECKS_ALLOW_LOOPBACK = False  # only a test with a server of its own changes it
MAX_IMPORT_BYTES = int(os.environ.get("COPYDESK_MAX_IMPORT_BYTES", str(256 * 1024 * 1024)))

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
IS_HTTPS = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]
if flag("COPYDESK_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Or the proxy is everybody: ten wrong passwords of one person would lock out all others.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "copydesk_session"
CSRF_COOKIE_NAME = "copydesk_csrf"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "https:", "data:"],
        "connect-src": [SELF],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.HasScope"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.CursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_THROTTLE_CLASSES": ["api.throttling.KeyThrottle"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.problems.exception_handler",
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": None,
}
API_REQUESTS_PER_MINUTE = int(os.environ.get("API_REQUESTS_PER_MINUTE", "600"))
SPECTACULAR_SETTINGS = {
    "TITLE": "Copydesk API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    # The names of choices in generated clients: without them a field in two models gets a hash.
    "ENUM_NAME_OVERRIDES": {
        "ProductStatus": "stores.models.Product.Status",
        "CopyState": "stores.models.CopyState",
        "Readiness": "stores.models.Readiness",
        "ImageState": "stores.models.ProductImage.State",
        "RevisionKind": "stores.models.ProductRevision.Kind",
        "CopyField": "stores.models.CopySlot.Field",
        "CopySource": "stores.models.CopyVersion.Source",
        "CopyVersionState": "stores.models.CopyVersion.State",
        "ImportState": "stores.models.CatalogueImport.State",
        "ImportAction": "stores.models.ImportItem.Action",
        "ExportState": "stores.models.CatalogueExport.State",
        "FeedSchedule": "stores.models.Feed.Every",
        "BulkEditState": "stores.models.BulkEdit.State",
        "BulkEditItemState": "stores.models.BulkEditItem.State",
        "RunState": "generation.models.GenerationRun.State",
        "Lane": "generation.models.GenerationRun.Lane",
        "RequestState": "generation.models.GenerationRequest.State",
        "Scope": "api.models.Scope",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.openapi.describe",
    ],
}

CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "redis://127.0.0.1:6379/0")
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 120
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_ROUTES = {"generation.serve": {"queue": "inference"}}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
# What nobody took within a minute is thrown away: a reminder that is late has had successors.
_REMINDER = {"expires": 60}
CELERY_BEAT_SCHEDULE = {
    "reap-expired-requests": {"task": "generation.reap", "schedule": 10.0, "options": _REMINDER},
    "wake-inference": {
        "task": "generation.wake_inference",
        "schedule": 15.0,
        "options": _REMINDER,
    },
    "resume-imports": {"task": "stores.resume_imports", "schedule": 30.0, "options": _REMINDER},
    "expire-import-files": {"task": "stores.expire_import_files", "schedule": 3600.0},
    "expire-uploads": {"task": "stores.expire_uploads", "schedule": 3600.0},
    "resume-bulk-edits": {
        "task": "stores.resume_bulk_edits",
        "schedule": 30.0,
        "options": _REMINDER,
    },
    "resume-exports": {"task": "stores.resume_exports", "schedule": 30.0, "options": _REMINDER},
    "start-due-feeds": {"task": "stores.start_due_feeds", "schedule": 60.0, "options": _REMINDER},
    "expire-exports": {"task": "stores.expire_exports", "schedule": 3600.0},
    "find-unchecked-images": {
        "task": "stores.find_unchecked_images",
        "schedule": 60.0,
        "options": _REMINDER,
    },
    "forget-idempotency-keys": {"task": "api.forget_idempotency_keys", "schedule": 3600.0},
}

GENERATION = {
    "BACKEND": os.environ.get("GENERATION_BACKEND", "transformers"),
    "MODEL": os.environ.get("GENERATION_MODEL", "builtin"),
    "DEVICE": os.environ.get("GENERATION_DEVICE", "auto"),
    "DTYPE": os.environ.get("GENERATION_DTYPE", "auto"),
    # Of the backend openai: the server of the workers' own model.
    "BASE_URL": os.environ.get("GENERATION_BASE_URL", ""),
    "API_KEY": os.environ.get("GENERATION_API_KEY", ""),
    # More keyword arguments of the backend, as JSON: {"threads": 2}.
    "OPTIONS": json.loads(os.environ.get("GENERATION_OPTIONS", "{}")),
    "MAX_BATCH": int(os.environ.get("GENERATION_MAX_BATCH", "8")),
    "LEASE_SECONDS": int(os.environ.get("GENERATION_LEASE_SECONDS", "60")),
    "MAX_CRASHES": 3,
    "MAX_QUEUED_REQUESTS": int(os.environ.get("GENERATION_MAX_QUEUED_REQUESTS", "200000")),
    "MERCHANT_CEILING": int(os.environ.get("GENERATION_MERCHANT_CEILING", "512")),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
