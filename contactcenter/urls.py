"""Every address of the site; a channel brings its own."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from contactcenter import channel, health
from contactcenter.accounts.login import admin_login

admin.autodiscover()  # here, since no process but the one with pages needs them

ROOMS = ("contactcenter.accounts.urls", "contactcenter.demo.urls", "contactcenter.reports.urls", "channels_app.urls")

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("favicon.ico", health.favicon),
    path("admin/login/", admin_login),  # before Django's own, whose guesses nobody counts
    path("admin/", admin.site.urls),
    path("api/v1/", include("contactcenter.api.urls")),
    *[path("", include(room)) for room in ROOMS],
    *[path("", include(channel.get(name).urls)) for name in channel.names() if channel.get(name).urls],
]
