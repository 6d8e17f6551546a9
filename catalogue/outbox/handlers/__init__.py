"""One module a kind of message."""
