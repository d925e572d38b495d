"""Which socket answers at which address; `contactcenter.asgi` puts the session around it."""

from django.urls import path

from channels_app.consumers import DeskConsumer

websocket_urlpatterns = [path("live/", DeskConsumer.as_asgi())]
