"""The merchants' process (dashboard and API) and management commands: role app, no staff credentials."""

import os
import sys

from config.env import database
from config.settings.base import *  # noqa: F403 (a settings module is the base plus its differences)
from config.settings.base import DATABASES

if "DATABASE_OWNER_URL" in os.environ and "manage" in sys.argv[0]:
    DATABASES["owner"] = database("DATABASE_OWNER_URL")
