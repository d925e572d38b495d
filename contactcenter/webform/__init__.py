"""The public side: every way to reach us, a form for each procedure, and how to follow a request."""
