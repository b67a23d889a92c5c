"""The wire that owners' portals speak, where it differs from the document."""
