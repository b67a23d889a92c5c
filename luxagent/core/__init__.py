"""The thinking. Values in, values out: no I/O, no clock, no randomness, no logging.

values    units, times, windows, sun, cron, tariff, three-valued logic
facts     the catalogues, as tables: metrics, settings, status and fault codes, reasons
plant     what a plant reported: readings, devices, units, freshness, plausibility
policy    what the owner asked for: conditions and rules, compiled to closures and explained
events    what can happen to the agent's state
memory    the state: a fold over events
control   wanted against actual: changes, guards, ownership, the life of a write
alerts    the life of an alert, and its text
decide    one tick: (moment, plant, memory, policy) -> Decision
"""
