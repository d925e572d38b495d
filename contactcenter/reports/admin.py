"""Thresholds for alarms in the admin."""

from django.contrib import admin

from contactcenter.reports.models import Threshold


@admin.register(Threshold)
class ThresholdAdmin(admin.ModelAdmin[Threshold]):
    """Which figure must not cross which threshold, where, and who is told."""

    list_display = ("figure", "limit", "office", "active")
    list_filter = ("active", "office")
