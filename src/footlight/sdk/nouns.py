"""All resources of a site: what every client has, whichever way it sends."""

from __future__ import annotations

from footlight.sdk.credentials import Token
from footlight.sdk.flow import Flow, OwnToken, ask
from footlight.sdk.operation import Resource, S, operation
from footlight.sdk.requests import cvad
from footlight.sdk.resources import administration, groups, inventory
from footlight.sdk.resources.accounts import Accounts
from footlight.sdk.resources.hosts import Hosts
from footlight.sdk.resources.identity import Identity
from footlight.sdk.resources.jobs import Jobs
from footlight.sdk.resources.launches import Launches, Resources
from footlight.sdk.resources.machines import Applications, Machines
from footlight.sdk.resources.recording_policies import RecordingPolicies
from footlight.sdk.resources.recordings import Recordings, Reports, RetentionClasses
from footlight.sdk.resources.server import Preferences, Server
from footlight.sdk.resources.service_accounts import ServiceAccounts
from footlight.sdk.resources.sessions import Sessions
from footlight.sdk.resources.sites import Sites, Tokens
from footlight.sdk.resources.stand_in import FaultsOnPurpose, Simulation
from footlight.sdk.types.site import Me


class Nouns(Resource[S]):
    """The resources, all run by one sender."""

    def __init__(self, sender: S) -> None:
        super().__init__(sender)
        self.sessions = Sessions(sender)
        self.machines = Machines(sender)
        self.hosts = Hosts(sender)
        self.applications = Applications(sender)
        self.sites = Sites(sender)
        self.tokens = Tokens(sender)
        self.launches = Launches(sender)
        self.resources = Resources(sender)
        self.recordings = Recordings(sender)
        self.reports = Reports(sender)
        self.retention_classes = RetentionClasses(sender)
        self.recording_policies = RecordingPolicies(sender)
        self.accounts = Accounts(sender)
        self.service_accounts = ServiceAccounts(sender)
        self.jobs = Jobs(sender)
        self.simulation = Simulation(sender)
        self.faults = FaultsOnPurpose(sender)
        self.server = Server(sender)
        self.preferences = Preferences(sender)
        self.administrators = administration.Administrators(sender)
        self.roles = administration.Roles(sender)
        self.scopes = administration.Scopes(sender)
        self.permissions = administration.Permissions(sender)
        self.tags = inventory.Tags(sender)
        self.catalogs = groups.Catalogs(sender)
        self.delivery_groups = groups.DeliveryGroups(sender)
        self.config_log = administration.ConfigLog(sender)
        self.identity = Identity(sender)
        self.zones = inventory.Zones(sender)
        self.storefront_servers = inventory.StoreFrontServers(sender)
        self.webhooks = administration.Webhooks(sender)
        self.spools = administration.Spools(sender)
        self.audit = administration.Audit(sender)
        self.icons = inventory.Icons(sender)
        self.admin_folders = inventory.AdminFolders(sender)
        self.application_folders = inventory.ApplicationFolders(sender)

    @operation
    def me(self) -> Flow[Me]:
        """Who is calling, with which sites."""
        return ask(cvad.me())

    @operation
    def token(self) -> Flow[Token]:
        """The token in use, signing in or renewing when needed."""
        token: Token = yield OwnToken()
        return token
