"""TagResponseModel, and the requests that make tags and put them on objects."""

from __future__ import annotations

from footlight.wire.rest.reference import NameValue, Ref, RestModel


class Tag(RestModel, frozen=True, kw_only=True):
    """TagResponseModel. The counts are of objects that the caller sees."""

    id: str
    uid: int | None
    name: str
    description: str | None = None
    num_machines: int
    num_applications: int
    num_application_groups: int
    num_machine_catalogs: int
    num_delivery_groups: int
    num_unknown_objects: int = 0
    scopes: list[Ref] | None = None
    metadata: list[NameValue] | None = None


class TagRequest(RestModel, frozen=True, kw_only=True):
    """TagRequestModel: a tag to make. `scopes` are read and have no effect: tags belong to the whole site."""

    name: str | None = None
    description: str | None = None


class TagUpdate(RestModel, frozen=True, kw_only=True):
    """What to change of a tag; what is absent or null stays."""

    name: str | None = None
    description: str | None = None


class TagsRequest(RestModel, frozen=True, kw_only=True):
    """TagsRequestModel: the tags that an object shall have. `delete_tags` vanish from the whole site."""

    items: list[str] | None = None
    create_tags: list[TagRequest] | None = None
    delete_tags: list[str] | None = None


class RefsRequest(RestModel, frozen=True, kw_only=True):
    """RefsRequestModel: names or ids."""

    items: list[str]
