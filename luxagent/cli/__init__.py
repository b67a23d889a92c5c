"""The command line: one small module per verb. Builds the parts and hands them over; knows no rules itself.

main      the program's way in and out: no traceback for anybody
codes     the exit codes
group     the verbs by name, loaded when they are called for
common    what every verb takes: `-c`, `--state`, `-v`
wiring    where the parts meet
clock     the only reader of the system's clock, and the rest between two ticks
logs      what is said on stderr
verbs     one module each
render    values in, JSON or text out
"""
