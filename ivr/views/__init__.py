"""The webhooks: each reads, does one thing, and answers TwiML at once. A caller never hears a stack trace."""
