"""Where a record is kept: a file by its name, or a PostgreSQL server by its address."""

import ssl
from pathlib import Path

import sqlalchemy as sa

from see_the_system.messages import Refusal


def address_of(where):
    """The address of a record (URL), and what its engine is made with (dict)."""
    text = str(where)
    if "://" not in text:
        return sa.URL.create("sqlite", database=str(Path(where))), {}
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise Refusal(
            f'"{text[:60]}" is no address of a database; give a file name, or '
            "postgresql://user@host/name."
        ) from None
    backend = url.get_backend_name()
    if backend == "sqlite":
        return url, {}
    if backend == "postgresql":
        return _server(url)
    raise Refusal(
        f"A record is kept in SQLite or PostgreSQL, not in {backend}; give a file name, or "
        "postgresql://user@host/name."
    )


def _server(url):
    """The address of a PostgreSQL server without what only libpq reads, and its engine's options.

    ``sslmode`` and ``sslrootcert`` mean what they mean everywhere else: require encrypts,
    verify-ca and verify-full also hold the server to a certificate.
    """
    mode = url.query.get("sslmode", "prefer")
    root = url.query.get("sslrootcert")
    modes = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
    if mode not in modes:
        raise Refusal(f"sslmode={mode} is not known; give one of {', '.join(modes)}.")
    options = {"pool_pre_ping": True}
    if mode in ("require", "verify-ca", "verify-full"):
        context = ssl.create_default_context(cafile=root)
        context.check_hostname = mode == "verify-full"
        if mode == "require" and not root:
            context.verify_mode = ssl.CERT_NONE
        options["connect_args"] = {"ssl_context": context}
    url = url.difference_update_query(["sslmode", "sslrootcert"])
    return url.set(drivername="postgresql+pg8000"), options


def absolute(path):
    """The whole path of a file (Path); Refusal for what can be no name of a file here."""
    try:
        found = Path(path or "").resolve()
        found.exists()
    except (OSError, ValueError) as error:  # too long a name, or a NUL in it
        reason = getattr(error, "strerror", None) or error
        raise Refusal(
            f"{str(path)[:60]!r} is no name of a file here ({reason}); give another one."
        ) from None
    if not path:
        raise Refusal("A record is kept in a file: give its name, such as team.theory.")
    return found
