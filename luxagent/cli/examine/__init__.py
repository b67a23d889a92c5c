"""What `doctor` looks at. Reads only, sends nothing; each look gives lines, and one that fails ends no other.

line        a finding: what, how it is, what to do
access      who can read or write a file
host        the rules file, its secrets, the disk
state       the state folder, its ledger, what is pending, other hands in the journal
channels    ways to people, without sending anything
portal      login and host, rights, wire, clocks and zones, what the inverters report
habits      what an inverter does by itself that works against the file
"""
