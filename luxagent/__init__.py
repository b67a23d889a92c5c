"""luxagent keeps a Luxpower or EG4 inverter's settings where a YAML file says they should be.

It proves that they got there, and tells a person when something is wrong. The layers, from top to
bottom; imports point down only, and a test proves it:

    cli       one small module per verb: builds the parts and hands them over
    agent     the loop: read, decide, write and prove, tell, record
    portal    the vendor's cloud; the only code that speaks to it
    sim       a house and a portal of our own, to practise on
    notify    messages to people
    store     the ledger on disk
    config    the YAML file, turned into core values
    core      the thinking: values in, values out; no I/O, no clock, no randomness
    errors    what can go wrong, named for what to do next
"""

__version__ = "0.1.0"
