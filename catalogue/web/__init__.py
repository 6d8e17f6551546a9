"""Pages, one file a section."""
