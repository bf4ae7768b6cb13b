"""The database roles of the platform: who may do what is written here and nowhere else."""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

LOGIN_ROLES = ("owner", "app", "worker", "staff", "backup")
NOLOGIN_ROLES = ("dispatcher", "directory", "search")
EXTENSIONS = ("pg_trgm", "btree_gin")


def bootstrap(admin_url: str, passwords: dict[str, str], database: str) -> None:
    """Make roles, the database, extensions and grants; safe to repeat.

    admin_url: a role with CREATEROLE and CREATEDB (no superuser needed where extensions are trusted).
    passwords: login role without its prefix -> password; a role that is missing stays as it is.
    """
    with psycopg.connect(admin_url, autocommit=True) as connection:
        # Roles belong to the whole server: two hosts that start at once take turns.
        connection.execute("SELECT pg_advisory_lock(hashtext('copydesk bootstrap'))")
        for role in (*LOGIN_ROLES, *NOLOGIN_ROLES):
            _make_role(connection, role, passwords.get(role))
        _make_memberships(connection)
        _make_database(connection, database)
        with psycopg.connect(_at(admin_url, database), autocommit=True) as inside:
            for statement in _grants(database):
                inside.execute(statement)


def password_of(url: str) -> str:
    """The password inside a database URL."""
    return unquote(urlsplit(url).password or "")


def database_of(url: str) -> str:
    """The database's name inside a database URL."""
    return unquote(urlsplit(url).path.lstrip("/"))


def _at(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()


def _name(role: str) -> sql.Identifier:
    return sql.Identifier(f"copydesk_{role}")


def _make_role(connection: psycopg.Connection, role: str, password: str | None) -> None:
    found = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [f"copydesk_{role}"])
    if found.fetchone() is None:
        connection.execute(sql.SQL("CREATE ROLE {}").format(_name(role)))
    if role in NOLOGIN_ROLES or password is None:
        return
    statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}")
    connection.execute(statement.format(_name(role), sql.Literal(password)))


def _make_memberships(connection: psycopg.Connection) -> None:
    grant = sql.SQL("GRANT {} TO {}")
    connection.execute(grant.format(_name("app"), _name("worker")))
    # Who owns a SECURITY DEFINER function is decided by the migration that makes it.
    for role in NOLOGIN_ROLES:
        option = sql.SQL(" WITH INHERIT FALSE, SET TRUE")
        connection.execute(grant.format(_name(role), _name("owner")) + option)
    # A role that is no superuser must be able to act as the owner to hand the database over.
    connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(_name("owner")))


def _make_database(connection: psycopg.Connection, database: str) -> None:
    found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [database])
    if found.fetchone() is None:
        statement = sql.SQL("CREATE DATABASE {} OWNER {}")
        connection.execute(statement.format(sql.Identifier(database), _name("owner")))


def _grants(database: str) -> Iterator[sql.Composed]:
    for extension in EXTENSIONS:
        yield sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension))
    name = sql.Identifier(database)
    yield sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name)
    yield sql.SQL("ALTER SCHEMA public OWNER TO {}").format(_name("owner"))
    yield sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC").format()
    for role in LOGIN_ROLES:
        yield sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(name, _name(role))
        yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(_name(role))
    for role in NOLOGIN_ROLES:
        yield sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(_name(role))
    default = sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT {} ON {} TO {}")
    for rights, kind, role in (
        ("SELECT, INSERT, UPDATE, DELETE", "TABLES", "app"),
        ("USAGE, SELECT", "SEQUENCES", "app"),
        ("SELECT", "TABLES", "staff"),
        ("SELECT", "TABLES", "backup"),
        ("SELECT", "SEQUENCES", "backup"),
    ):
        yield default.format(_name("owner"), sql.SQL(rights), sql.SQL(kind), _name(role))
