"""The platform staff's process: reads across merchants through the role staff, under a cookie of its own."""

from urllib.parse import urlsplit

from csp.constants import NONCE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from config.env import database
from config.settings.base import *  # noqa: F403 (a settings module is the base plus its differences)
from config.settings.base import ADMIN_URL
from config.settings.base import ALLOWED_HOSTS as BASE_HOSTS
from config.settings.base import DATABASES as BASE_DATABASES
from config.settings.base import INSTALLED_APPS as BASE_APPS
from config.settings.base import MIDDLEWARE as BASE_MIDDLEWARE

# Its own address decides, not the dashboard's: it may stand on this host only, without a proxy.
IS_HTTPS = ADMIN_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
ALLOWED_HOSTS = [*BASE_HOSTS, urlsplit(ADMIN_URL).hostname or ""]

ROOT_URLCONF = "config.urls_admin"
WSGI_APPLICATION = "config.wsgi_admin.application"
SITE = "config.admin_site.StaffAdminConfig"
# The API's description belongs to the merchants' process: its addresses do not exist here.
INSTALLED_APPS = [
    SITE if app.startswith("django.contrib.admin") else app
    for app in BASE_APPS
    if not app.startswith("drf_spectacular")
]
# Merchants' pages and their fragments do not exist here.
MIDDLEWARE = [
    name
    for name in BASE_MIDDLEWARE
    if name not in {"tenants.middleware.MerchantMiddleware", "web.middleware.FragmentMiddleware"}
]
DATABASES = {**BASE_DATABASES, "staff": database("DATABASE_STAFF_URL", pool=True)}
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
SESSION_COOKIE_NAME = "copydesk_admin_session"
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_NAME = "copydesk_admin_csrf"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# Unfold ships standard Alpine (evaluates expressions) and writes style attributes.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE, UNSAFE_EVAL],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}

UNFOLD = {
    "SITE_TITLE": _("Copydesk platform"),
    "SITE_HEADER": "Copydesk",
    "SITE_SUBHEADER": _("Platform staff"),
    "SITE_URL": None,
    "SITE_SYMBOL": "edit_note",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("img/favicon.svg"),
        }
    ],
    # The dashboard's accent (static/css/tokens.css) as a scale.
    "COLORS": {
        "primary": {
            "50": "#eeedfd",
            "100": "#e1e0fb",
            "200": "#c9c7f6",
            "300": "#aaa8ff",
            "400": "#9391fa",
            "500": "#8482f6",
            "600": "#4b48d6",
            "700": "#4340c4",
            "800": "#3734a0",
            "900": "#2e2c82",
            "950": "#1d1b55",
        }
    },
    "STYLES": [lambda request: static("css/staff.css")],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "SIDEBAR": {"navigation": "config.staff_navigation.navigation"},
}
