"""Lines for alarms in the admin."""

from django.contrib import admin

from contactcenter.reports.models import Line


@admin.register(Line)
class LineAdmin(admin.ModelAdmin[Line]):
    """Which figure must not cross which line, where, and who is told."""

    list_display = ("figure", "limit", "office", "active")
    list_filter = ("active", "office")
