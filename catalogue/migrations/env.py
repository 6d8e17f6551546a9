"""What Alembic runs: the engine comes from the caller (see `running.py`)."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from catalogue.models import Base
from catalogue.models.base import UtcDateTime


def plain_type(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:  # noqa: ANN401 - Alembic's
    """Write types as the database's own: a migration must not change when a class of ours does."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String({item.length})"
    if kind == "type" and isinstance(item, sa.JSON):
        autogenerate.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run() -> None:
    """Apply the chosen changes in one transaction each, where the database can."""
    with context.config.attributes["engine"].connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=plain_type,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
