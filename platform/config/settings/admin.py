"""The platform staff's process: reads across merchants through the role staff, under a cookie of its own."""

from csp.constants import NONCE, SELF, UNSAFE_EVAL, UNSAFE_INLINE

from config.env import database
from config.settings.base import *  # noqa: F403 (a settings module is the base plus its differences)
from config.settings.base import DATABASES, INSTALLED_APPS, MIDDLEWARE

ROOT_URLCONF = "config.urls_admin"
WSGI_APPLICATION = "config.wsgi_admin.application"
INSTALLED_APPS = [
    "unfold",
    "config.admin_site.StaffAdminConfig",
    *[app for app in INSTALLED_APPS if not app.startswith("django.contrib.admin")],
]
MIDDLEWARE = [m for m in MIDDLEWARE if m != "tenants.middleware.MerchantMiddleware"]
DATABASES["staff"] = database("DATABASE_STAFF_URL", pool=True)
SESSION_COOKIE_NAME = "copydesk_admin_session"
CSRF_COOKIE_NAME = "copydesk_admin_csrf"
LOGIN_URL = "admin:login"
# Unfold ships standard Alpine (evaluates expressions) and writes style attributes.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE, UNSAFE_EVAL],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "https:", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}
