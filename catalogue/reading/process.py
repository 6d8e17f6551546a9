"""The process that reads ahead, in which `begin` is called with the numbers of two open files: connection and spool.

Its first message is a class of harvester, which it answers by its revision for that, the second one the terms of
reading. Then come places in the file, and each is answered by what was read there. It ends when the other end of the
connection is closed, however that happened.
"""

import logging
import pickle
from multiprocessing.connection import Connection

from catalogue import collector
from catalogue.reading.records import Terms, read, revision
from catalogue.reading.spool import PLACE, Place, raw_at
from harvesters.base import Harvester

log = logging.getLogger(__name__)


def begin(connection: int, file: int) -> None:
    """Answer on a connection of which this process has the only end, by its number."""
    with Connection(connection) as asked:
        answer(asked, file)


def answer(connection: Connection, file: int) -> None:
    """Answer until nobody asks."""
    try:
        kind: type[Harvester] = pickle.loads(connection.recv_bytes())  # noqa: S301 - from the process that started this
        with collector.passing_over():
            connection.send_bytes(revision(kind).encode())
            terms: Terms = pickle.loads(connection.recv_bytes())  # noqa: S301 - as above
            while True:
                place = Place(*PLACE.unpack(connection.recv_bytes()))
                connection.send_bytes(_read(kind, file, place, terms))
    except (EOFError, ConnectionError):
        log.debug("nobody asks any longer")


def _read(kind: type[Harvester], file: int, place: Place, terms: Terms) -> bytes:
    """What a record says, pickled; None where reading failed: who keeps it tries again, and says what is wrong."""
    try:
        return pickle.dumps(read(kind, raw_at(file, place), terms))
    except Exception:  # isolates one record; it fails again where it is reported
        log.debug("a record could not be read", exc_info=True)
        return pickle.dumps(None)
