"""Work that a change leaves to be done, and who does it."""
