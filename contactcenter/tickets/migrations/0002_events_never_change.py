"""The database itself refuses to change an event, and on PostgreSQL to delete one.

SQLite keeps DELETE open, since emptying a test database there is a DELETE.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POSTGRESQL = """
CREATE FUNCTION ticket_event_never_changes() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'ticket events are never changed'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER ticket_event_never_changes BEFORE UPDATE OR DELETE ON tickets_ticketevent
FOR EACH ROW EXECUTE FUNCTION ticket_event_never_changes();
"""
SQLITE = """
CREATE TRIGGER ticket_event_never_changes BEFORE UPDATE ON tickets_ticketevent
BEGIN SELECT RAISE(ABORT, 'ticket events are never changed'); END;
"""


def guard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def unguard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER ticket_event_never_changes ON tickets_ticketevent")
        editor.execute("DROP FUNCTION ticket_event_never_changes()")
    else:
        editor.execute("DROP TRIGGER ticket_event_never_changes")


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]
