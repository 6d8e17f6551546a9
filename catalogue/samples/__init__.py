"""Descriptions from fictional custodians, for the demonstration and the tests. No member, person or dataset is real."""

from catalogue.samples.listing import SampleMember, members

__all__ = ["SampleMember", "members"]
