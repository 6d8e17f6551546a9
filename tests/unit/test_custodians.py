import pytest

from catalogue.domain.custodians import CustodianName, read_aliases, slug_of
from catalogue.domain.errors import Invalid


@pytest.mark.parametrize(
    ("text", "name", "member_of"),
    [
        ("NHS Digital", "NHS Digital", None),
        ("  NHS   Digital ", "NHS Digital", None),
        ("ALLIANCE > NHS Digital", "NHS Digital", "Alliance"),
        ("hub > BREATHE", "BREATHE", "Hub"),
        ("HUBS > BREATHE", "BREATHE", "Hub"),
        ("OTHER > Oxford", "Oxford", "Other"),
        ("Trust > Ward", "Trust > Ward", None),
        ("HUB > ", "HUB >", None),
    ],
)
def test_a_membership_before_the_name_is_taken_off(text, name, member_of):
    parsed = CustodianName.parse(text)
    assert (parsed.name, parsed.member_of) == (name, member_of)


def test_names_that_differ_in_case_and_space_have_one_key():
    assert {CustodianName.parse(text).key for text in ("NHS DIGITAL", "nhs  digital", "ALLIANCE > NHS Digital")} == {
        "nhs digital"
    }


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Cantref Linked Data Bank", "cantref-linked-data-bank"),
        ("King's & Queen's", "king-s-and-queen-s"),
        ("Ysbyty Môn", "ysbyty-mon"),
        ("数据", "organisation"),
        ("a" * 200, "a" * 80),
    ],
)
def test_a_slug_is_a_part_of_an_address(name, slug):
    assert slug_of(name) == slug


def test_other_names_are_read_line_by_line():
    text = "# as the feeds write them\n\nHUB > THE  Harbour = Harbour Trust\nHT = Harbour = Trust\n"
    assert read_aliases(text) == {"the harbour": "Harbour Trust", "ht": "Harbour = Trust"}


def test_every_line_that_is_no_other_name_is_told():
    with pytest.raises(Invalid) as refused:
        read_aliases("A = B\nHarbour Trust\n= C\nD =\n")
    assert [each.message.split()[1] for each in refused.value.problems] == ["2", "3", "4"]
