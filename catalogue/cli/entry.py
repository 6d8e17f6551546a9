"""The whole command line, and where its unexpected ends are told."""

import sys

from sqlalchemy.exc import OperationalError, ProgrammingError

from catalogue.cli.root import COULD_NOT_RUN, refuse, root, stop
from catalogue.domain.errors import CatalogueError
from catalogue.search.backend import IndexUnavailable


def main() -> None:
    """Run the command line."""
    try:
        root()
    except CatalogueError as error:
        refuse(error)
    except IndexUnavailable as error:
        stop(str(error), status=COULD_NOT_RUN)
    except (OperationalError, ProgrammingError) as error:
        stop(
            f"The database cannot be used: {error.orig}",
            "If it is new or older than the program, run: catalogue db upgrade",
            status=COULD_NOT_RUN,
        )
    except BrokenPipeError:
        # Whoever read the output has seen enough; there is nobody left to tell.
        sys.stderr.close()
        raise SystemExit(1) from None
