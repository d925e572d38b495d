"""On PostgreSQL one inverted index answers for words and offices together; elsewhere the table is small."""

from typing import Any

from django.db import migrations

INDEX = """
    CREATE INDEX search_entry_words ON search_entry USING gin (array_to_tsvector(string_to_array(words, ' ')))
"""


def _on_postgresql(sql: str) -> Any:
    def run(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(_on_postgresql(INDEX), _on_postgresql("DROP INDEX search_entry_words"))]
