"""Telling people of news, when it is time to."""

from datetime import datetime

from catalogue.outbox.registry import looks_after
from catalogue.runtime import Runtime
from catalogue.services import alerts
from catalogue.services.alerts import Place
from catalogue.services.deliveries import Site


@looks_after
def tell(runtime: Runtime, at: datetime) -> None:
    """Ask for the mail that is due."""
    settings = runtime.settings
    site = Site(settings.site_name, settings.base_url)
    place = Place(runtime.reading_sessions, runtime.sessions, runtime.backend, site, settings.secret_key)
    alerts.tell_due(place, at=at)
