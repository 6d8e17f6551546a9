"""All results of a search as one file."""

from dataclasses import dataclass

from flask import Response, abort, request, url_for

from catalogue import clock
from catalogue.export.results import gathered
from catalogue.runtime import runtime
from catalogue.search.backend import SearchQuery
from catalogue.services import downloads
from catalogue.services.exchange import Site
from catalogue.web import addresses
from catalogue.web.blueprints import section

LONGEST_NAME = 40

pages = section("downloads", permission="dataset:read")


@dataclass(frozen=True, slots=True)
class Download:
    """A file that a page of results offers."""

    label: str
    about: str
    href: str


@pages.get("/search.<any(csv, json, ttl):suffix>")
def results(suffix: str) -> Response:
    """What the page at the same address finds, from the first result to the last."""
    form = downloads.get_form(suffix)
    if form is None:
        abort(404)
    asked = addresses.read(request.args.to_dict(flat=False))
    settings = runtime().settings
    site = Site(settings.site_name, settings.base_url)
    pieces = downloads.write(runtime().reading_sessions, runtime().backend, asked.query, form, site=site)
    response = Response(gathered(pieces), mimetype=form.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{_file_name(asked.query, suffix)}"'
    response.headers["X-Robots-Tag"] = "noindex"
    response.cache_control.no_cache = True
    # A proxy that gathered the whole answer first would need room for it.
    response.headers["X-Accel-Buffering"] = "no"
    return response


@pages.app_template_global()
def downloads_of(query: SearchQuery) -> tuple[Download, ...]:
    """The files that a page of results offers."""
    pairs = addresses.question_pairs(query)
    return tuple(
        Download(
            each.label,
            each.about,
            addresses.with_pairs(url_for("downloads.results", suffix=each.suffix), pairs),
        )
        for each in downloads.FORMS
    )


@pages.app_template_global()
def interface_address(query: SearchQuery) -> str:
    """The same question to the interface for programs."""
    return addresses.with_pairs(url_for("api_datasets.listing"), addresses.question_pairs(query))


def _file_name(query: SearchQuery, suffix: str) -> str:
    """A name in plain letters, so that no browser has to guess what it means."""
    plain = "".join(each if each.isascii() and each.isalnum() else " " for each in query.text.lower())
    about = "-".join(plain.split())[:LONGEST_NAME].strip("-")
    return "-".join(filter(None, ("datasets", about, f"{clock.now():%Y-%m-%d}"))) + f".{suffix}"
