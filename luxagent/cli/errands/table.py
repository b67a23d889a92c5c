"""The errands by kind. A verb's kind is its name."""

from luxagent.cli.errands import flag, pause, restore, silence
from luxagent.cli.errands import set as set_
from luxagent.cli.errands.desk import Errand, is_set

ERRANDS: dict[str, Errand] = {
    "set": Errand(set_.carry_out, lambda _body, _memory: True),
    "flag": Errand(flag.carry_out),
    "silence": Errand(silence.carry_out),
    "pause": Errand(pause.pause, lambda body, memory: is_set(body, "home") and restore.work_to_do(memory)),
    "resume": Errand(pause.resume),
    "restore": Errand(restore.carry_out, lambda _body, memory: restore.work_to_do(memory)),
}
