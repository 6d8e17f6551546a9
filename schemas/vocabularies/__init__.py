"""Code lists as data, with what people write instead of the codes."""

from schemas.vocabularies.fields import Field, Section, field, field_label, fields, sections
from schemas.vocabularies.lists import Vocabulary, fold, is_not_stated, names, vocabulary

__all__ = [
    "Field",
    "Section",
    "Vocabulary",
    "field",
    "field_label",
    "fields",
    "fold",
    "is_not_stated",
    "names",
    "sections",
    "vocabulary",
]
