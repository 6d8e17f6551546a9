"""Who is in a dataset, drawn."""

from catalogue.web import charts
from schemas.metadata import Description
from schemas.vocabularies import vocabulary


def ages(description: Description) -> charts.ColumnChart | None:
    """People by age group, the youngest first."""
    order = {value: position for position, value in enumerate(vocabulary("age-group").values)}
    stated = [(each.bin or "Not stated", each.count or 0) for each in description.demographic_frequency.age]
    stated.sort(key=lambda each: order.get(each[0], len(order)))
    return charts.columns("People by age", stated) if stated else None


def ethnic_groups(description: Description) -> charts.BarList | None:
    """People by ethnic group, the largest first."""
    stated = [(each.bin or "Not stated", each.count or 0) for each in description.demographic_frequency.ethnicity]
    return charts.bars("People by ethnic group", stated, shown=8) if stated else None


def diseases(description: Description) -> charts.BarList | None:
    """People by disease code, the most frequent first."""
    stated = [
        (
            f"{each.disease_code} ({each.disease_code_vocabulary})"
            if each.disease_code_vocabulary
            else str(each.disease_code),
            each.count or 0,
        )
        for each in description.demographic_frequency.disease
    ]
    return charts.bars("People by disease", stated) if stated else None
