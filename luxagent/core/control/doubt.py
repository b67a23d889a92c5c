"""Whether an inverter's firmware is trusted."""

from luxagent.core.memory import Memory


def is_doubted(memory: Memory, serial: str) -> bool:
    """Whether writes to an inverter are off because of its firmware."""
    known = memory.custody.firmware.get(serial)
    return known is not None and known.doubted_at is not None
