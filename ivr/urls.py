"""The webhooks' addresses."""

from django.urls import path

from ivr import views

urlpatterns = [
    path("ivr/voice", views.voice),
    path("ivr/fallback", views.fallback),
    path("ivr/menu", views.choose),
    path("ivr/wait", views.waiting),
    path("ivr/wait-key", views.wait_key),
    path("ivr/queued", views.queued),
    path("ivr/recorded", views.recorded),
    path("ivr/recording", views.recording),
    path("ivr/join", views.join),
    path("ivr/park", views.park),
    path("ivr/left", views.left),
    path("ivr/agent", views.agent),
    path("ivr/status", views.status),
    path("ivr/sms", views.sms),
    path("ivr/sms-status", views.sms_status),
]
