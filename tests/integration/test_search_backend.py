"""What every search engine behind the port does; a new one is one more of `tests.engines.ENGINES`."""

from dataclasses import replace
from pathlib import Path

import pytest

from catalogue.search.backend import FacetTerm, SearchBackend, SearchDocument, SearchQuery, SearchResult
from tests.engines import ENGINES, MakeBackend, engine


def document(identifier: str, **values: object) -> SearchDocument:
    given = {"revision": "1", "title": f"Dataset {identifier}", "custodian": "Elsewhere Trust", **values}
    return SearchDocument(identifier=identifier, **given)


ADMISSIONS = document(
    "admissions",
    title="Admitted patients of Northland",
    abstract="Hospital admissions and discharges since 1997, with measures of the quality of life afterwards.",
    keywords=("Admission", "Inpatient"),
    columns=(("nhs_number", "Pseudonymised identifier"), ("admiDate", "Day of admission")),
    codes=("J45",),
    other=("Scotland",),
    facets={
        "keyword": (FacetTerm("admission", "Admission"), FacetTerm("inpatient", "Inpatient")),
        "standard": (FacetTerm("ICD10", "ICD-10"), FacetTerm("NHS SCOTLAND", "NHS Scotland data dictionary")),
        "coverage": (FacetTerm("Scotland", "Scotland"),),
        "data_subtype": (FacetTerm("Hospital", "Hospital care"),),
    },
    changed_at=30,
)
HEARTS = document(
    "hearts",
    title="Register of heart attacks",
    custodian="Cardiac Alliance",
    description="Every heart attack treated, with haemoglobin at discharge. Excludes stroke.",
    keywords=("Cardiology", "admission"),
    facets={"keyword": (FacetTerm("cardiology", "Cardiology"), FacetTerm("admission", "admission"))},
    changed_at=20,
)
LUNGS = document("lungs", title="Asthma cohort", abstract="Children with asthma and their life at home.", changed_at=10)
DOCUMENTS = (ADMISSIONS, HEARTS, LUNGS)


@pytest.fixture(params=ENGINES)
def make_backend(request: pytest.FixtureRequest, tmp_path: Path) -> MakeBackend:
    return engine(request, tmp_path / "index")


@pytest.fixture
def backend(make_backend: MakeBackend) -> SearchBackend:
    made = make_backend()
    made.index_many(DOCUMENTS)
    return made


@pytest.fixture(scope="module", params=ENGINES)
def unchanged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SearchBackend:
    """The same for tests that only search."""
    made = engine(request, tmp_path_factory.mktemp("unchanged"))()
    made.index_many(DOCUMENTS)
    return made


def found(result: SearchResult) -> list[str]:
    return [hit.identifier for hit in result.hits]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("asthma", ["lungs"]),
        ("ASTHMA children", ["lungs"]),
        ("discharge", ["admissions", "hearts"]),
        ("life", ["admissions", "lungs"]),
        ("quality of life", ["admissions"]),
        ('"quality of life"', ["admissions"]),
        ("nhs_number", ["admissions"]),
        ("admi date", ["admissions"]),
        ("admiDate", ["admissions"]),
        ("column:number", ["admissions"]),
        ("-asthma", ["admissions", "hearts"]),
        ("discharge -stroke", ["admissions"]),
        ("discharge NOT stroke", ["admissions"]),
        ('discharge -"heart attack"', ["admissions"]),
        ("myocardial infarction", ["hearts"]),
        ('"myocardial infarction"', ["hearts"]),
        ("MI", ["hearts"]),
        ("hemoglobin", ["hearts"]),
        ("hosptal admisions", ["admissions"]),
        ('"hosptal admisions"', ["admissions"]),
        ("custodian:cardiac", ["hearts"]),
        ("keyword:admissions", ["admissions", "hearts"]),
        ("title:asthma OR title:hearts", ["hearts", "lungs"]),
        ("discharge stroke OR hospital", ["admissions", "hearts"]),
        ("asth*", ["lungs"]),
        ("haemo*", ["hearts"]),
        ("code:j45", ["admissions"]),
        ("standard:icd10", ["admissions"]),
        ("standard:ICD-10", ["admissions"]),
        ('standard:"icd 10"', ["admissions"]),
        ("standard:dictionaries", ["admissions"]),
        ("place:scotlnd", ["admissions"]),
        ("place:scot*", ["admissions"]),
        ("type:hospital", ["admissions"]),
        ("-place:scotland", ["hearts", "lungs"]),
        ("place:scotland OR asthma", ["admissions", "lungs"]),
    ],
)
def test_words_find_documents(unchanged: SearchBackend, text: str, expected: list[str]) -> None:
    result = unchanged.search(SearchQuery(text))
    assert sorted(found(result)) == expected
    assert result.total == len(expected)
    assert not result.relaxed
    assert not result.notices


@pytest.mark.parametrize(
    "text",
    [
        "standard:northland",
        "place:stated",
        "type:asthma",
        "title:hospital",
        "custodian:asthma",
        "zebra",
        "-life -heart",
    ],
)
def test_words_find_nothing(unchanged: SearchBackend, text: str) -> None:
    result = unchanged.search(SearchQuery(text))
    assert (result.total, result.hits, result.relaxed) == (0, (), False)


def test_when_nothing_has_all_words_any_will_do_and_the_page_can_say_so(unchanged: SearchBackend) -> None:
    result = unchanged.search(SearchQuery("asthma zebra hospital"))
    assert sorted(found(result)) == ["admissions", "lungs"]
    assert result.relaxed
    assert found(unchanged.search(SearchQuery("asthma zebra hospital -hospital"))) == ["lungs"]


def test_a_phrase_that_nothing_has_gives_way_to_its_words(unchanged: SearchBackend) -> None:
    result = unchanged.search(SearchQuery('"life quality"'))
    assert found(result) == ["admissions"]
    assert not result.relaxed
    assert "life quality" in result.notices[0]
    result = unchanged.search(SearchQuery('"hospital asthma"'))
    assert sorted(found(result)) == ["admissions", "lungs"]
    assert result.relaxed


def test_filters_never_make_a_question_looser(unchanged: SearchBackend) -> None:
    result = unchanged.search(SearchQuery("quality discharges", filters={"keyword": ("cardiology",)}))
    assert result.total == 0
    assert not result.relaxed


def test_an_exact_question_has_its_own_words_only(unchanged: SearchBackend) -> None:
    for text in ("MI", "myocardial infarction", "hosptal", "asthma hospital", '"life quality"'):
        result = unchanged.search(SearchQuery(text, exact=True))
        assert (result.total, result.relaxed, result.corrections, result.synonyms) == (0, False, {}, {})
    assert found(unchanged.search(SearchQuery("heart attacks", exact=True))) == ["hearts"]


def test_what_may_have_been_meant_is_suggested(make_backend: MakeBackend) -> None:
    backend = make_backend()
    many = [document(f"d{number}", title="Diabetes register of genes") for number in range(20)]
    backend.index_many([*many, document("typo", title="Diabtes genus"), *DOCUMENTS])
    assert backend.search(SearchQuery("diabtes register -x")).suggestions == ()
    assert backend.search(SearchQuery("DIABTES genus")).suggestions == ("diabetes genus", "DIABTES genes")
    assert backend.search(SearchQuery("hosptal", exact=True)).suggestions == ("hospital",)
    assert backend.search(SearchQuery("hosptal")).suggestions == ()
    assert set(backend.search(SearchQuery("asthma genas")).corrections["genas"]) == {"genes"}


def test_several_spellings_that_are_as_near_are_all_suggested(make_backend: MakeBackend) -> None:
    backend = make_backend()
    backend.index_many([document("a", title="Wards in Northland"), document("b", title="Warts in Northland")])
    result = backend.search(SearchQuery("northland wargs"))
    assert result.corrections == {"wargs": ("wards", "warts")}
    assert result.suggestions == ("northland wards", "northland warts")


def test_what_was_searched_instead_is_told(unchanged: SearchBackend) -> None:
    result = unchanged.search(SearchQuery("hosptal"))
    assert result.corrections == {"hosptal": ("hospital",)}
    result = unchanged.search(SearchQuery("heart attack"))
    assert not result.corrections
    assert unchanged.search(SearchQuery("MI")).synonyms == {"mi": ("heart attack",)}


@pytest.mark.parametrize("text", ["", "   ", "the of", "!?", "\x00\x07", "*", '""'])
def test_without_words_everything_is_listed_newest_change_first(unchanged: SearchBackend, text: str) -> None:
    result = unchanged.search(SearchQuery(text))
    assert found(result) == ["admissions", "hearts", "lungs"]
    assert result.total == 3


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("changed", ["admissions", "hearts"]),
        ("title", ["admissions", "hearts"]),
        ("relevance", ["hearts", "admissions"]),
        ("nonsense", ["hearts", "admissions"]),
    ],
)
def test_results_are_sorted(unchanged: SearchBackend, sort: str, expected: list[str]) -> None:
    assert found(unchanged.search(SearchQuery("haemoglobin OR discharge", sort=sort))) == expected


def test_the_best_described_come_first_and_equals_by_identifier(make_backend: MakeBackend) -> None:
    backend = make_backend()
    backend.index_many([document(name, quality=quality) for name, quality in (("c", 0.5), ("a", 0.5), ("b", 0.9))])
    for text in ("", "dataset"):
        assert found(backend.search(SearchQuery(text, sort="quality"))) == ["b", "a", "c"]
        assert found(backend.search(SearchQuery(text, sort="quality", page=2, per_page=2))) == ["c"]


def test_a_title_counts_for_more_than_a_description(make_backend: MakeBackend) -> None:
    backend = make_backend()
    kidneys = [
        document("described", description="About kidney."),
        document("listed", columns=(("kidney", ""),)),
        document("abstracted", abstract="About kidney."),
        document("tagged", keywords=("kidney",)),
        document("titled", title="Kidney"),
    ]
    backend.index_many(kidneys)
    assert found(backend.search(SearchQuery("kidney"))) == ["titled", "tagged", "abstracted", "listed", "described"]


def test_what_was_typed_ranks_before_its_synonyms(make_backend: MakeBackend) -> None:
    backend = make_backend()
    backend.index_many([document("a", title="Heart attack"), document("b", title="Myocardial infarction")])
    assert found(backend.search(SearchQuery("myocardial infarction"))) == ["b", "a"]
    assert found(backend.search(SearchQuery("heart attack"))) == ["a", "b"]


def test_a_rare_synonym_does_not_outrank_what_was_typed(make_backend: MakeBackend) -> None:
    backend = make_backend()
    many = [document(f"c{number:02}", title="Cancer") for number in range(40)]
    backend.index_many([*many, document("a", title="Oncology"), document("b", title="Malignant neoplasm")])
    assert found(backend.search(SearchQuery("cancer", per_page=100)))[-2:] == ["a", "b"]


def test_an_abbreviation_with_other_meanings_is_not_searched_in_place_of_what_it_stands_for(
    make_backend: MakeBackend,
) -> None:
    backend = make_backend()
    titles = {"a": "Diabetes clinics", "b": "Medicines coded in dm+d", "c": "Notes on DM"}
    backend.index_many([document(identifier, title=title) for identifier, title in titles.items()])
    for text, expected in (("diabetes", ["a"]), ("diabets", ["a"]), ("DM", ["c", "a"]), ("dm+d", ["b"])):
        assert found(backend.search(SearchQuery(text))) == expected
    assert backend.search(SearchQuery("diabets")).synonyms == {}
    assert backend.search(SearchQuery("DM")).synonyms == {"dm": ("diabetes",)}


def test_equals_are_in_the_order_of_their_identifiers(make_backend: MakeBackend) -> None:
    backend = make_backend()
    names = [f"{number * 37 % 100:02}" for number in range(100)]
    backend.index_many(document(name, title="Same") for name in names)
    for query in (
        SearchQuery("same"),
        SearchQuery(""),
        SearchQuery("same", sort="title"),
        SearchQuery("", sort="changed"),
    ):
        pages = [found(backend.search(replace(query, page=page, per_page=23))) for page in range(1, 7)]
        assert [identifier for page in pages for identifier in page] == sorted(names)
        assert [identifier for some in backend.identifiers(query) for identifier in some] == sorted(names)


@pytest.mark.parametrize("page", [2, 10**9])
def test_a_page_after_the_last_is_empty_and_knows_the_total(unchanged: SearchBackend, page: int) -> None:
    result = unchanged.search(SearchQuery("discharge", page=page))
    assert (result.total, result.page, result.hits) == (2, page, ())


@pytest.mark.parametrize(("page", "per_page"), [(0, 25), (-3, 25), (1, 0), (1, -1), (1, 10**9)])
def test_pages_that_cannot_be_are_answered(unchanged: SearchBackend, page: int, per_page: int) -> None:
    result = unchanged.search(SearchQuery(page=page, per_page=per_page))
    assert result.page == 1
    assert result.total == 3
    assert result.hits


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "asthma " * 1_500,
        " ".join(f"word{number}" for number in range(2_000)),
        '"' * 9_999,
        "-" * 10_000,
        "(" * 5_000 + ")" * 5_000,
        "a* " * 3_000,
        "\x00asthma\x1f\ud800\U0010ffff",
        "'; drop table datasets; --",
        "<script>alert(1)</script>",
        "title:" * 500,
        "a OR " * 2_000,
    ],
    ids=range(12),
)
def test_everything_that_can_be_typed_is_answered(unchanged: SearchBackend, text: str) -> None:
    result = unchanged.search(SearchQuery(text))
    assert result.total <= 3


def test_a_long_text_is_cut_and_the_page_can_say_so(unchanged: SearchBackend) -> None:
    assert "first 2,000 characters" in " ".join(unchanged.search(SearchQuery("asthma " * 1_500)).notices)


def test_hits_show_the_words_that_matched(unchanged: SearchBackend) -> None:
    (hit,) = unchanged.search(SearchQuery("quality admissions")).hits
    marked = [fragment.text for fragment in hit.snippet if fragment.is_match]
    assert marked == ["admissions", "quality"]
    assert "".join(fragment.text for fragment in hit.snippet) == ADMISSIONS.abstract
    assert hit.columns == ("admiDate",)
    assert hit.score > 0


def test_a_snippet_is_taken_from_where_the_words_are(unchanged: SearchBackend) -> None:
    (hit,) = unchanged.search(SearchQuery("stroke")).hits
    assert "".join(fragment.text for fragment in hit.snippet) == HEARTS.description
    (hit,) = unchanged.search(SearchQuery("pseudonymised")).hits
    assert "".join(fragment.text for fragment in hit.snippet) == "nhs_number: Pseudonymised identifier"
    assert hit.columns == ("nhs_number",)


STRANGE = (
    "\x00\x1f\t \ud800 \U0001f9ec \u202e İstanbul naïve ﬁ\u0301 " + "x" * 300 + " \n\r\u2028 'quoted' <b>&amp;</b>"
)


def test_any_text_can_be_indexed_and_shown(make_backend: MakeBackend) -> None:
    backend = make_backend()
    strange = SearchDocument(
        identifier="strange",
        revision=STRANGE,
        title=STRANGE,
        custodian=STRANGE,
        abstract=STRANGE * 3 + "kidney",
        description=STRANGE,
        keywords=(STRANGE, ""),
        columns=((STRANGE, STRANGE), ("", "nameless"), ("\t\n", "")),
        codes=(STRANGE,),
        other=("",),
        facets={"keyword": (FacetTerm(STRANGE, STRANGE), FacetTerm("", "")), "unknown": (FacetTerm("a", "b"),)},
        years=(2001, 2000),
        changed_at=-5,
    )
    backend.index_many([strange, document("empty", title="", custodian="")])
    for text in ("kidney", "istanbul", "naive", "nameless", "x" * 300, "quoted", '"naïve fi"', ""):
        assert "strange" in found(backend.search(SearchQuery(text))), text
    (hit,) = backend.search(SearchQuery("kidney")).hits
    assert hit.snippet[-1].text == "kidney"
    keyword = backend.search(SearchQuery()).facets["keyword"][0]
    assert backend.search(SearchQuery(filters={"keyword": (keyword.value,)})).total == 1
    backend.rebuild([strange])
    assert found(backend.search(SearchQuery("istanbul"))) == ["strange"]


def test_documents_are_replaced_and_deleted(backend: SearchBackend) -> None:
    backend.index_many(
        [replace(LUNGS, title="Wheezing cohort", abstract="", changed_at=40)], delete=["hearts", "unheard-of"]
    )
    assert found(backend.search(SearchQuery())) == ["lungs", "admissions"]
    assert backend.search(SearchQuery("asthma")).total == 0
    assert found(backend.search(SearchQuery("wheezing"))) == ["lungs"]
    counts = backend.search(SearchQuery()).facets["keyword"]
    assert {count.value: count.count for count in counts} == {"admission": 1, "inpatient": 1, "not-stated": 1}


def test_a_document_both_deleted_and_added_is_there(backend: SearchBackend) -> None:
    backend.index_many([LUNGS, replace(LUNGS, title="Newest")], delete=["lungs"])
    assert found(backend.search(SearchQuery("newest"))) == ["lungs"]
    assert backend.search(SearchQuery()).total == 3


def test_what_one_process_writes_another_reads(make_backend: MakeBackend) -> None:
    writer, reader = make_backend(), make_backend()
    assert reader.search(SearchQuery()).total == 0
    for number, each in enumerate(DOCUMENTS, 1):
        writer.index_many([each])
        assert reader.search(SearchQuery()).total == number
    writer.rebuild([LUNGS])
    assert found(reader.search(SearchQuery())) == ["lungs"]
    writer.index_many([HEARTS])
    assert reader.search(SearchQuery()).total == 2


def test_a_rebuilt_index_answers_the_same(backend: SearchBackend) -> None:
    backend.index_many([replace(LUNGS, title="Other")], delete=["hearts"])
    backend.index_many([LUNGS, HEARTS])
    queries = [SearchQuery(text) for text in ("", "heart attack", "life", "hospital asthma", "discharge")]
    before = [backend.search(query) for query in queries]
    assert backend.rebuild(DOCUMENTS) == 3
    assert [backend.search(query) for query in queries] == before


def test_check_tells_what_differs(backend: SearchBackend) -> None:
    assert backend.check({"admissions": "1", "hearts": "1", "lungs": "1"}).agree
    backend.index_many([replace(LUNGS, revision="2")], delete=["hearts"])
    differences = backend.check({"admissions": "2", "hearts": "1", "lungs": "2", "new": "1"})
    assert differences.missing == ("hearts", "new")
    assert differences.stale == ("admissions",)
    assert differences.unexpected == ()
    assert backend.check({}).unexpected == ("admissions", "lungs")


def test_an_index_that_was_never_written_is_empty(make_backend: MakeBackend) -> None:
    backend = make_backend()
    result = backend.search(SearchQuery("asthma", filters={"keyword": ("asthma",)}, first_year=1990))
    assert (result.total, result.hits) == (0, ())
    assert all(len(counts) == 0 for counts in result.facets.values())
    assert backend.check({"a": "1"}).missing == ("a",)
    assert backend.rebuild([]) == 0
    assert backend.search(SearchQuery()).total == 0
    backend.index_many([], delete=["a"])
    backend.index_many([LUNGS])
    assert backend.search(SearchQuery()).total == 1
