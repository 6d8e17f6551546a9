"""Migrations run from the program, without a configuration file."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Engine

from catalogue.migrations.state import current


def configuration(engine: Engine) -> Config:
    """Alembic's settings: the scripts beside this module, and an engine that is there already."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, revision: str = "head") -> str:
    """Apply what is missing; the revision afterwards."""
    command.upgrade(configuration(engine), revision)
    return current(engine) or ""


def downgrade(engine: Engine, revision: str) -> None:
    """Take changes back down to a revision."""
    command.downgrade(configuration(engine), revision)
