"""The owner's file: YAML with places becomes the core's values, or a list of every fault in it.

`load` is the public face. One idea a file: `nodes` (YAML), `shape` and `kinds` (keys as tables, from which
the JSON Schema comes too), then one module per part of the grammar, put together by `file`.
"""
