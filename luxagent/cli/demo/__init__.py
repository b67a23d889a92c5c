"""A day of a pretend house under the real agent, on a clock that runs as fast as the machine does.

clock      time that passes only while the agent waits
day        house, portal and agent, wired and run; tells watchers what happens
telling    what happened, one line each: from the ledger and from the messages for people
meter      energy and money of a house
summary    the figures at the end
plain      watchers that print lines
screen     watchers that draw
spark      a series of numbers as a row of blocks
"""
