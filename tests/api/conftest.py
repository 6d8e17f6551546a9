"""What the tests of the interface for programs ask for by name."""

from tests.application import databases, published, session_factory

__all__ = ["databases", "published", "session_factory"]
