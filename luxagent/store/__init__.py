"""What outlives the process, in one folder per agent. SQLite is spoken here and nowhere else.

place       which folder it is
lock        one agent per folder
ledger      the events, their checkpoint, and what is owned: fits `agent.ports.Ledger`
journal     the events again, for reading beside a running agent
snapshot    what the agent saw last, for `status` beside a running agent
db          the SQLite file: opening, checking, migrating, setting aside
owned       owned.json, the second copy of what nothing can rebuild
codec       events and memory to JSON and back
folder      making the folder, and replacing a file so that a crash leaves the old or the new
"""
