"""`catalogue demo`: a catalogue with sample members, harvested over loopback, ready to look at."""

import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from sqlalchemy.orm import Session

from catalogue import samples
from catalogue.cli.demo_enquiries import converse
from catalogue.cli.demo_people import PEOPLE, made_up_password, welcome
from catalogue.cli.root import root, say
from catalogue.cli.serve import Server
from catalogue.cli.workplace import workplace
from catalogue.clock import now
from catalogue.config import Settings
from catalogue.migrations.running import upgrade
from catalogue.models import OrganisationKind
from catalogue.outbox import worker
from catalogue.runtime import Runtime
from catalogue.samples.serving import FeedServer
from catalogue.search.backend import IndexUnavailable
from catalogue.services import indexing, organisations, sources
from catalogue.services.harvesting import run
from harvesters.base import Origin

KIND = "hdruk"


@root.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Taken if it is free.")
@click.option("--data-dir", default="var/demo", show_default=True, help="Where the demo keeps its data.")
@click.option("--prepare-only", is_flag=True, help="Fill the catalogue and end without serving it.")
@click.option("--password", help="Password of the people of the demo; made up when it is not given.")
def demo(port: int, data_dir: str, *, prepare_only: bool, password: str | None) -> None:
    """Fill a catalogue with sample members and serve it on this machine."""
    chosen, folder = _free_port(port), Path(data_dir).resolve()
    settings = replace(
        Settings(),
        data_dir=str(folder),
        mail_url=(folder / "mail").as_uri(),
        secret_key=secrets.token_hex(32),
        base_url=f"http://127.0.0.1:{chosen}",
        log_level="WARNING",
    )
    runtime = Runtime.build(settings)
    prepare(runtime)
    if prepare_only:
        return
    password = password or made_up_password()
    with runtime.sessions() as session:
        welcome(session, password)
        converse(session)
    # No connection is to be shared with the processes that are forked from this one.
    runtime.engine.dispose()
    if chosen != port:
        say(f"Port {port} is taken, so the demo is on another one.")
    click.echo(f"The catalogue is at {settings.base_url}  (Ctrl+C ends it)")
    click.echo(f"Sign in at {settings.base_url}/sign-in with the password {password}, which works only here, as")
    widest = max(len(person.email) for person in PEOPLE)
    for person in PEOPLE:
        click.echo(f"  {person.email:<{widest}}  {person.purpose}")
    click.echo(f"Mail is not sent but kept; the office reads it at {settings.base_url}/admin/mail")
    Server(settings, host="127.0.0.1", port=chosen, workers=1).run()


def prepare(runtime: Runtime) -> None:
    """Bring the demo's data up; a second time changes nothing."""
    upgrade(runtime.engine)
    members = samples.members()
    with runtime.sessions() as session:
        is_first = not organisations.list_with_datasets(session)
        for member in members if is_first else ():
            _join(session, member)
    with FeedServer() as feeds:
        # A source that was harvested is at its last generation; older feeds would take it back.
        generations = max(len(member.generations) for member in members)
        for number in range(generations) if is_first else (-1,):
            for member in members:
                if number < len(member.generations):
                    _harvest(runtime, member, feeds.publish(member.slug, member.generations[number]))
    done, _failed = worker.run_once(runtime, now)
    say(f"Indexed {done:,} changes.")
    _mend_index(runtime)


def _mend_index(runtime: Runtime) -> None:
    """An index that another release made, or that somebody deleted, is built anew."""
    with runtime.reading_sessions() as session:
        try:
            is_good = indexing.check(session, runtime.backend).agree
        except IndexUnavailable:
            is_good = False
        if not is_good:
            say(f"Built a new index of {indexing.rebuild(session, runtime.backend):,} datasets.")


def _join(session: Session, member: samples.SampleMember) -> None:
    organisations.add(
        session,
        member.name,
        at=now(),
        identifier=member.identifier,
        kind=OrganisationKind.HUB if member.is_aggregator else OrganisationKind.CUSTODIAN,
        member_of=member.member_of,
        contact_point=member.contact,
        description=member.description,
    )


def _harvest(runtime: Runtime, member: samples.SampleMember, url: str) -> None:
    options = {"allow_private": True}
    with runtime.sessions() as session:
        source = sources.add(
            session,
            organisation=organisations.find_named(session, member.name).slug,
            kind=KIND,
            url=url,
            name=f"Feed of {member.name}",
            is_aggregator=member.is_aggregator,
            options=options,
            at=now(),
        )
    harvester = sources.available()[KIND].from_source(Origin(url=url), options)
    place = workplace(runtime)
    report = run(place, source.id, harvester, now=now)
    counts = ", ".join(f"{report.counts[name]} {name}" for name in ("new", "changed", "continued", "unchanged"))
    say(f"{member.name}: {report.counts['seen']} descriptions ({counts})")


def _free_port(wanted: int) -> int:
    with _bound(wanted) as port:
        return port


@contextmanager
def _bound(wanted: int) -> Iterator[int]:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        yield probe.getsockname()[1]
