"""An omnichannel contact centre for public services."""
