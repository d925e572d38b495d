"""Which socket answers at which address; `contactcenter.asgi` reads the cookies for it."""

from django.urls import path

from channels_app.consumers import DeskConsumer

websocket_urlpatterns = [path("live/", DeskConsumer.as_asgi())]
