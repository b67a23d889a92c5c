"""Keys that this version reads, checks and keeps, but does not act on yet. Later work deletes rows.

A key is named by its section and itself; a setting by `set` and its name, in rules and baseline alike.
"""

NOT_YET: dict[str, str] = {}
"""Why it has no effect,."""
