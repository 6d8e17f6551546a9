"""The only place that knows a search engine."""
