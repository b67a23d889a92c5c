"""From wanted against actual to the changes that may go out: wants, changes, guards, the life of a write."""
