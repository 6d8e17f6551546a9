"""What is checked of a description, and how outside JSON is read."""

from schemas.validation.json_text import JsonText, Unreadable, read_json

__all__ = ["JsonText", "Unreadable", "read_json"]
