"""The wire that the API document describes."""
