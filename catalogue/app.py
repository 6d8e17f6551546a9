"""The composition root: settings in, application out."""

import logging
import secrets

from flask import Flask
from jinja2 import FileSystemLoader, StrictUndefined
from sqlalchemy.engine import Engine
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from catalogue import api, web
from catalogue.api import refusals, resources
from catalogue.config import Settings
from catalogue.paths import asset_folder
from catalogue.plugins import find
from catalogue.runtime import Runtime
from catalogue.web import actors, basket, compression, errors, filters, forms, security, sessions, unsent
from catalogue.web.application import Application
from catalogue.web.blueprints import registered
from catalogue.web.compiled_templates import CompiledTemplates

STATIC_SECONDS = 3600
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def create_app(settings: Settings, engine: Engine | None = None) -> Flask:
    """The application for these settings; `engine` lets a test hand in its own database."""
    logging.basicConfig(level=settings.log_level, format=LOG_FORMAT)
    templates, static = asset_folder("templates"), asset_folder("static")
    app = Application("catalogue", template_folder=str(templates), static_folder=str(static))
    # Without a key of its own a process makes one up: good for the demo and for pages without sign-in, since
    # nothing that is signed outlives the process then.
    app.config["SECRET_KEY"] = settings.secret_key or secrets.token_hex(32)
    app.config["MAX_CONTENT_LENGTH"] = 10 * 1024 * 1024
    app.config["MAX_FORM_MEMORY_SIZE"] = 1024 * 1024
    app.extensions["catalogue"] = Runtime.build(settings, engine)
    app.jinja_options = {
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "bytecode_cache": CompiledTemplates(settings.folder / "templates", "page"),
    }
    app.jinja_loader = FileSystemLoader(templates)
    find(web)
    find(api)
    for blueprint in (*registered(), *resources.registered()):
        app.register_blueprint(blueprint)
    for part in (compression, sessions, actors, forms, basket, unsent, security, errors, filters, refusals):
        part.install(app)
    app.wsgi_app = WhiteNoise(app.wsgi_app, root=str(static), prefix="static/", max_age=STATIC_SECONDS)  # type: ignore[method-assign]
    if int(settings.trusted_proxies):
        # Only what our own proxies wrote says who asks; anything before that is the asker's word.
        trusted = int(settings.trusted_proxies)
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted)  # type: ignore[method-assign]
    return app
