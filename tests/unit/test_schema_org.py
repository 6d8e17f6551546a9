from schemas.crosswalks import schema_org
from schemas.metadata import (
    CONTINUOUS,
    Column,
    Coverage,
    Description,
    Distribution,
    Documentation,
    Provenance,
    StructuralMetadata,
    Summary,
    Table,
    Temporal,
)


def written(description: Description) -> schema_org.Json:
    return schema_org.write(
        description,
        url="https://catalogue.example/datasets/1",
        custodian="Fell Trust",
        custodian_url="https://catalogue.example/organisations/fell-trust",
        catalogue="The Catalogue",
        catalogue_url="https://catalogue.example",
    )


def test_nothing_stated_is_nothing_written() -> None:
    assert set(written(Description())) == {
        "@context",
        "@type",
        "@id",
        "url",
        "identifier",
        "creator",
        "includedInDataCatalog",
    }


def test_what_is_stated_is_written_in_the_terms_of_schema_org() -> None:
    document = written(
        Description(
            version="2.0.0",
            issued="2020-01-02T03:04:05Z",
            summary=Summary(title="Births", abstract="Every birth.", keywords=("birth",), doi_name="10.5555/b"),
            documentation=Documentation(description="Every birth in the dales since records began, by month."),
            coverage=Coverage(spatial=("Wales",)),
            provenance=Provenance(temporal=Temporal(start_date="1990-01-01", end_date=CONTINUOUS)),
            structural_metadata=StructuralMetadata(
                tables=(Table(columns=(Column(name="bw", description="g"), Column())),)
            ),
            distributions=(Distribution(access_url="https://a.example", format="CSV"),),
        )
    )
    assert document["name"] == "Births"
    assert document["description"] == "Every birth in the dales since records began, by month."
    assert document["identifier"] == ["https://catalogue.example/datasets/1", "https://doi.org/10.5555/b"]
    assert document["dateCreated"] == "2020-01-02"
    assert document["temporalCoverage"] == "1990-01-01/.."
    assert document["spatialCoverage"] == [{"@type": "Place", "name": "Wales"}]
    assert document["variableMeasured"] == [{"@type": "PropertyValue", "name": "bw", "description": "g"}]
    assert document["distribution"] == [
        {"@type": "DataDownload", "url": "https://a.example", "encodingFormat": "CSV"},
    ]


def test_short_texts_are_put_together() -> None:
    assert written(Description(summary=Summary(title="Births", abstract="All.")))["description"] == "Births: All."
