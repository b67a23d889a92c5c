"""A house and a portal of our own, to practise on: physics, registers, and HTTP on loopback in either wire.

Never imports the client (`luxagent.portal`), so that the double cannot inherit the client's errors.

    scenario    ready-made houses: single, pair, the demo's day
    house       a plant over time: sky, load, mains, battery, inverters that obey their registers
    server      SimPortal: a house behind HTTP, with sessions and faults
    wires       the two dialects: `document` (the written API) and `live` (what real portals answer)
    faults      what can be made to go wrong, by name
"""
