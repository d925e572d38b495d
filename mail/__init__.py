"""E-mail: our SMTP listener, what a mail says, and what we send."""
