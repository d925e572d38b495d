"""HTTP: pages, API, forms and webhooks are served from here."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from contactcenter.lifeline import die_with_our_own_parent

die_with_our_own_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
application = get_wsgi_application()

from contactcenter.checks import refuse_demo_secrets  # noqa: E402  # needs the settings

refuse_demo_secrets()

# What is loaded now stays; the collector need not walk through it at every few hundred requests.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 50, 50)
