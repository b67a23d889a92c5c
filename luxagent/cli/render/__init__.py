"""What the verbs show: pure functions from core values to JSON objects and to text for people."""
