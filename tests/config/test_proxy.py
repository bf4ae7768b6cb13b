import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SEES = """
import django
django.setup()
from allauth.account.adapter import get_adapter
from django.test import RequestFactory
request = RequestFactory().get("/", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})
print(get_adapter().get_client_ip(request))
"""


def client_ip(**environment):
    path = f"{ROOT}:{ROOT / 'platform'}"
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings.web", "PYTHONPATH": path}
    answer = subprocess.run(
        [sys.executable, "-c", SEES],
        env={**os.environ, **settings, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout.strip()


def test_limits_count_the_client_that_our_proxy_names_and_nobody_elses_claim():
    assert client_ip(COPYDESK_BEHIND_PROXY="1") == "198.51.100.7"
    assert client_ip() == "127.0.0.1"
