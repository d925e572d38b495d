"""How the mailroom's pages write a reference."""

from django import template

from contactcenter.tickets.reference import spaced

register = template.Library()
register.filter("spaced", spaced)
