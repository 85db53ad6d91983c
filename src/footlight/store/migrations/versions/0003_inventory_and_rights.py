"""Inventory, administrators, tags, the audit chain"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ALL_SCOPE = "00000000-0000-0000-0000-000000000000"
BUILT_IN_ROLES = (
    ("Full Administrator", "f0071197-0000-4000-8000-000000000001"),
    ("Read Only Administrator", "f0071197-0000-4000-8000-000000000002"),
    ("Help Desk Administrator", "f0071197-0000-4000-8000-000000000003"),
    ("Machine Catalog Administrator", "f0071197-0000-4000-8000-000000000004"),
    ("Delivery Group Administrator", "f0071197-0000-4000-8000-000000000005"),
    ("Host Administrator", "f0071197-0000-4000-8000-000000000006"),
    ("Session Recording Auditor", "f0071197-0000-4000-8000-000000000007"),
)


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("user_name", sa.String(length=128), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("target_type", sa.String(length=48), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
        sa.UniqueConstraint("id", name=op.f("uq_audit_id")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_audit_previous_hash")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_at_ms"), ["at_ms"], unique=False)
        batch_op.create_index("ix_audit_kind_seq", ["kind", "seq"], unique=False)
    op.create_table(
        "audit_labels",
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("label_key", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "label_key", name=op.f("pk_audit_labels")),
    )

    op.create_table(
        "entitlement_rules",
        sa.Column("object_id", sa.String(length=36), nullable=False),
        sa.Column("included_only", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("use_excluded", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("allow_anonymous", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("object_id", name=op.f("pk_entitlement_rules")),
    )
    op.create_table(
        "entitlements",
        sa.Column("object_id", sa.String(length=36), nullable=False),
        sa.Column("principal", sa.String(length=128), nullable=False),
        sa.Column("excluded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("object_id", "principal", "excluded", name=op.f("pk_entitlements")),
    )
    op.create_table(
        "folders",
        sa.Column(
            "uid",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("parent_id", sa.String(length=36), nullable=True),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("metadata", sa.Text(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["folders.id"], name=op.f("fk_folders_parent_id")),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_folders")),
        sa.UniqueConstraint("id", name=op.f("uq_folders_id")),
        sa.UniqueConstraint("path", name=op.f("uq_folders_path")),
    )
    op.create_table(
        "icons",
        sa.Column(
            "uid",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("format", sa.String(length=64), nullable=False),
        sa.Column("is_built_in", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_icons")),
    )
    op.create_table(
        "roles",
        sa.Column(
            "uid",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("is_built_in", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_roles")),
        sa.UniqueConstraint("id", name=op.f("uq_roles_id")),
        sa.UniqueConstraint("name", name=op.f("uq_roles_name")),
    )
    op.create_table(
        "scopes",
        sa.Column(
            "uid",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_scopes")),
        sa.UniqueConstraint("id", name=op.f("uq_scopes_id")),
        sa.UniqueConstraint("name", name=op.f("uq_scopes_name")),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_ms", sa.BigInteger(), nullable=False),
        sa.Column("locked_until_ms", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_failures")),
    )
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_failures_last_ms"), ["last_ms"], unique=False)

    op.create_table(
        "tags",
        sa.Column(
            "uid",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_tags")),
        sa.UniqueConstraint("id", name=op.f("uq_tags_id")),
        sa.UniqueConstraint("name", name=op.f("uq_tags_name")),
    )
    op.create_table(
        "administrators",
        sa.Column(
            "uid",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_administrators_account_id")
        ),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_administrators")),
        sa.UniqueConstraint("account_id", name=op.f("uq_administrators_account_id")),
    )
    op.create_table(
        "preferences",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_preferences_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "name", name=op.f("pk_preferences")),
    )
    op.create_table(
        "role_permissions",
        sa.Column("role_id", sa.String(length=36), nullable=False),
        sa.Column("permission", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["role_id"], ["roles.id"], name=op.f("fk_role_permissions_role_id")
        ),
        sa.PrimaryKeyConstraint("role_id", "permission", name=op.f("pk_role_permissions")),
    )
    op.create_table(
        "scope_objects",
        sa.Column("scope_id", sa.String(length=36), nullable=False),
        sa.Column("object_kind", sa.String(length=24), nullable=False),
        sa.Column("object_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scopes.id"], name=op.f("fk_scope_objects_scope_id")
        ),
        sa.PrimaryKeyConstraint(
            "scope_id", "object_kind", "object_id", name=op.f("pk_scope_objects")
        ),
    )
    with op.batch_alter_table("scope_objects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scope_objects_object_id"), ["object_id"], unique=False)

    op.create_table(
        "tag_objects",
        sa.Column("tag_id", sa.String(length=36), nullable=False),
        sa.Column("object_kind", sa.String(length=24), nullable=False),
        sa.Column("object_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_tag_objects_tag_id")),
        sa.PrimaryKeyConstraint("tag_id", "object_kind", "object_id", name=op.f("pk_tag_objects")),
    )
    with op.batch_alter_table("tag_objects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tag_objects_object_id"), ["object_id"], unique=False)

    op.create_table(
        "administrator_rights",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("role_id", sa.String(length=36), nullable=False),
        sa.Column("scope_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["administrators.account_id"],
            name=op.f("fk_administrator_rights_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["roles.id"], name=op.f("fk_administrator_rights_role_id")
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "role_id", "scope_id", name=op.f("pk_administrator_rights")
        ),
    )
    op.create_table(
        "resource_groups",
        sa.Column("resource_id", sa.String(length=36), nullable=False),
        sa.Column("delivery_group_id", sa.String(length=36), nullable=False),
        sa.Column("priority", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_group_id"],
            ["delivery_groups.id"],
            name=op.f("fk_resource_groups_delivery_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resources.id"], name=op.f("fk_resource_groups_resource_id")
        ),
        sa.PrimaryKeyConstraint(
            "resource_id", "delivery_group_id", name=op.f("pk_resource_groups")
        ),
    )
    with op.batch_alter_table("resource_groups", schema=None) as batch_op:
        batch_op.create_index(
            "ix_resource_groups_delivery_group_id", ["delivery_group_id"], unique=False
        )

    for name, role_id in BUILT_IN_ROLES:
        op.execute(
            sa.text(
                "INSERT INTO roles (id, name, is_built_in) VALUES (:id, :name, :yes)"
            ).bindparams(id=role_id, name=name, yes=True)
        )
    op.execute(
        sa.text(
            "INSERT INTO administrators (account_id, enabled)"
            " SELECT id, :yes FROM accounts WHERE administrator = :yes"
        ).bindparams(yes=True)
    )
    op.execute(
        sa.text(
            "INSERT INTO administrator_rights (account_id, role_id, scope_id)"
            " SELECT account_id, :role, :scope FROM administrators"
        ).bindparams(role=BUILT_IN_ROLES[0][1], scope=ALL_SCOPE)
    )
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_column("administrator")

    with op.batch_alter_table("catalogs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("description", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "session_support",
                sa.String(length=16),
                server_default="MultiSession",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column(
                "allocation_type", sa.String(length=16), server_default="Random", nullable=False
            )
        )
        batch_op.add_column(
            sa.Column(
                "machine_type", sa.String(length=16), server_default="Physical", nullable=False
            )
        )
        batch_op.add_column(
            sa.Column(
                "persist_changes", sa.String(length=16), server_default="OnLocal", nullable=False
            )
        )
        batch_op.add_column(
            sa.Column(
                "minimum_functional_level",
                sa.String(length=16),
                server_default="L7_20",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column("is_remote_pc", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("is_sample", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("folder_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("metadata", sa.Text(), server_default="{}", nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_catalogs_folder_id"), "folders", ["folder_id"], ["id"]
        )

    with op.batch_alter_table("delivery_groups", schema=None) as batch_op:
        batch_op.add_column(sa.Column("description", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("published_name", sa.String(length=128), nullable=True))
        batch_op.add_column(
            sa.Column("enabled", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("in_maintenance", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column(
                "session_support",
                sa.String(length=16),
                server_default="MultiSession",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column("sharing_kind", sa.String(length=16), server_default="Shared", nullable=False)
        )
        batch_op.add_column(
            sa.Column(
                "delivery_type",
                sa.String(length=24),
                server_default="DesktopsAndApps",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column(
                "minimum_functional_level",
                sa.String(length=16),
                server_default="L7_20",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column("is_sample", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("folder_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("settings", sa.Text(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("metadata", sa.Text(), server_default="{}", nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_delivery_groups_folder_id"), "folders", ["folder_id"], ["id"]
        )

    # What is there was made by the founding of the site.
    for table in ("catalogs", "delivery_groups"):
        op.execute(sa.text(f"UPDATE {table} SET is_sample = :yes").bindparams(yes=True))
    with op.batch_alter_table("machines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("published_name", sa.String(length=128), nullable=True))
        batch_op.add_column(sa.Column("description", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column("simulated", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("settings", sa.Text(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("metadata", sa.Text(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("last_deregistered_ms", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column("last_deregistration_reason", sa.String(length=48), nullable=True)
        )
        batch_op.alter_column("catalog_id", existing_type=sa.VARCHAR(length=36), nullable=True)
        batch_op.alter_column(
            "delivery_group_id", existing_type=sa.VARCHAR(length=36), nullable=True
        )
        batch_op.create_index(batch_op.f("ix_machines_catalog_id"), ["catalog_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_machines_delivery_group_id"), ["delivery_group_id"], unique=False
        )

    op.execute(
        "INSERT INTO resource_groups (resource_id, delivery_group_id, priority)"
        " SELECT id, delivery_group_id, 0 FROM resources"
    )
    with op.batch_alter_table("resources", schema=None) as batch_op:
        batch_op.add_column(sa.Column("published_name", sa.String(length=64), nullable=True))
        batch_op.add_column(
            sa.Column("visible", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        batch_op.add_column(sa.Column("description", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("browser_name", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("folder_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("icon_uid", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "max_total_instances", sa.Integer(), server_default=sa.text("0"), nullable=False
            )
        )
        batch_op.add_column(
            sa.Column(
                "max_per_user_instances", sa.Integer(), server_default=sa.text("0"), nullable=False
            )
        )
        batch_op.add_column(sa.Column("settings", sa.Text(), server_default="{}", nullable=False))
        batch_op.drop_constraint(batch_op.f("uq_resources_name"), type_="unique")
        batch_op.create_index(batch_op.f("ix_resources_name"), ["name"], unique=False)
        batch_op.drop_constraint(batch_op.f("fk_resources_delivery_group_id"), type_="foreignkey")
        batch_op.create_foreign_key(
            batch_op.f("fk_resources_icon_uid"), "icons", ["icon_uid"], ["uid"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_resources_folder_id"), "folders", ["folder_id"], ["id"]
        )
        batch_op.drop_column("delivery_group_id")
    unanswered = sa.text("ended_at_ms IS NULL AND generation > reported_generation")
    op.create_index(
        "ix_sessions_unanswered",
        "sessions",
        ["uid"],
        sqlite_where=unanswered,
        postgresql_where=unanswered,
    )
    op.execute("UPDATE resources SET published_name = name")
    with op.batch_alter_table("resources", schema=None) as batch_op:
        batch_op.alter_column("published_name", existing_type=sa.String(length=64), nullable=False)

    with op.batch_alter_table("zones", schema=None) as batch_op:
        batch_op.add_column(sa.Column("description", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("metadata", sa.Text(), server_default="{}", nullable=False))
    op.add_column("jobs", sa.Column("parent_id", sa.String(length=36), nullable=True))
    op.create_index("ix_jobs_parent_id", "jobs", ["parent_id"])

    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("log_begins_ms", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
        )
        batch_op.add_column(
            sa.Column("log_locale", sa.String(length=16), server_default="en-US", nullable=False)
        )
        batch_op.add_column(sa.Column("settings", sa.Text(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("test_report", sa.Text(), nullable=True))
    op.create_table(
        "storefronts",
        sa.Column(
            "uid",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_storefronts")),
        sa.UniqueConstraint("id", name=op.f("uq_storefronts_id")),
        sa.UniqueConstraint("name", name=op.f("uq_storefronts_name")),
    )
    with op.batch_alter_table("recordings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("catalog_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("delivery_group_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("head_logged", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("head_logged_ms", sa.BigInteger(), nullable=True))
        batch_op.create_index(batch_op.f("ix_recordings_catalog_id"), ["catalog_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_recordings_delivery_group_id"), ["delivery_group_id"], unique=False
        )
    # No machine has moved in the release before.
    for column in ("catalog_id", "delivery_group_id"):
        op.execute(
            f"UPDATE recordings SET {column} ="
            f" (SELECT {column} FROM machines WHERE machines.id = recordings.machine_id)"
        )
