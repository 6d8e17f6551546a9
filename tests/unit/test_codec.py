from hypothesis import given
from hypothesis import strategies as st

from schemas.metadata import Column, Description, Problem, Severity, Summary, Table, from_json, to_json, walk
from schemas.metadata.access import Access, AccessBody, Accessibility
from schemas.metadata.basis import Basis, BasisKind
from schemas.metadata.content import StructuralMetadata

TEXT = st.text(min_size=1, max_size=20)
COLUMNS = st.builds(
    Column,
    name=st.one_of(TEXT, st.integers(), st.booleans()),
    sensitive=st.one_of(st.none(), st.booleans()),
    distinct_count=st.one_of(st.none(), st.integers(0, 10)),
)
TABLES = st.lists(st.builds(Table, name=TEXT, columns=st.lists(COLUMNS, max_size=3).map(tuple)), max_size=3).map(tuple)
DESCRIPTIONS = st.builds(
    Description,
    identifier=st.one_of(st.none(), TEXT),
    summary=st.builds(Summary, title=TEXT, keywords=st.lists(TEXT, max_size=3).map(tuple)),
    structural_metadata=st.builds(StructuralMetadata, tables=TABLES),
    accessibility=st.builds(
        Accessibility, access=st.builds(Access, access_body=st.one_of(st.none(), st.builds(AccessBody, name=TEXT)))
    ),
    bases=st.lists(st.builds(Basis, path=TEXT, kind=st.sampled_from(BasisKind), evidence=st.text()), max_size=2).map(
        tuple
    ),
)


@given(DESCRIPTIONS)
def test_what_is_written_is_read_back(description):
    assert from_json(to_json(description)) == description


def test_nothing_is_written_that_is_not_stated():
    assert to_json(Description()) == {}
    assert to_json(Description(summary=Summary(title="", keywords=()))) == {}


def test_nought_and_false_are_statements():
    column = Column(name="flag", sensitive=False, distinct_count=0)
    assert to_json(column) == {"name": "flag", "sensitive": False, "distinctCount": 0}


def test_leaves_have_paths_with_positions():
    description = Description(
        structural_metadata=StructuralMetadata(tables=(Table(name="t", columns=(Column(name="c"),)),))
    )
    assert list(walk(description)) == [
        ("structuralMetadata.tables[0].name", "t"),
        ("structuralMetadata.tables[0].columns[0].name", "c"),
    ]


def test_a_problem_is_a_warning_unless_said_otherwise():
    assert Problem("path", "Something.").severity is Severity.WARNING
