"""One module a kind of fact, with its words beside it; each is found and registers itself."""
