"""What is checked of a description, and how outside JSON is read."""

from schemas.validation.description import check
from schemas.validation.json_text import JsonText, Unreadable, read_json
from schemas.validation.load import load

__all__ = ["JsonText", "Unreadable", "check", "load", "read_json"]
