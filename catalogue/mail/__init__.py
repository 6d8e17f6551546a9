"""Mail: what is sent, and where it goes."""

from catalogue.mail.message import LetterError, Message
from catalogue.mail.opening import open_mailer
from catalogue.mail.sending import Mailer, Refused, Sender, Uncertain, Unreachable
from catalogue.mail.writing import write

__all__ = [
    "LetterError",
    "Mailer",
    "Message",
    "Refused",
    "Sender",
    "Uncertain",
    "Unreachable",
    "open_mailer",
    "write",
]
