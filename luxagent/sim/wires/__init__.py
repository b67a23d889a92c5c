"""The two dialects of the portal. Each module is told a request and a world and gives an answer.

document    the written API: `devices`, numbered parameters, `data=21:90`, kWh floats
live        what real portals do: `rows`, named parameters as text, energies in tenths
"""
