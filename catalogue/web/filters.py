"""What templates can say: filters, addresses of assets, and the components of govuk-frontend."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from flask import Flask, current_app, url_for
from jinja2 import BytecodeCache, ChainableUndefined, Environment, PackageLoader, PrefixLoader, select_autoescape
from markupsafe import Markup

from catalogue.runtime import runtime
from catalogue.web import prose, view_models, wording
from catalogue.web.compiled_templates import CompiledTemplates
from schemas.vocabularies import field_label

COMPONENTS = {
    "breadcrumbs": "govukBreadcrumbs",
    "button": "govukButton",
    "checkboxes": "govukCheckboxes",
    "error-summary": "govukErrorSummary",
    "input": "govukInput",
    "notification-banner": "govukNotificationBanner",
    "pagination": "govukPagination",
    "password-input": "govukPasswordInput",
    "select": "govukSelect",
    "service-navigation": "govukServiceNavigation",
    "skip-link": "govukSkipLink",
    "textarea": "govukTextarea",
}

MARK = Markup(
    '<svg class="catalogue-brand__mark" viewBox="0 0 24 20" aria-hidden="true" focusable="false">'
    '<rect width="15" height="5" rx="2.5" fill="#7fc4d1"/><rect y="7.5" width="24" height="5" rx="2.5" fill="#fff"/>'
    '<rect y="15" width="9" height="5" rx="2.5" fill="#f0a27a"/></svg>'
)
"""The mark beside the name: entries of a catalogue."""


def install(app: Flask) -> None:
    """Give templates their filters and components."""
    app.jinja_env.filters.update(
        counted=wording.counted,
        day=wording.day,
        facts_by_name=view_models.facts_by_name,
        facts_in_brief=view_models.facts_in_brief,
        field_label=field_label,
        linked=prose.linked,
        listed=wording.listed,
        number=wording.number,
        prose=prose.prose,
        quoted=lambda words: [f"“{word}”" for word in words],
        rounded=wording.rounded,
        share=wording.share,
        shortened=wording.shortened,
    )
    folder = app.extensions["catalogue"].settings.folder / "templates"
    app.jinja_env.globals.update(components(CompiledTemplates(folder, "component")))
    app.jinja_env.globals["asset"] = asset
    app.context_processor(_site)


def _site() -> dict[str, object]:
    settings = runtime().settings
    return {
        "site_name": settings.site_name,
        "base_url": settings.base_url,
        "brand": Markup('<span class="catalogue-brand">{}{}</span>').format(MARK, settings.site_name),
    }


def components(compiled: BytecodeCache) -> dict[str, Callable[..., str]]:
    """The macros of govuk-frontend by name, each loaded when a page first needs it.

    They read parameters that were not given, so they are kept out of our own environment, where an undefined name
    is a mistake.
    """
    environment = Environment(
        loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        undefined=ChainableUndefined,
        autoescape=select_autoescape(),
        bytecode_cache=compiled,
    )

    @cache
    def macro(folder: str, name: str) -> Callable[..., str]:
        template = environment.get_template(f"govuk_frontend_jinja/components/{folder}/macro.html")
        found: Callable[..., str] = getattr(template.module, name)
        return found

    def component(folder: str, name: str) -> Callable[..., str]:
        def rendered(*values: object, **named: object) -> str:
            return macro(folder, name)(*values, **named)

        return rendered

    return {name: component(folder, name) for folder, name in COMPONENTS.items()}


def asset(name: str) -> str:
    """The address of a static file; it changes with the file, so that no browser keeps an old one."""
    mark = _digest(Path(str(current_app.static_folder), name))
    return url_for("static", filename=name, v=mark or None)


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else ""
