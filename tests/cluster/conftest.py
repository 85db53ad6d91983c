"""The ground of all tests here: one bus, two servers, three hosts."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from tests.cluster.ground import ROOT, Ground
from tests.rack import rack

import remains
from postgres_server import PostgresServer


@pytest.fixture(scope="module")
def ground(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("cluster")
    database = f"cluster_{os.getpid()}"
    postgres.run("postgres", f"CREATE DATABASE {database}")
    with rack(folder, ROOT) as made:
        one = Ground(made, postgres, database, folder)
        try:
            one.start_bus()
            one.start_server("one")
            one.start_server("two")
            yield one
        finally:
            one.close()
            if one.servers:
                remains.remove(one.servers[0].facts["site_id"])
            postgres.run("postgres", f"DROP DATABASE {database} WITH (FORCE)")
