"""Every address of the site; a channel brings its own."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from contactcenter import channel, health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("admin/", admin.site.urls),
    path("api/v1/", include("contactcenter.api.urls")),
    path("", include("contactcenter.accounts.urls")),
    path("", include("contactcenter.demo.urls")),
    path("", include("channels_app.urls")),
    *[path("", include(channel.get(name).urls)) for name in channel.names() if channel.get(name).urls],
]
