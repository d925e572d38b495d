"""On PostgreSQL one inverted index answers for words and offices together; elsewhere the table is small."""

from typing import Any

from django.db import migrations

ADD = """
    ALTER TABLE search_entry ADD COLUMN lexemes tsvector
    GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED
"""
INDEX = "CREATE INDEX search_entry_lexemes ON search_entry USING gin (lexemes)"
REMOVE = "ALTER TABLE search_entry DROP COLUMN lexemes"


def _on_postgresql(*statements: str) -> Any:
    def run(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(_on_postgresql(ADD, INDEX), _on_postgresql(REMOVE))]
