"""The phone: the call flow, its webhooks, and the commands to the provider."""
