"""The database itself refuses to change a published version, and on PostgreSQL to delete one.

SQLite keeps DELETE open, since emptying a test database there is a DELETE. A later migration that rebuilds this table
on SQLite has to make the trigger again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POSTGRESQL = """
CREATE FUNCTION published_version_never_changes() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'a published version is never changed: publish a new one' USING ERRCODE = 'check_violation';
END $$ LANGUAGE plpgsql;
CREATE TRIGGER published_version_never_changes BEFORE UPDATE OR DELETE ON procedures_procedureversion
FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION published_version_never_changes();
"""
SQLITE = """
CREATE TRIGGER published_version_never_changes BEFORE UPDATE ON procedures_procedureversion
WHEN OLD.published_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a published version is never changed: publish a new one'); END;
"""


def guard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def unguard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER published_version_never_changes ON procedures_procedureversion")
        editor.execute("DROP FUNCTION published_version_never_changes()")
    else:
        editor.execute("DROP TRIGGER published_version_never_changes")


class Migration(migrations.Migration):
    dependencies = [("procedures", "0002_silence_known")]

    operations = [migrations.RunPython(guard, unguard)]
