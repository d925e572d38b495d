"""Offices and their doors in the admin."""

from django.contrib import admin

from contactcenter.offices.models import Door, Office


class DoorInline(admin.TabularInline[Door, Office]):
    """The doors of an office beside it."""

    model = Door
    extra = 0


@admin.register(Office)
class OfficeAdmin(admin.ModelAdmin[Office]):
    """An office with its doors."""

    list_display = ("name", "service", "phone", "email")
    inlines = (DoorInline,)
