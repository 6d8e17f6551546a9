"""The harvest loop: from what a source sends to published, versioned descriptions."""

from catalogue.services.harvesting.preview import Preview, preview
from catalogue.services.harvesting.report import Report
from catalogue.services.harvesting.run import Workplace, held, run

__all__ = ["Preview", "Report", "Workplace", "held", "preview", "run"]
