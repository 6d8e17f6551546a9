"""Addresses of search servers, as operators write them."""

import pytest

from catalogue.config import Settings, SettingsError
from catalogue.search import opening
from catalogue.search.opensearch.address import OpenSearchAddress, WrongAddress, parse_address


def test_an_address_has_everything_that_is_needed() -> None:
    url = "opensearchs://writer:p%40ss:w@one.example.org,[::1]:9201/health-data?shards=3&replicas=2&timeout=30&ca=/etc/ca.pem"
    assert parse_address(url) == OpenSearchAddress(
        hosts=(("one.example.org", 9200), ("::1", 9201)),
        prefix="health-data",
        uses_tls=True,
        user="writer",
        password="p@ss:w",
        ca_file="/etc/ca.pem",
        shards=3,
        replicas=2,
        timeout=30.0,
    )


def test_most_of_it_may_be_left_out() -> None:
    address = parse_address("opensearch://127.0.0.1/catalogue")
    assert (address.hosts, address.uses_tls, address.user, address.shards, address.replicas) == (
        (("127.0.0.1", 9200),),
        False,
        "",
        1,
        1,
    )


def test_an_address_is_shown_without_its_password() -> None:
    address = parse_address("opensearchs://writer:secret-word@search:9200/catalogue")
    assert str(address) == "opensearchs://search:9200/catalogue"
    assert "secret-word" not in repr(address)


@pytest.mark.parametrize(
    "url",
    [
        "opensearch://",
        "opensearch://host",
        "opensearch://host/",
        "opensearch:///catalogue",
        "opensearch://host/Catalogue",
        "opensearch://host/_catalogue",
        "opensearch://host/a/b",
        "opensearch://host:0/catalogue",
        "opensearch://host:99999/catalogue",
        "opensearch://ho st/catalogue",
        "opensearch://user:secret-word@ho_st/catalogue",
        "opensearch://a,,b/catalogue",
        "opensearch://host/catalogue?shards=0",
        "opensearch://host/catalogue?shards=many",
        "opensearch://host/catalogue?replicas=²",
        "opensearch://host/catalogue?timeout=601",
        "opensearch://user:secret-word@host/catalogue?colour=red",
        "opensearch://host/catalogue#part",
        "https://host/catalogue",
    ],
)
def test_what_is_no_address_is_told_in_a_sentence_without_the_password(url: str) -> None:
    with pytest.raises(WrongAddress) as refused:
        parse_address(url)
    assert "secret" not in str(refused.value)
    with pytest.raises(SettingsError) as mistaken:
        opening.check_address(url)
    (sentence,) = mistaken.value.mistakes
    assert sentence.startswith("CATALOGUE_SEARCH_URL must" if "colour" not in url else "CATALOGUE_SEARCH_URL knows")


def test_another_kind_of_server_is_a_mistake_in_the_settings() -> None:
    with pytest.raises(SettingsError, match="CATALOGUE_SEARCH_URL must be empty or like opensearchs://"):
        Settings.from_environment({"CATALOGUE_SEARCH_URL": "https://user:word@host/index"})


def test_a_file_of_certificates_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(SettingsError, match="no file of certificates at /nowhere/ca"):
        opening.check_address("opensearchs://host/catalogue?ca=/nowhere/ca.pem")


def test_without_its_client_a_server_cannot_be_used_and_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "find_spec", lambda _name: None)
    with pytest.raises(SettingsError, match=r"health-dataset-catalogue\[opensearch\]"):
        opening.check_address("opensearch://host/catalogue")
    opening.check_address("")
