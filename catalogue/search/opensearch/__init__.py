"""The search engine for more than one machine: an OpenSearch server, behind the same port."""
