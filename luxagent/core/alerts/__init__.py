"""When people are told something, and in which words."""
