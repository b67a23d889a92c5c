"""The errands by kind. A verb's kind is its name."""

from luxagent.cli.errands import flag
from luxagent.cli.errands.desk import Errand

ERRANDS: dict[str, Errand] = {
    "flag": Errand(flag.carry_out),
}
