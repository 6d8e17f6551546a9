"""The addresses that authorities have for our codes: the EU lists, GeoNames, the European health data lists."""

from typing import Final

from schemas.crosswalks.dcat_nodes import Authority
from schemas.vocabularies import vocabulary

EU: Final = "http://publications.europa.eu/resource/authority/"
HDEU: Final = "https://hdeu-dcat.data.health.europa.eu/resource/authority/"
EARLIER_HDEU: Final = tuple(f"{scheme}://healthdataportal.eu/resource/authority/" for scheme in ("http", "https"))
GEONAMES: Final = "https://sws.geonames.org/"
DPV_PLACES: Final = "https://w3id.org/dpv/loc#"
IANA: Final = "https://www.iana.org/assignments/media-types/"

HEALTH_THEME: Final = f"{EU}data-theme/HEAL"
THEMES: Final = f"{EU}data-theme"
ENGLISH: Final = f"{EU}language/ENG"

ACCESS_LEVELS: Final = Authority(
    {level: f"{EU}access-right/{level}" for level in ("PUBLIC", "RESTRICTED", "NON_PUBLIC")}
)

_FREQUENCIES = {
    "Static": "NEVER",
    "Irregular": "IRREG",
    "Continuous": "CONT",
    "Biennial": "BIENNIAL",
    "Annual": "ANNUAL",
    "Biannual": "ANNUAL_2",
    "Quarterly": "QUARTERLY",
    "Bimonthly": "BIMONTHLY",
    "Monthly": "MONTHLY",
    "Biweekly": "BIWEEKLY",
    "Weekly": "WEEKLY",
    "Twice a week": "WEEKLY_2",
    "Daily": "DAILY",
    "Other": "OTHER",
}
FREQUENCIES: Final = Authority(
    {ours: f"{EU}frequency/{theirs}" for ours, theirs in _FREQUENCIES.items()},
    {f"{EU}frequency/NOT_PLANNED": "Static", f"{EU}frequency/UPDATE_CONT": "Continuous"},
)

# ISO 639-1 and, in capitals, the code of the EU list, which follows ISO 639-3.
_LANGUAGE_CODES = """
aa AAR ab ABK ae AVE af AFR ak AKA am AMH an ARG ar ARA as ASM av AVA ay AYM az AZE ba BAK be BEL bg BUL bh BIH bi BIS
bm BAM bn BEN bo BOD br BRE bs BOS ca CAT ce CHE ch CHA co COS cr CRE cs CES cu CHU cv CHV cy CYM da DAN de DEU dv DIV
dz DZO ee EWE el ELL en ENG eo EPO es SPA et EST eu EUS fa FAS ff FUL fi FIN fj FIJ fo FAO fr FRA fy FRY ga GLE gd GLA
gl GLG gn GRN gu GUJ gv GLV ha HAU he HEB hi HIN ho HMO hr HRV ht HAT hu HUN hy HYE hz HER ia INA id IND ie ILE ig IBO
ii III ik IPK io IDO is ISL it ITA iu IKU ja JPN jv JAV ka KAT kg KON ki KIK kj KUA kk KAZ kl KAL km KHM kn KAN ko KOR
kr KAU ks KAS ku KUR kv KOM kw COR ky KIR la LAT lb LTZ lg LUG li LIM ln LIN lo LAO lt LIT lu LUB lv LAV mg MLG mh MAH
mi MRI mk MKD ml MAL mn MON mr MAR ms MSA mt MLT my MYA na NAU nb NOB nd NDE ne NEP ng NDO nl NLD nn NNO no NOR nr NBL
nv NAV ny NYA oc OCI oj OJI om ORM or ORI os OSS pa PAN pi PLI pl POL ps PUS pt POR qu QUE rm ROH rn RUN ro RON ru RUS
rw KIN sa SAN sc SRD sd SND se SME sg SAG si SIN sk SLK sl SLV sm SMO sn SNA so SOM sq SQI sr SRP ss SSW st SOT su SUN
sv SWE sw SWA ta TAM te TEL tg TGK th THA ti TIR tk TUK tl TGL tn TSN to TON tr TUR ts TSO tt TAT tw TWI ty TAH ug UIG
uk UKR ur URD uz UZB ve VEN vi VIE vo VOL wa WLN wo WOL xh XHO yi YID yo YOR za ZHA zh ZHO zu ZUL
"""
_LANGUAGES = _LANGUAGE_CODES.split()
_ALPHA_3 = dict(zip(_LANGUAGES[::2], _LANGUAGES[1::2], strict=True))
LANGUAGES: Final = Authority(
    {short: f"{EU}language/{code}" for short, code in _ALPHA_3.items()},
    {
        f"{start}{code}": short
        for short, code in _ALPHA_3.items()
        for start, code in (
            ("http://id.loc.gov/vocabulary/iso639-1/", short),
            ("http://id.loc.gov/vocabulary/iso639-2/", code.lower()),
            ("http://lexvo.org/id/iso639-1/", short),
            ("http://lexvo.org/id/iso639-3/", code.lower()),
        )
    },
)


def _health(name: str, codes: dict[str, str]) -> Authority:
    return Authority(
        {ours: f"{HDEU}{name}/{theirs}" for ours, theirs in codes.items()},
        {f"{start}{name}/{theirs}": ours for ours, theirs in codes.items() for start in EARLIER_HDEU},
    )


CODING_SYSTEMS: Final = _health(
    "coding-system",
    {
        "SNOMED CT": "SNOMED-CT",
        "LOINC": "LOINC",
        "ICD10": "ICD-10",
        "ICD9CM": "ICD-9-CM",
        "ICDO3": "ICD-O",
        "ATC": "ATC",
        "HPO": "HPO",
        "RXNORM": "RXNORM",
    },
)
STANDARDS: Final = _health(
    "standard",
    {
        "HL7 FHIR": "FHIR",
        "HL7 CDA": "CDA",
        "DICOM": "DICOM",
        "OMOP": "OMOP-CDM",
        "OPENEHR": "OPENEHR",
        "CDISC": "CDISC-SDTM",
    },
)
_COUNTRY_CODES = """
AUT AT BEL BE BGR BG CHE CH CYP CY CZE CZ DEU DE DNK DK ESP ES EST EE FIN FI FRA FR GRC GR HRV HR HUN HU IRL IE ISL IS
ITA IT LIE LI LTU LT LUX LU LVA LV MLT MT NLD NL NOR NO POL PL PRT PT ROU RO SVK SK SVN SI SWE SE UKR UA USA US
"""
_EUROPE = _COUNTRY_CODES.split()


class _Places(Authority):
    """Places by any of their names, codes and addresses that the code list knows."""

    def address(self, value: str) -> str:
        """See `Authority.address`."""
        place = vocabulary("places").find(value) or value
        return _PLACES.get(place, "")

    def value(self, address: str) -> str:
        """See `Authority.value`."""
        return vocabulary("places").find(address) or super().value(address) if address else ""


_PLACES = {
    "United Kingdom": f"{EU}country/GBR",
    "England": f"{GEONAMES}6269131/",
    "Scotland": f"{GEONAMES}2638360/",
    "Wales": f"{GEONAMES}2634895/",
    "Northern Ireland": f"{GEONAMES}2641364/",
}
_COUNTRIES = zip(_EUROPE[::2], _EUROPE[1::2], strict=True)
PLACES: Final = _Places(
    _PLACES, {f"{EU}country/{three}": vocabulary("jurisdiction").label(two) for three, two in _COUNTRIES}
)


FILE_TYPES: Final = {
    "csv": "CSV",
    "text/csv": "CSV",
    "tsv": "TSV",
    "json": "JSON",
    "application/json": "JSON",
    "xml": "XML",
    "application/xml": "XML",
    "parquet": "PARQUET",
    "xlsx": "XLSX",
    "xls": "XLS",
    "pdf": "PDF",
    "txt": "TXT",
    "zip": "ZIP",
    "html": "HTML",
    "geojson": "GEOJSON",
    "hdf": "HDF",
    "netcdf": "NETCDF",
    "sql": "SQL",
    "tiff": "TIFF",
    "png": "PNG",
    "jpeg": "JPEG",
    "rdf": "RDF",
    "turtle": "RDF_TURTLE",
    "json-ld": "JSON_LD",
}
"""File types of the EU list by what people write, folded."""
