"""Celery's processes: role worker. No pool: Celery forks."""

from config.env import database
from config.settings.base import *  # noqa: F403 (a settings module is the base plus its differences)

DATABASES = {"default": database("DATABASE_WORKER_URL")}
