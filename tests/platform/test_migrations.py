"""An index is built while others go on writing, and what a broken attempt left is no obstacle."""

import pytest
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.test.utils import CaptureQueriesContext

from contactcenter.postgresql.operations import AddIndexLive

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "tag_by_name_for_a_test"


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, "tickets_tag"))


@pytest.mark.parametrize("attempts", [1, 2])
def test_an_index_is_built_and_taken_away_whatever_an_attempt_left(attempts: int):
    before = MigrationLoader(connection).project_state()
    after = before.clone()
    adding = AddIndexLive("tag", models.Index(fields=["name"], name=NAME))
    adding.state_forwards("tickets", after)
    attempts = attempts if connection.vendor == "postgresql" else 1  # elsewhere a migration is whole or not at all

    for _attempt in range(attempts):
        with connection.schema_editor(atomic=False) as editor:
            adding.database_forwards("tickets", editor, before, after)
    assert NAME in indexes()

    with connection.schema_editor(atomic=False) as editor:
        adding.database_backwards("tickets", editor, after, before)
    assert NAME not in indexes()


@pytest.mark.postgresql
def test_nobody_who_writes_waits_for_it():
    before = MigrationLoader(connection).project_state()
    after = before.clone()
    adding = AddIndexLive("tag", models.Index(fields=["name"], name=NAME))
    adding.state_forwards("tickets", after)

    with connection.schema_editor(atomic=False) as editor, CaptureQueriesContext(connection) as asked:
        adding.database_forwards("tickets", editor, before, after)
        adding.database_backwards("tickets", editor, after, before)

    said = [query["sql"] for query in asked if "pg_catalog" not in query["sql"]]
    assert len(said) == 3
    assert all("INDEX CONCURRENTLY" in sql for sql in said)
