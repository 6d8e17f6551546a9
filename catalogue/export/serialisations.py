"""The ways of writing RDF down, the most asked for first."""

from typing import Final

from catalogue.export.base import Serialisation

TURTLE: Final = Serialisation("turtle", "Turtle", "text/turtle", "ttl")
JSON_LD: Final = Serialisation("json-ld", "JSON-LD", "application/ld+json", "jsonld")
RDF_XML: Final = Serialisation("rdf-xml", "RDF/XML", "application/rdf+xml", "rdf")
N_TRIPLES: Final = Serialisation("n-triples", "N-Triples", "application/n-triples", "nt")
SERIALISATIONS: Final = (TURTLE, JSON_LD, RDF_XML, N_TRIPLES)
