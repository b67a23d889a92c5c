"""Health and metrics over HTTP, for who asks for them (`web:` in the file, the extra `luxagent[web]`).

vitals    what is shown: one frozen picture, replaced whole after each tick
metrics   the picture as Prometheus metrics
page      the pages, and who may see them
server    waitress, in a thread of its own

Reads only: nothing here can reach the plant, the state or the file.
"""
