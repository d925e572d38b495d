"""Sockets alone: the live page's nudges. HTTP is served by wsgi.py."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
django.setup()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402  # all below need the apps
from channels.sessions import CookieMiddleware  # noqa: E402

from channels_app.routing import websocket_urlpatterns  # noqa: E402
from contactcenter.checks import refuse_demo_secrets  # noqa: E402

refuse_demo_secrets()
# Which pages may open a socket the consumer decides (CC_ORIGINS): one place, and clients that are no browser get in.
# Who is behind the session the consumer asks too, in one turn; the middleware for it would take three connections.
application = ProtocolTypeRouter({"websocket": CookieMiddleware(URLRouter(websocket_urlpatterns))})
