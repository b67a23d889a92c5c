"""What the ledgers of these tests hold. Light, as child processes import it too."""

from datetime import UTC, datetime

from luxagent.core import events as ev
from luxagent.core.fold import fold_all
from luxagent.core.memory import Memory

NOW = datetime(2026, 11, 22, 5, 10, tzinfo=UTC)
TAKE = ev.WriteIntended(
    at=NOW,
    number=7,
    serial="44300E0585",
    setting="ac_charge",
    value=True,
    before=False,
    rule="Fill up",
    because="soc 31 % < 60 %",
    homeward=False,
)
HOME = ev.CameHome(NOW, "44300E0585", "ac_charge", value=False)
MANY = [ev.Noted(NOW, "note", "x" * 200) for _ in range(300)]
OWNED = fold_all(Memory(), [TAKE]).owned
