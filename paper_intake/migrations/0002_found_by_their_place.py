"""Where the papers lie that are here already becomes part of what their tickets are found by."""

from collections import defaultdict
from typing import Any

from django.db import migrations

from contactcenter.search.words import place_words

AT_ONCE = 500


def add_places(apps: Any, schema_editor: Any) -> None:
    Scan, Entry = apps.get_model("paper_intake", "Scan"), apps.get_model("search", "Entry")
    papers = Scan.objects.exclude(place="").order_by("pk")
    last = 0
    while batch := list(papers.filter(pk__gt=last).values_list("pk", "interaction__ticket", "place")[:AT_ONCE]):
        places = defaultdict(set)
        for _pk, ticket, place in batch:
            places[ticket].update(place_words(place))
        entries = list(Entry.objects.filter(ticket__in=places))
        for entry in entries:
            known = set(entry.words.split(" "))
            entry.words = " ".join([entry.words, *sorted(places[entry.ticket_id] - known)])
        Entry.objects.bulk_update(entries, ["words"])
        last = batch[-1][0]


class Migration(migrations.Migration):
    dependencies = [
        ("paper_intake", "0001_initial"),
        ("search", "0002_words_index"),
        ("tickets", "0009_merged_names_the_last"),
    ]
    operations = [migrations.RunPython(add_places, migrations.RunPython.noop)]
