"""Machine catalogs to the wire."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from footlight.api.render_machines import scopes
from footlight.ids import ZERO_GUID
from footlight.site import metadata
from footlight.site.catalogs import Counts, Systems
from footlight.wire.rest.catalog import CatalogGroup, MachineCatalog, MachineCatalogDetail
from footlight.wire.rest.reference import Ref

_NOTHING = "-"  # of an empty catalog, as the contract's sample shows it


def catalog(row: Any, counts: Counts, scope_rows: Sequence[Any]) -> MachineCatalog:
    """A catalog of a list, of its joined row (site/catalogs.py)."""
    return MachineCatalog(**_members(row, counts, scope_rows))


def detail(
    row: Any,
    counts: Counts,
    scope_rows: Sequence[Any],
    systems: Systems,
    groups: Sequence[Any],
) -> MachineCatalogDetail:
    """One catalog by itself."""
    return MachineCatalogDetail(
        **_members(row, counts, scope_rows),
        agent_version=systems.agent_version or _NOTHING,
        os_type=systems.os_type or _NOTHING,
        os_version=systems.os_version or _NOTHING,
        delivery_groups=[group(one) for one in groups],
    )


def group(row: Any) -> CatalogGroup:
    """A delivery group that has machines of the catalog."""
    return CatalogGroup(
        id=row.id, uid=row.uid, name=row.name, num_assigned=row.count, total=row.total
    )


def folder(row: Any) -> Ref:
    """The folder of a joined row; the root has no name."""
    if row.f_id is None:
        return Ref(id=ZERO_GUID, uid=0, name="")
    return Ref(id=row.f_id, uid=row.f_uid, name=row.f_path)


def _members(row: Any, counts: Counts, scope_rows: Sequence[Any]) -> dict[str, Any]:
    available = counts.total - counts.used
    return {
        "name": row.name,
        "full_name": row.full_name,
        "id": row.id,
        "uid": row.uid,
        "allocation_type": row.allocation_type,
        "assigned_count": counts.assigned,
        "available_assigned_count": counts.free_assigned,
        "available_count": available,
        "available_unassigned_count": available - counts.free_assigned,
        "description": row.description,
        "is_remote_pc": row.is_remote_pc,
        "machine_type": row.machine_type,
        "metadata": metadata.pairs(row.metadata),
        "minimum_functional_level": row.minimum_functional_level,
        "persist_changes": row.persist_changes,
        "scopes": scopes(scope_rows),
        "session_support": row.session_support,
        "sharing_kind": "Private" if row.allocation_type == "Static" else "Shared",
        "total_count": counts.total,
        "unassigned_count": counts.total - counts.assigned,
        "used_count": counts.used,
        "zone": Ref(id=row.zone_id, name=row.z_name),
        "admin_folder": folder(row),
    }
