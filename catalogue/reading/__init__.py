"""From the bytes of a record to an entry that is ready to be kept: no database, so that any process can do it."""

from catalogue.reading.entries import Claim, Entry, Rated
from catalogue.reading.reader import Ahead, Reader
from catalogue.reading.records import Read, Terms, enter, read
from catalogue.reading.spool import Spool, Spooled

__all__ = ["Ahead", "Claim", "Entry", "Rated", "Read", "Reader", "Spool", "Spooled", "Terms", "enter", "read"]
