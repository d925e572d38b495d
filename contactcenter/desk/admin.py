"""Reply templates in the admin."""

from django.contrib import admin

from contactcenter.desk.models import ReplyTemplate


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(admin.ModelAdmin[ReplyTemplate]):
    """Words for answers that are given often."""

    list_display = ("title", "language")
    list_filter = ("language",)
