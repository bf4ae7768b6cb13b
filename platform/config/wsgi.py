"""The merchants' web process: `granian --interface wsgi config.wsgi:application`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.web")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from tenants.guard import refuse_unsafe_role

refuse_unsafe_role()
