"""The webhooks' addresses."""

from django.urls import path

from ivr.views import announcements, audio, health, identify, legs, menu, recording, status, texts, waiting

urlpatterns = [
    path("desk/line/", announcements.announcements, name="line-announcements"),
    path("ivr/audio/<str:token>", audio.audio),
    path("ivr/voice", menu.voice),
    path("ivr/fallback", menu.fallback),
    path("ivr/menu", menu.choose),
    path("ivr/wait", waiting.waiting),
    path("ivr/wait-key", waiting.wait_key),
    path("ivr/identify", identify.identify),
    path("ivr/queued", waiting.queued),
    path("ivr/recorded", recording.recorded),
    path("ivr/recording", recording.recording),
    path("ivr/join", legs.join),
    path("ivr/park", waiting.park),
    path("ivr/left", legs.left),
    path("ivr/agent", legs.agent),
    path("ivr/agent-digit", legs.agent_digit),
    path("ivr/agent-voice", legs.agent_voice),
    path("ivr/agent-key", legs.agent_key),
    path("ivr/guest", legs.guest),
    path("ivr/told", legs.told),
    path("ivr/reached", legs.reached),
    path("ivr/held", legs.held),
    path("ivr/status", status.status),
    path("ivr/sms", texts.sms),
    path("ivr/sms-status", texts.sms_status),
    path("ivr/health", health.health),
]
