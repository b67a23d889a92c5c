"""The part of `check --live` that asks the portal. Imported only then: `check` starts in half the time."""

from luxagent.cli import logs, wiring
from luxagent.cli.common import Common
from luxagent.cli.examine import file_at_portal
from luxagent.cli.examine.file_at_portal import NoPlant, Remark
from luxagent.cli.examine.setters import powers_text
from luxagent.cli.files import state_folder
from luxagent.cli.logs import without_secrets
from luxagent.cli.secrets import texts_to_hide
from luxagent.config.load import Config, Examined


def hold_against_plant(common: Common, config: Config, file: Examined) -> list[str]:
    """Notes in `file` what the plant has to say about it; returns what its powers come to, in lines.

    Logs in with the rest that refused credentials are owed, and only reads. Raises what the portal comes to;
    what was found by then stays noted.
    """
    logs.hide(*texts_to_hide(config))
    policy = wiring.policy_of(config, dry_run=True)
    with wiring.open_client(config, common.clock(), state_folder(common, config)) as client:
        try:
            plant = file_at_portal.read(client, policy)
        except NoPlant as error:
            _note(file, file_at_portal.no_plant(config, error))
            return []
        for remark in file_at_portal.remarks(config, policy, client, plant):
            _note(file, remark)
    return powers_text(policy, plant)


def _note(file: Examined, remark: Remark) -> None:
    message, hint = without_secrets(remark.message), without_secrets(remark.hint)
    file.note(remark.where, remark.level, remark.code, message, hint)
