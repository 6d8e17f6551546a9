"""Where commands harvest, put together from the settings."""

from pathlib import Path

from catalogue.domain.custodians import read_aliases
from catalogue.runtime import Runtime
from catalogue.services.harvesting import Workplace


def workplace(runtime: Runtime) -> Workplace:
    """The database, the locks, and the file of other names of custodians. Raises `Invalid` when that cannot be read."""
    file = runtime.settings.custodian_aliases_file
    aliases = read_aliases(Path(file).read_text(encoding="utf-8")) if file else {}
    return Workplace(runtime.engine, runtime.sessions, runtime.locks_folder, aliases)
