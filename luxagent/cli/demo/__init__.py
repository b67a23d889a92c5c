"""A day of a pretend house under the real agent, on a clock that runs as fast as the machine does.

clock      time that passes only while the agent waits
day        house, portal and agent, wired and run; tells watchers what happens
telling    what happened, as values: from the ledger, and the messages for people
view       one tick as people see it
meter      energy and money of a house
summary    the figures at the end
plain      the day as lines
screen     the day as a picture: what is kept, and when it is drawn
panels     what the picture is made of
spark      a series of numbers as a row of blocks
"""
