"""A great many tickets at once: copies of the rows that the seed laid through the real doors, what differs in SQL."""

from collections.abc import Iterable, Mapping

import psycopg
from psycopg import sql

from bench.bare import address
from bench.rig import Rig

OFFICES = 20
_OFFICE = f"(1 + n / 20 % {OFFICES})"
_OFFICES = "(SELECT array_agg(office_id ORDER BY office_id) FROM routing_queue)"
_LANES = """(SELECT array_agg(lane.id ORDER BY queue.office_id) FROM routing_queue queue JOIN routing_lane lane
             ON lane.queue_id = queue.id AND lane.service_class = '{}')"""
_WAITS = "n % 40 < 2 OR n % 10 = 5"  # every second scan and letter, every tenth of the rest
_KIND = "CASE n % 20 WHEN 0 THEN 'scan_check' WHEN 1 THEN 'letter_to_post' ELSE 'message' END"
_CHANNEL = "CASE WHEN n % 20 < 2 THEN 'paper' ELSE (ARRAY['email', 'web', 'phone'])[1 + n % 3] END"
_STATE = f"CASE WHEN {_WAITS} THEN 'new' WHEN n % 1000 = 7 THEN 'waiting' ELSE 'solved' END"
TEXT = "Bonjour, j''attends une réponse depuis longtemps, et je ne sais plus à qui m''adresser. "


def lay(made: Rig, tickets: int) -> None:
    """So many tickets more, over 20 offices and the last months, with all that lists of them show."""
    with psycopg.connect(address(made.url), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        _offices(connection)
        names = ("tickets_ticket", "tickets_interaction", "people_person", "routing_workitem", "outbox_delivery")
        last = {name: last_id(connection, name) for name in names}
        _people(connection, last, tickets)
        _tickets(connection, last, tickets)
        _work(connection, last, tickets)
        _paper(connection, last, tickets // 20)
        go_on_counting(connection, names)
        connection.execute("VACUUM (ANALYZE)")


def go_on_counting(connection: psycopg.Connection, tables: Iterable[str]) -> None:
    """Let new rows of these tables have ids behind those that were laid."""
    for name in tables:
        connection.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}".encode())


def last_id(connection: psycopg.Connection, table: str) -> int:
    """The largest id of a table; 0 where it has no row."""
    return int((connection.execute(f"SELECT max(id) FROM {table}".encode()).fetchone() or (0,))[0])


def _offices(connection: psycopg.Connection) -> None:
    """Those that are missing, each with its queue and its lanes."""
    missing = OFFICES - int((connection.execute("SELECT count(*) FROM routing_queue").fetchone() or (0,))[0])
    if missing <= 0:
        return
    copies(connection, "offices_office", missing, {"slug": "'bench-' || n", "email": "n || '@bench.example'"})
    made = "(SELECT array_agg(id) FROM offices_office WHERE slug LIKE 'bench-%')"
    copies(connection, "routing_queue", missing, {"slug": "'bench-' || n", "office_id": f"{made}[n]"})
    connection.execute(
        "INSERT INTO routing_lane (queue_id, service_class, skills, target_s) "
        "SELECT queue.id, lane.service_class, lane.skills, lane.target_s FROM routing_queue queue "
        "CROSS JOIN (SELECT DISTINCT service_class, skills, target_s FROM routing_lane) lane ON CONFLICT DO NOTHING"
    )


def _people(connection: psycopg.Connection, last: Mapping[str, int], tickets: int) -> None:
    number = f"{last['people_person']} + n"
    copies(connection, "people_person", tickets // 3 + 1, {"id": number, "name": "'Ana Exemple ' || n"})
    copies(connection, "people_contactpoint", tickets // 3 + 1, {"person_id": number})


def _tickets(connection: psycopg.Connection, last: Mapping[str, int], tickets: int) -> None:
    number = f"{last['tickets_ticket']} + n"
    opened_at = f"now() - ({tickets} - n) * interval '20 seconds'"
    changed = {
        "id": number,
        "reference": f"'7' || lpad(({number})::text, 9, '0')",
        "state": _STATE,
        "channel": _CHANNEL,
        "subject": "'Demande ' || n",
        "opened_at": opened_at,
        "solved_at": f"CASE WHEN {_STATE} = 'solved' THEN now() END",
        "office_id": f"{_OFFICES}[{_OFFICE}]",
        "person_id": f"{last['people_person']} + 1 + n / 3",
    }
    copies(connection, "tickets_ticket", tickets, changed)
    said = {"id": f"{last['tickets_interaction']} + n", "ticket_id": number, "channel": _CHANNEL, "external_id": "NULL"}
    said |= {"occurred_at": opened_at, "text": f"repeat('{TEXT}', 3)", "person_id": "NULL"}
    copies(connection, "tickets_interaction", tickets, said)
    place = "CASE WHEN n % 20 = 0 THEN ' _bac _' || n / 20 % 50 ELSE '' END"
    words = f"'office_' || {_OFFICES}[{_OFFICE}] || {place} || ' adresser bonjour demande longtemps reponse n' || n"
    copies_of_entry = f"SELECT {number}, {words}, 1 FROM generate_series(1, {tickets}) n"
    connection.execute(f"INSERT INTO search_entry (ticket_id, words, event_id) {copies_of_entry}".encode())


def _work(connection: psycopg.Connection, last: Mapping[str, int], tickets: int) -> None:
    written, sheets = (f"{_LANES.format(name)}[{_OFFICE}]" for name in ("normal", "mailroom"))
    changed = {
        "id": f"{last['routing_workitem']} + n",
        "ticket_id": f"{last['tickets_ticket']} + n",
        "interaction_id": f"{last['tickets_interaction']} + n",
        "kind": _KIND,
        "channel": _CHANNEL,
        "lane_id": f"CASE WHEN n % 20 < 2 THEN {sheets} ELSE {written} END",
        "state": f"CASE WHEN {_WAITS} THEN 'waiting' ELSE 'done' END",
        "done_at": f"CASE WHEN {_WAITS} THEN NULL ELSE now() END",
        "enqueued_at": f"now() - ({tickets} - n) * interval '20 seconds'",
    }
    copies(connection, "routing_workitem", tickets, changed, among="state = 'waiting'")


def _paper(connection: psycopg.Connection, last: Mapping[str, int], sheets: int) -> None:
    """The scans, and the letters with their deliveries."""
    scan = {
        "interaction_id": f"{last['tickets_interaction']} + 20 * n",
        "place": "'bac ' || n % 50",
        "reading": "'read'",
    }
    copies(connection, "paper_intake_scan", sheets, scan)
    delivery = {"id": f"{last['outbox_delivery']} + n", "ticket_id": f"{last['tickets_ticket']} + 20 * n - 19"}
    copies(connection, "outbox_delivery", sheets, delivery | {"state": "'sent'", "receipt_id": "NULL"})
    connection.execute(
        f"INSERT INTO paper_intake_letter (sha256, size, made_at, delivery_id, work_item_id) "
        f"SELECT '', 1, now(), {last['outbox_delivery']} + n, {last['routing_workitem']} + 20 * n - 19 "
        f"FROM generate_series(1, {sheets}) n".encode()
    )


def copies(
    connection: psycopg.Connection, table: str, count: int, changed: Mapping[str, str], among: str = "true"
) -> None:
    """So many copies of the first row `among` those; `changed` gives expressions of `n`, which counts from 1."""
    found = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id' "
        "AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    ).fetchall()
    columns = [str(row[0]) for row in found] + (["id"] if "id" in changed else [])
    values = [_sql(changed[name]) if name in changed else sql.Identifier("one", name) for name in columns]
    connection.execute(
        sql.SQL(
            "INSERT INTO {table} ({columns}) SELECT {values} FROM generate_series(1, {count}) n CROSS JOIN "
            "(SELECT * FROM {table} WHERE {among} ORDER BY 1 LIMIT 1) one"
        ).format(
            table=sql.Identifier(table),
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            values=sql.SQL(", ").join(values),
            count=sql.Literal(count),
            among=_sql(among),
        )
    )


def _sql(text: str) -> sql.SQL:
    return sql.SQL(text)
