"""The harvest loop: from what a source sends to published, versioned descriptions."""

from catalogue.services.harvesting.report import Report
from catalogue.services.harvesting.run import Workplace, run

__all__ = ["Report", "Workplace", "run"]
