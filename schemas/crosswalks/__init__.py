"""Outside shapes of a description, read into the canonical form and written from it."""
