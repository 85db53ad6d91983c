from __future__ import annotations

from footlight.api.openapi import catalogue


def test_the_contract_has_537_operations_in_39_groups() -> None:
    groups = catalogue.groups()
    assert len(groups) == 39
    assert sum(group.count for group in groups) == 537
    assert {group.name: group.count for group in groups}["Sessions"] == 14
    assert len(next(group for group in groups if group.name == "Sessions").operations) == 14


def test_no_operation_stands_twice() -> None:
    keys = [
        catalogue.key(one.method, one.path)
        for group in catalogue.groups()
        for one in group.operations
    ]
    assert sorted(keys) == sorted(set(keys))
    names = [(one.group, one.name) for group in catalogue.groups() for one in group.operations]
    assert sorted(names) == sorted(set(names))


def test_a_route_is_known_whatever_its_parameters_are_called() -> None:
    found = catalogue.operation_of("POST", "/Sessions/{sessionId}/$LOGOFF")
    assert found == catalogue.Operation(
        "Sessions", "POST", "/Sessions/{id}/$logoff", "LogoffSession"
    )
    assert catalogue.operation_of("GET", "/Lamps") is None
    assert catalogue.operation_of("PUT", "/Sessions/{id}/$logoff") is None
