"""Pure rules: they know no framework and no database."""
