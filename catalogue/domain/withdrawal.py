"""How much a run may withdraw without a person (ADR 17)."""


def may_withdraw(count: int, known: int, *, at_most: int, share: float) -> bool:
    """Whether `count` of `known` records may go: at most the larger of a number and a share of the source."""
    return count <= max(at_most, share * known)
