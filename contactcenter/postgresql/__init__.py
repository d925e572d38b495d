"""Django's PostgreSQL backend, asked after less often."""
