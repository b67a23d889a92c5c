"""The cloud portal, and the only code that speaks to it.

session    one login, one line: bytes out, strict JSON in, every way a session can end
cache      what was asked a moment ago
wire       the two dialects, `document` and `live`, behind one face: forms, answers, settings
client     one typed method for each thing the portal can be asked
reader     the plant of one tick, built from what the client gives
hand       the only caller of what changes anything
"""
