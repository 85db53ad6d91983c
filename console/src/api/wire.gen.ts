/** Written by console/wire_types.py from the server's models. Do not edit. */

/** What a role may do. */
export type Permission = "Site_Read" | "Site_Configure" | "Identity_Read" | "Catalog_Read" | "Catalog_Create" | "Catalog_EditProperties" | "Catalog_Delete" | "Catalog_AddMachines" | "Catalog_RemoveMachine" | "Machine_Read" | "Machine_EditProperties" | "Machine_ChangeMaintenanceMode" | "Machine_Remove" | "DesktopGroup_Read" | "DesktopGroup_Create" | "DesktopGroup_EditProperties" | "DesktopGroup_Delete" | "DesktopGroup_ChangeMaintenanceMode" | "DesktopGroup_AddMachines" | "DesktopGroup_RemoveMachine" | "DesktopGroup_AddApplication" | "DesktopGroup_RemoveApplication" | "Application_Read" | "Application_Create" | "Application_EditProperties" | "Application_Delete" | "Zone_Read" | "Zone_Manage" | "Tag_Read" | "Tag_Manage" | "Icon_Manage" | "Folder_Manage" | "Admin_Read" | "Admin_Manage" | "Logging_Read" | "Logging_Manage" | "Session_Read" | "Session_Disconnect" | "Session_Logoff" | "Session_SendMessage" | "Session_Hide" | "Session_Shadow" | "Session_TransferFiles" | "Session_LaunchAs" | "Recording_Control" | "Recording_View" | "Recording_Export" | "Recording_DeleteAndHold" | "Recording_ManagePolicy";

/** What the server was built of. */
export interface About {
  Commit: string;
  IsCloud: boolean;
}

/** SimplifiedAccessPolicyResponseModel. */
export interface AccessPolicy {
  AllowAnonymous: boolean;
  AllowHdxAccess?: boolean;
  AllowMachineRestart?: boolean;
  AllowRdpAccess?: boolean;
  ConnectNotViaNetScalerGatewayAllowed?: boolean;
  ConnectViaNetScalerGatewayAllowed?: boolean;
  IncludedSmartAccessFilterEnabled?: boolean;
  IncludedSmartAccessTags?: SmartAccessTag[];
  IncludedUserFilterEnabled: boolean;
  IncludedUsers: IdentityUser[];
  ExcludedUserFilterEnabled: boolean;
  ExcludedUsers: IdentityUser[];
}

/** SimplifiedAccessPolicyRequestModel; the other members of it are kept as given. */
export interface AccessPolicyRequest {
  IncludedUserFilterEnabled?: boolean | null;
  IncludedUsers?: string[] | null;
  ExcludedUserFilterEnabled?: boolean | null;
  ExcludedUsers?: string[] | null;
  AllowAnonymous?: boolean | null;
  AllowHdxAccess?: boolean | null;
  AllowMachineRestart?: boolean | null;
  AllowRdpAccess?: boolean | null;
  ConnectNotViaNetScalerGatewayAllowed?: boolean | null;
  ConnectViaNetScalerGatewayAllowed?: boolean | null;
  IncludedSmartAccessFilterEnabled?: boolean | null;
}

/** What to change of them. */
export interface AccessRulesChange {
  clipboard?: "both" | "in" | "off" | "out" | null;
  askBeforeShadowing?: boolean | null;
  files?: "both" | "in" | "off" | "out" | null;
}

/** What viewers of a delivery group's sessions may do. `clipboard`: whether text may go in (from the viewer into the session), out, both ways, or not at all; `files`: the same of files of the drop folder; `askBeforeShadowing`: the user is asked first. */
export interface AccessRulesView {
  clipboard: "both" | "in" | "off" | "out";
  askBeforeShadowing: boolean;
  files: "both" | "in" | "off" | "out";
}

/** All accounts. */
export interface AccountList {
  items: AccountView[];
}

/** An account. `source`: site, os (of a host's operating system) or oidc (of the OpenID Connect provider). */
export interface AccountView {
  id: string;
  name: string;
  displayName: string;
  administrator: boolean;
  canSignIn: boolean;
  source: string;
  userName?: string;
  osAccount?: string | null;
}

/** How much changed when: changed pixels in spans of `seconds`, from the recording's start, as far as it is indexed. */
export interface ActivityView {
  seconds: number;
  pixels: number[];
}

/** AddApplicationsRequestModel: applications, new and there already, for these delivery groups. */
export interface AddApplicationsRequest {
  NewApplications?: ApplicationRequest[] | null;
  ExistingApplications?: string[] | null;
  DeliveryGroups?: PriorityRef[] | null;
}

/** AddMachineToMachineCatalogDetailRequestModel, as far as it is of machines that exist. */
export interface AddMachineRequest {
  MachineName?: string | null;
  AssignedUsers?: string[] | null;
  AssignedClientName?: string | null;
  AssignedIPAddress?: string | null;
  HostedMachineId?: string | null;
  HypervisorConnection?: string | null;
  InMaintenanceMode?: boolean | null;
  PublishedName?: string | null;
  Metadata?: NameValue[] | null;
}

/** DeliveryGroupAddMachinesRequestModel: machines of a catalog, some of them named. */
export interface AddMachinesRequest {
  MachineCatalog: string;
  Count?: number | null;
  AssignMachinesToUsers?: AssignMachineRequest[] | null;
}

/** AdministratorResponseModel. */
export interface Administrator {
  User: IdentityUser;
  ScopesAndRoles: AdministratorRight[];
  Enabled: boolean;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface AdministratorCollection {
  Items: Administrator[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** AdministratorReportResponseModel: an HTML page in base 64. */
export interface AdministratorReport {
  EncodedReport: string;
  Encoding?: string;
  MediaType?: string;
}

/** CreateAdminAdministratorRequestModel. */
export interface AdministratorRequest {
  User?: string | null;
  Rights?: RightRequest[] | null;
  Enabled?: boolean | null;
}

/** AdministratorRightResponseModel. */
export interface AdministratorRight {
  Role: Role;
  Scope: Scope;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface AdministratorRightCollection {
  Items: AdministratorRight[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** UpdateAdminAdministratorRequestModel; what is absent or null stays. */
export interface AdministratorUpdate {
  Rights?: RightRequest[] | null;
  Enabled?: boolean | null;
}

/** ApplicationResponseModel. `associated_delivery_group_uuids` names where it is published. */
export interface Application {
  Id: string;
  Uid: number | null;
  ApplicationFolder: Ref;
  ApplicationType?: "AppAttach" | "AppLibraryAppV" | "AppV" | "ElasticAppLayer" | "FlexApp" | "HostedOnDesktop" | "InstalledOnClient" | "Msix" | "PackagedApplication" | "PublishedContent" | "SessionPreLauncher" | "Unknown";
  PackagedApplicationType?: string | null;
  PackagedApplicationVisibility?: string | null;
  ClientFolder?: string | null;
  ContainerScopes: ContainerScope[];
  Description?: string | null;
  DoNotEnumerate?: boolean;
  Enabled: boolean;
  IconId?: string;
  InstalledAppProperties: InstalledAppProperties | null;
  PackagedAppProperties?: null;
  AppVAppProperties?: null;
  ContentLocation?: string | null;
  Name: string;
  PublishedName: string;
  Metadata?: NameValue[] | null;
  Visible?: boolean;
  SharingKind?: "Private" | "Shared" | "Unknown";
  Tags?: string[] | null;
  Tenants?: Ref[] | null;
  CloudWorkspaceManaged?: boolean | null;
  NumAssociatedDeliveryGroups: number;
  NumAssociatedApplicationGroups?: number;
  AssociatedDeliveryGroupUuids: string[];
  AssociatedApplicationGroupUuids: string[];
  ZoneId?: string | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface ApplicationCollection {
  Items: Application[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface ApplicationCollectionSelection {
  Items: ApplicationSelection[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** ApplicationDetailResponseModel: one application by itself. */
export interface ApplicationDetail {
  Id: string;
  Uid: number | null;
  ApplicationFolder: Ref;
  ApplicationType?: "AppAttach" | "AppLibraryAppV" | "AppV" | "ElasticAppLayer" | "FlexApp" | "HostedOnDesktop" | "InstalledOnClient" | "Msix" | "PackagedApplication" | "PublishedContent" | "SessionPreLauncher" | "Unknown";
  PackagedApplicationType?: string | null;
  PackagedApplicationVisibility?: string | null;
  ClientFolder?: string | null;
  ContainerScopes: ContainerScope[];
  Description?: string | null;
  DoNotEnumerate?: boolean;
  Enabled: boolean;
  IconId?: string;
  InstalledAppProperties: InstalledAppProperties | null;
  PackagedAppProperties?: null;
  AppVAppProperties?: null;
  ContentLocation?: string | null;
  Name: string;
  PublishedName: string;
  Metadata?: NameValue[] | null;
  Visible?: boolean;
  SharingKind?: "Private" | "Shared" | "Unknown";
  Tags?: string[] | null;
  Tenants?: Ref[] | null;
  CloudWorkspaceManaged?: boolean | null;
  NumAssociatedDeliveryGroups: number;
  NumAssociatedApplicationGroups?: number;
  AssociatedDeliveryGroupUuids: string[];
  AssociatedApplicationGroupUuids: string[];
  ZoneId?: string | null;
  BrowserName: string;
  Categories: string[];
  ConfiguredFtas: string[];
  CpuPriorityLevel: "AboveNormal" | "BelowNormal" | "High" | "Low" | "Normal" | "Unknown";
  HomeZone: Ref | null;
  HomeZoneMode: "Ignore" | "Only" | "Prefer" | "Unknown" | "User";
  IncludedUserFilterEnabled: boolean;
  IconFromClient: boolean;
  IncludedUsers: IdentityUser[];
  MaxPerUserInstances: number;
  MaxTotalInstances: number;
  ShortcutAddedToDesktop: boolean;
  ShortcutAddedToStartMenu: boolean;
  StartMenuFolder: string | null;
  WaitForPrinterCreation: boolean;
}

/** ApplicationDetailResponseModel: one application by itself. */
export interface ApplicationDetailSelection {
  Id?: string;
  Uid?: number | null;
  ApplicationFolder?: Ref;
  ApplicationType?: "AppAttach" | "AppLibraryAppV" | "AppV" | "ElasticAppLayer" | "FlexApp" | "HostedOnDesktop" | "InstalledOnClient" | "Msix" | "PackagedApplication" | "PublishedContent" | "SessionPreLauncher" | "Unknown";
  PackagedApplicationType?: string | null;
  PackagedApplicationVisibility?: string | null;
  ClientFolder?: string | null;
  ContainerScopes?: ContainerScope[];
  Description?: string | null;
  DoNotEnumerate?: boolean;
  Enabled?: boolean;
  IconId?: string;
  InstalledAppProperties?: InstalledAppProperties | null;
  PackagedAppProperties?: null;
  AppVAppProperties?: null;
  ContentLocation?: string | null;
  Name?: string;
  PublishedName?: string;
  Metadata?: NameValue[] | null;
  Visible?: boolean;
  SharingKind?: "Private" | "Shared" | "Unknown";
  Tags?: string[] | null;
  Tenants?: Ref[] | null;
  CloudWorkspaceManaged?: boolean | null;
  NumAssociatedDeliveryGroups?: number;
  NumAssociatedApplicationGroups?: number;
  AssociatedDeliveryGroupUuids?: string[];
  AssociatedApplicationGroupUuids?: string[];
  ZoneId?: string | null;
  BrowserName?: string;
  Categories?: string[];
  ConfiguredFtas?: string[];
  CpuPriorityLevel?: "AboveNormal" | "BelowNormal" | "High" | "Low" | "Normal" | "Unknown";
  HomeZone?: Ref | null;
  HomeZoneMode?: "Ignore" | "Only" | "Prefer" | "Unknown" | "User";
  IncludedUserFilterEnabled?: boolean;
  IconFromClient?: boolean;
  IncludedUsers?: IdentityUser[];
  MaxPerUserInstances?: number;
  MaxTotalInstances?: number;
  ShortcutAddedToDesktop?: boolean;
  ShortcutAddedToStartMenu?: boolean;
  StartMenuFolder?: string | null;
  WaitForPrinterCreation?: boolean;
}

/** Members that CreateApplicationRequestModel and EditApplicationRequestModel share: absent or null is the default of a new application, and stays in one that is there. */
export interface ApplicationRequest {
  Name?: string | null;
  PublishedName?: string | null;
  BrowserName?: string | null;
  Description?: string | null;
  ApplicationFolder?: string | null;
  ApplicationType?: "AppAttach" | "AppLibraryAppV" | "AppV" | "ElasticAppLayer" | "FlexApp" | "HostedOnDesktop" | "InstalledOnClient" | "Msix" | "PackagedApplication" | "PublishedContent" | "SessionPreLauncher" | "Unknown" | null;
  InstalledAppProperties?: InstalledAppRequest | null;
  Enabled?: boolean | null;
  Visible?: boolean | null;
  Icon?: string | null;
  IncludedUserFilterEnabled?: boolean | null;
  IncludedUsers?: string[] | null;
  MaxTotalInstances?: number | null;
  MaxPerUserInstances?: number | null;
  DeliveryGroups?: PriorityRef[] | null;
  Metadata?: NameValue[] | null;
  ClientFolder?: string | null;
  Categories?: string[] | null;
  CpuPriorityLevel?: "AboveNormal" | "BelowNormal" | "High" | "Low" | "Normal" | "Unknown" | null;
  DoNotEnumerate?: boolean | null;
  HomeZone?: string | null;
  HomeZoneMode?: "Ignore" | "Only" | "Prefer" | "Unknown" | "User" | null;
  IconFromClient?: boolean | null;
  ShortcutAddedToDesktop?: boolean | null;
  ShortcutAddedToStartMenu?: boolean | null;
  StartMenuFolder?: string | null;
  WaitForPrinterCreation?: boolean | null;
}

/** ApplicationSearchRequestModel; `{}` finds every application. */
export interface ApplicationSearchRequest {
  ApplicationFolder?: string | null;
  IncludeSubFolders?: boolean;
  BasicSearchString?: string | null;
  SearchFilters?: SearchFilter[] | null;
  SortCriteria?: SearchSort | null;
  SortCriteriaItems?: SearchSort[] | null;
  SearchFilterGroups?: SearchGroup[] | null;
  SearchFilterGroupsType?: string | null;
}

/** ApplicationResponseModel. `associated_delivery_group_uuids` names where it is published. */
export interface ApplicationSelection {
  Id?: string;
  Uid?: number | null;
  ApplicationFolder?: Ref;
  ApplicationType?: "AppAttach" | "AppLibraryAppV" | "AppV" | "ElasticAppLayer" | "FlexApp" | "HostedOnDesktop" | "InstalledOnClient" | "Msix" | "PackagedApplication" | "PublishedContent" | "SessionPreLauncher" | "Unknown";
  PackagedApplicationType?: string | null;
  PackagedApplicationVisibility?: string | null;
  ClientFolder?: string | null;
  ContainerScopes?: ContainerScope[];
  Description?: string | null;
  DoNotEnumerate?: boolean;
  Enabled?: boolean;
  IconId?: string;
  InstalledAppProperties?: InstalledAppProperties | null;
  PackagedAppProperties?: null;
  AppVAppProperties?: null;
  ContentLocation?: string | null;
  Name?: string;
  PublishedName?: string;
  Metadata?: NameValue[] | null;
  Visible?: boolean;
  SharingKind?: "Private" | "Shared" | "Unknown";
  Tags?: string[] | null;
  Tenants?: Ref[] | null;
  CloudWorkspaceManaged?: boolean | null;
  NumAssociatedDeliveryGroups?: number;
  NumAssociatedApplicationGroups?: number;
  AssociatedDeliveryGroupUuids?: string[];
  AssociatedApplicationGroupUuids?: string[];
  ZoneId?: string | null;
}

/** AssignMachineToUserRequestModel. */
export interface AssignMachineRequest {
  Machine: string;
  Users?: string[] | null;
  MachinePublishedName?: string | null;
}

/** What was done, by whom, from where. `changes`: members of the object, before and after; `transactionId`: of the request, as its answer told it. */
export interface AuditAct {
  id: string;
  atMs: number;
  accountId: string;
  userName: string;
  address: string;
  kind: string;
  text: string;
  targetType: string;
  objectId: string;
  objectName: string;
  parameters: Record<string, string>;
  changes: Record<string, [unknown, unknown]>;
  succeeded: boolean;
  transactionId?: string;
}

/** An entry with its place in the chain: `hash` is the SHA-256 of `previousHash`, a line feed, and the bytes of `entry` as they stand here. */
export interface AuditEntry {
  seq: number;
  previousHash: string;
  hash: string;
  entry: AuditAct;
}

/** A page of audit entries. */
export interface AuditPage {
  items: AuditEntry[];
  continuationToken: string | null;
}

/** AuthTokenResponseModel, the answer to on-prem `POST tokens`. `expires_at` is RFC 3339: the Go client logs in before every call when it cannot parse it. The token holds no `=`. */
export interface AuthToken {
  Token: string;
  Principal: string;
  UserId: string;
  CustomerId?: string;
  ExpiresAt: string;
}

/** Requests that do not depend on each other. */
export interface Batch {
  Items: BatchItem[];
}

/** All answers, in no promised order. */
export interface BatchAnswer {
  Items: BatchAnswerItem[];
}

/** What one request was answered: `code` is its HTTP status, `body` the answer's as text. */
export interface BatchAnswerItem {
  Reference: string;
  Code: number;
  Headers?: NameValue[];
  Body?: string | null;
}

/** One request. `reference` may come as a number and goes back as a string; `body` is JSON as text. */
export interface BatchItem {
  Reference: string | number;
  Method?: string | null;
  RelativeUrl: string;
  Headers?: NameValue[] | null;
  Body?: string | null;
}

/** One of the fullest. `loadIndex`: of 10,000. */
export interface BusyMachine {
  id: string;
  name: string;
  sessions: number;
  loadIndex: number;
}

/** MachineCatalogDeliveryGroupRefResponseModel: a delivery group that has machines of the catalog, and how many of its `total` machines are of it. */
export interface CatalogGroup {
  Id: string;
  Uid: number | null;
  Name: string;
  Priority?: number | null;
  NumAssigned: number;
  Total: number;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface CatalogGroupCollection {
  Items: CatalogGroup[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** Whether there is an object of that name. */
export interface CheckNameRequest {
  Name: string;
}

/** The form of the OAuth client-credentials grant. */
export interface ClientCredentials {
  grant_type: "client_credentials";
  client_id: string;
  client_secret: string;
}

/** Answer to the OAuth client-credentials grant. `expires_in` is seconds as a JSON string: Go clients cannot decode a number there. `token` repeats the token for readers of older replies. */
export interface CloudToken {
  token_type?: string;
  access_token: string;
  expires_in: string;
  token: string;
}

/** OAuth's own error body, status 400. */
export interface CloudTokenError {
  error: string;
  error_description: string;
}

/** ContainerMetadataModel. */
export interface ContainerMetadata {
  Metadata: NameValue[];
  ContainerType: "DeliveryGroup" | "MachineCatalog" | "Unknown";
}

/** ContainerScopeResponseModel: the scopes of one container type. */
export interface ContainerScope {
  Scopes: Scope[];
  ScopeType: "ApplicationGroup" | "DeliveryGroup" | "HypervisorConnection" | "MachineCatalog" | "Unknown";
}

/** CreateMachineCatalogRequestModel. Enums are strings here, to be refused by name in any case. */
export interface CreateCatalogRequest {
  Name: string;
  ProvisioningType: string;
  SessionSupport: string;
  AllocationType?: string | null;
  MachineType?: string | null;
  PersistUserChanges?: string | null;
  MinimumFunctionalLevel?: string | null;
  IsRemotePC?: boolean | null;
  Machines?: AddMachineRequest[] | null;
  Zone?: string | null;
  AdminFolder?: string | null;
  Description?: string | null;
  Scopes?: string[] | null;
  Metadata?: NameValue[] | null;
  HypervisorConnection?: string | null;
}

/** CreateDeliveryGroupRequestModel. */
export interface CreateGroupRequest {
  AppProtectionKeyLoggingRequired?: boolean | null;
  AppProtectionScreenCaptureRequired?: boolean | null;
  AutomaticPowerOnForAssigned?: boolean | null;
  AutomaticPowerOnForAssignedDuringPeak?: boolean | null;
  AutoScaleEnabled?: boolean | null;
  AutoscaleLogOffReminderEnabled?: boolean | null;
  AutoscaleLogOffReminderIntervalSecondsOffPeak?: number | null;
  AutoscaleLogOffReminderIntervalSecondsPeak?: number | null;
  AutoscaleLogOffReminderMessage?: string | null;
  AutoscaleLogOffReminderTitle?: string | null;
  ColorDepth?: "EightBit" | "FourBit" | "SixteenBit" | "TwentyFourBit" | "Unknown" | null;
  DefaultDesktopPublishedName?: string | null;
  DisconnectOffPeakIdleSessionAfterSeconds?: number | null;
  DisconnectPeakIdleSessionAfterSeconds?: number | null;
  HdxSslEnabled?: boolean | null;
  LicenseModel?: string | null;
  LimitSecondsToForceLogOffUserDuringOffPeak?: number | null;
  LimitSecondsToForceLogOffUserDuringPeak?: number | null;
  LogOffWarningMessage?: string | null;
  LogOffWarningTitle?: string | null;
  LogoffOffPeakDisconnectedSessionAfterSeconds?: number | null;
  LogoffPeakDisconnectedSessionAfterSeconds?: number | null;
  MachineCost?: number | null;
  MachineLogOnType?: string | null;
  OffPeakBufferSizePercent?: number | null;
  OffPeakDisconnectAction?: string | null;
  OffPeakDisconnectTimeoutMinutes?: number | null;
  OffPeakExtendedDisconnectAction?: string | null;
  OffPeakExtendedDisconnectTimeoutMinutes?: number | null;
  OffPeakLogOffAction?: string | null;
  OffPeakLogOffTimeoutMinutes?: number | null;
  PeakBufferSizePercent?: number | null;
  PeakDisconnectAction?: string | null;
  PeakDisconnectTimeoutMinutes?: number | null;
  PeakExtendedDisconnectAction?: string | null;
  PeakExtendedDisconnectTimeoutMinutes?: number | null;
  PeakLogOffAction?: string | null;
  PeakLogOffTimeoutMinutes?: number | null;
  PolicySetGuid?: string | null;
  PowerOffDelayMinutes?: number | null;
  PowerTimeSchemes?: Record<string, unknown>[] | null;
  ProductCode?: string | null;
  ProtocolPriority?: string[] | null;
  RestrictAutoscaleMinIdleUntaggedPercentDuringOffPeak?: number | null;
  RestrictAutoscaleMinIdleUntaggedPercentDuringPeak?: number | null;
  ReuseMachinesWithoutShutdownInOutage?: boolean | null;
  SettlementPeriodBeforeAutoShutdownSeconds?: number | null;
  SettlementPeriodBeforeUseSeconds?: number | null;
  ShutdownDesktopsAfterUse?: boolean | null;
  StoreFrontServersForHostedReceiver?: Record<string, unknown>[] | null;
  TimeZone?: string | null;
  TurnOnAddedMachines?: boolean | null;
  UserManagement?: string | null;
  ZonePreferences?: string[] | null;
  Name: string;
  Description?: string | null;
  PublishedName?: string | null;
  AdminFolder?: string | null;
  Enabled?: boolean | null;
  InMaintenanceMode?: boolean | null;
  DeliveryType?: string | null;
  MinimumFunctionalLevel?: string | null;
  RequireUserHomeZone?: boolean | null;
  SecureIcaEnabled?: boolean | null;
  AssignMachinesToUsers?: AssignMachineRequest[] | null;
  Desktops?: DesktopRequest[] | null;
  SimpleAccessPolicy?: AccessPolicyRequest | null;
  PrelaunchSettings?: SpareSessions | null;
  LingerSettings?: SpareSessions | null;
  DefaultDesktopIcon?: string | null;
  Scopes?: string[] | null;
  Metadata?: NameValue[] | null;
  MachineCatalogs?: AddMachinesRequest[] | null;
  SessionSupport?: string | null;
  SharingKind?: string | null;
  Applications?: PriorityRef[] | null;
}

/** What the sealed segments of one recording are decrypted with (docs/format.md section 8). `data_key`: 32 bytes in base64, a secret; `wrapped_key`: the same for the site alone, as it stands in the segments. */
export interface DataKeyView {
  cipher: string;
  dataKey: string;
  wrappedKey: string;
}

/** What policies decide for a session, and why. `policy` null: none fits, so that it is not recorded; `then` is what the deciding one wants; `reasons`: why it is being recorded now, calls of `$startRecording` included (of facts: none); `stopped`: the deciding policy's recording was stopped by `$stopRecording`, which it allows. */
export interface DecisionView {
  sessionId: string | null;
  at: string;
  policy: PolicyName | null;
  then: PolicyOutcome | null;
  sentence: string;
  reasons: RecordingReason[];
  stopped: boolean;
  policies: JudgementView[];
}

/** Each call is held so long before it is looked at: `ms`, and up to `jitterMs` more. */
export interface Delay {
  ms?: number;
  jitterMs?: number;
}

/** AdministratorDeleteConcequenceResponseModel (sic). */
export interface DeleteConsequence {
  Consequence: "AllRightsLost" | "CannotDeleteLastFullAdmin" | "NoRightsLost" | "SomeRightsLost" | "Unknown";
}

/** DeliveryGroupDetailResponseModel. Counts of desktops are counts of machines. */
export interface DeliveryGroup {
  AppProtectionKeyLoggingRequired?: boolean | null;
  AppProtectionScreenCaptureRequired?: boolean | null;
  AutomaticPowerOnForAssigned?: boolean | null;
  AutomaticPowerOnForAssignedDuringPeak?: boolean | null;
  AutoScaleEnabled?: boolean | null;
  AutoscaleLogOffReminderEnabled?: boolean | null;
  AutoscaleLogOffReminderIntervalSecondsOffPeak?: number | null;
  AutoscaleLogOffReminderIntervalSecondsPeak?: number | null;
  AutoscaleLogOffReminderMessage?: string | null;
  AutoscaleLogOffReminderTitle?: string | null;
  ColorDepth?: "EightBit" | "FourBit" | "SixteenBit" | "TwentyFourBit" | "Unknown" | null;
  DefaultDesktopPublishedName?: string | null;
  DisconnectOffPeakIdleSessionAfterSeconds?: number | null;
  DisconnectPeakIdleSessionAfterSeconds?: number | null;
  HdxSslEnabled?: boolean | null;
  LicenseModel?: string | null;
  LimitSecondsToForceLogOffUserDuringOffPeak?: number | null;
  LimitSecondsToForceLogOffUserDuringPeak?: number | null;
  LogOffWarningMessage?: string | null;
  LogOffWarningTitle?: string | null;
  LogoffOffPeakDisconnectedSessionAfterSeconds?: number | null;
  LogoffPeakDisconnectedSessionAfterSeconds?: number | null;
  MachineCost?: number | null;
  MachineLogOnType?: string | null;
  OffPeakBufferSizePercent?: number | null;
  OffPeakDisconnectAction?: string | null;
  OffPeakDisconnectTimeoutMinutes?: number | null;
  OffPeakExtendedDisconnectAction?: string | null;
  OffPeakExtendedDisconnectTimeoutMinutes?: number | null;
  OffPeakLogOffAction?: string | null;
  OffPeakLogOffTimeoutMinutes?: number | null;
  PeakBufferSizePercent?: number | null;
  PeakDisconnectAction?: string | null;
  PeakDisconnectTimeoutMinutes?: number | null;
  PeakExtendedDisconnectAction?: string | null;
  PeakExtendedDisconnectTimeoutMinutes?: number | null;
  PeakLogOffAction?: string | null;
  PeakLogOffTimeoutMinutes?: number | null;
  PolicySetGuid?: string | null;
  PowerOffDelayMinutes?: number | null;
  PowerTimeSchemes?: Record<string, unknown>[] | null;
  ProductCode?: string | null;
  ProtocolPriority?: string[] | null;
  RestrictAutoscaleMinIdleUntaggedPercentDuringOffPeak?: number | null;
  RestrictAutoscaleMinIdleUntaggedPercentDuringPeak?: number | null;
  ReuseMachinesWithoutShutdownInOutage?: boolean | null;
  SettlementPeriodBeforeAutoShutdownSeconds?: number | null;
  SettlementPeriodBeforeUseSeconds?: number | null;
  ShutdownDesktopsAfterUse?: boolean | null;
  StoreFrontServersForHostedReceiver?: Record<string, unknown>[] | null;
  TimeZone?: string | null;
  TurnOnAddedMachines?: boolean | null;
  UserManagement?: string | null;
  ZonePreferences?: string[] | null;
  Id: string;
  Uid: number | null;
  Name: string;
  FullName: string | null;
  PublishedName?: string | null;
  Description?: string | null;
  AdminFolder: Ref;
  Delivering: "AppsOnly" | "DesktopsAndApps" | "DesktopsOnly" | "Unknown";
  DeliveryType: "AppsOnly" | "DesktopsAndApps" | "DesktopsOnly" | "Unknown";
  DesktopsAvailable: number;
  DesktopsDisconnected: number;
  DesktopsFaulted: number;
  DesktopsInUse: number;
  DesktopsNeverRegistered?: number;
  DesktopsPreparing?: number;
  DesktopsUnregistered: number;
  Enabled: boolean;
  InMaintenanceMode: boolean;
  IsBroken?: boolean;
  IsPowerManaged?: boolean;
  IsRemotePC?: boolean;
  HasBeenPromoted?: boolean;
  HasBeenPromotedFrom?: "L5" | "L7" | "L7_20" | "L7_25" | "L7_30" | "L7_34" | "L7_6" | "L7_7" | "L7_8" | "L7_9" | "LMAX" | "LMIN" | "Unknown";
  MachineOperatingSystems: NameCount[];
  MachineType?: "Physical" | "Unknown" | "Virtual";
  MachinesInMaintenanceMode: number;
  Metadata: NameValue[];
  MinimumFunctionalLevel: "L5" | "L7" | "L7_20" | "L7_25" | "L7_30" | "L7_34" | "L7_6" | "L7_7" | "L7_8" | "L7_9" | "LMAX" | "LMIN" | "Unknown";
  OffMachines?: number;
  RegisteredMachines: number;
  RequireUserHomeZone?: boolean;
  RestrictAutoscaleTag?: Ref | null;
  Scopes: Scope[];
  Tenants?: Ref[] | null;
  SecureIcaRequired?: boolean;
  SessionCount: number;
  SessionSupport: "MultiSession" | "SingleSession" | "Unknown";
  SharingKind: "Private" | "Shared" | "Unknown";
  TotalApplicationGroups?: number;
  TotalApplications: number;
  TotalDesktops: number;
  TotalMachines: number;
  UnassignedMachines: number;
  UsedByGroupPolicy?: boolean;
  VdaVersions: NameCount[];
  ApplicationGroupCompatibility: "Compatible" | "IncompatibleDeliveryType" | "IncompatiblePrivate" | "Unknown";
  ApplicationCompatibility?: string;
  DesktopCompatibility?: string;
  AppAccessPolicy?: null;
  DefaultDesktopIconId: string;
  LingerSettings?: SpareSessionsView | null;
  PrelaunchSettings?: SpareSessionsView | null;
  SimpleAccessPolicy: AccessPolicy | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface DeliveryGroupCollection {
  Items: DeliveryGroup[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface DeliveryGroupCollectionSelection {
  Items: DeliveryGroupSelection[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** DeliveryGroupDetailResponseModel. Counts of desktops are counts of machines. */
export interface DeliveryGroupSelection {
  AppProtectionKeyLoggingRequired?: boolean | null;
  AppProtectionScreenCaptureRequired?: boolean | null;
  AutomaticPowerOnForAssigned?: boolean | null;
  AutomaticPowerOnForAssignedDuringPeak?: boolean | null;
  AutoScaleEnabled?: boolean | null;
  AutoscaleLogOffReminderEnabled?: boolean | null;
  AutoscaleLogOffReminderIntervalSecondsOffPeak?: number | null;
  AutoscaleLogOffReminderIntervalSecondsPeak?: number | null;
  AutoscaleLogOffReminderMessage?: string | null;
  AutoscaleLogOffReminderTitle?: string | null;
  ColorDepth?: "EightBit" | "FourBit" | "SixteenBit" | "TwentyFourBit" | "Unknown" | null;
  DefaultDesktopPublishedName?: string | null;
  DisconnectOffPeakIdleSessionAfterSeconds?: number | null;
  DisconnectPeakIdleSessionAfterSeconds?: number | null;
  HdxSslEnabled?: boolean | null;
  LicenseModel?: string | null;
  LimitSecondsToForceLogOffUserDuringOffPeak?: number | null;
  LimitSecondsToForceLogOffUserDuringPeak?: number | null;
  LogOffWarningMessage?: string | null;
  LogOffWarningTitle?: string | null;
  LogoffOffPeakDisconnectedSessionAfterSeconds?: number | null;
  LogoffPeakDisconnectedSessionAfterSeconds?: number | null;
  MachineCost?: number | null;
  MachineLogOnType?: string | null;
  OffPeakBufferSizePercent?: number | null;
  OffPeakDisconnectAction?: string | null;
  OffPeakDisconnectTimeoutMinutes?: number | null;
  OffPeakExtendedDisconnectAction?: string | null;
  OffPeakExtendedDisconnectTimeoutMinutes?: number | null;
  OffPeakLogOffAction?: string | null;
  OffPeakLogOffTimeoutMinutes?: number | null;
  PeakBufferSizePercent?: number | null;
  PeakDisconnectAction?: string | null;
  PeakDisconnectTimeoutMinutes?: number | null;
  PeakExtendedDisconnectAction?: string | null;
  PeakExtendedDisconnectTimeoutMinutes?: number | null;
  PeakLogOffAction?: string | null;
  PeakLogOffTimeoutMinutes?: number | null;
  PolicySetGuid?: string | null;
  PowerOffDelayMinutes?: number | null;
  PowerTimeSchemes?: Record<string, unknown>[] | null;
  ProductCode?: string | null;
  ProtocolPriority?: string[] | null;
  RestrictAutoscaleMinIdleUntaggedPercentDuringOffPeak?: number | null;
  RestrictAutoscaleMinIdleUntaggedPercentDuringPeak?: number | null;
  ReuseMachinesWithoutShutdownInOutage?: boolean | null;
  SettlementPeriodBeforeAutoShutdownSeconds?: number | null;
  SettlementPeriodBeforeUseSeconds?: number | null;
  ShutdownDesktopsAfterUse?: boolean | null;
  StoreFrontServersForHostedReceiver?: Record<string, unknown>[] | null;
  TimeZone?: string | null;
  TurnOnAddedMachines?: boolean | null;
  UserManagement?: string | null;
  ZonePreferences?: string[] | null;
  Id?: string;
  Uid?: number | null;
  Name?: string;
  FullName?: string | null;
  PublishedName?: string | null;
  Description?: string | null;
  AdminFolder?: Ref;
  Delivering?: "AppsOnly" | "DesktopsAndApps" | "DesktopsOnly" | "Unknown";
  DeliveryType?: "AppsOnly" | "DesktopsAndApps" | "DesktopsOnly" | "Unknown";
  DesktopsAvailable?: number;
  DesktopsDisconnected?: number;
  DesktopsFaulted?: number;
  DesktopsInUse?: number;
  DesktopsNeverRegistered?: number;
  DesktopsPreparing?: number;
  DesktopsUnregistered?: number;
  Enabled?: boolean;
  InMaintenanceMode?: boolean;
  IsBroken?: boolean;
  IsPowerManaged?: boolean;
  IsRemotePC?: boolean;
  HasBeenPromoted?: boolean;
  HasBeenPromotedFrom?: "L5" | "L7" | "L7_20" | "L7_25" | "L7_30" | "L7_34" | "L7_6" | "L7_7" | "L7_8" | "L7_9" | "LMAX" | "LMIN" | "Unknown";
  MachineOperatingSystems?: NameCount[];
  MachineType?: "Physical" | "Unknown" | "Virtual";
  MachinesInMaintenanceMode?: number;
  Metadata?: NameValue[];
  MinimumFunctionalLevel?: "L5" | "L7" | "L7_20" | "L7_25" | "L7_30" | "L7_34" | "L7_6" | "L7_7" | "L7_8" | "L7_9" | "LMAX" | "LMIN" | "Unknown";
  OffMachines?: number;
  RegisteredMachines?: number;
  RequireUserHomeZone?: boolean;
  RestrictAutoscaleTag?: Ref | null;
  Scopes?: Scope[];
  Tenants?: Ref[] | null;
  SecureIcaRequired?: boolean;
  SessionCount?: number;
  SessionSupport?: "MultiSession" | "SingleSession" | "Unknown";
  SharingKind?: "Private" | "Shared" | "Unknown";
  TotalApplicationGroups?: number;
  TotalApplications?: number;
  TotalDesktops?: number;
  TotalMachines?: number;
  UnassignedMachines?: number;
  UsedByGroupPolicy?: boolean;
  VdaVersions?: NameCount[];
  ApplicationGroupCompatibility?: "Compatible" | "IncompatibleDeliveryType" | "IncompatiblePrivate" | "Unknown";
  ApplicationCompatibility?: string;
  DesktopCompatibility?: string;
  AppAccessPolicy?: null;
  DefaultDesktopIconId?: string;
  LingerSettings?: SpareSessionsView | null;
  PrelaunchSettings?: SpareSessionsView | null;
  SimpleAccessPolicy?: AccessPolicy | null;
}

/** The newest deliveries of a webhook, the newest first. */
export interface DeliveryList {
  items: DeliveryView[];
}

/** A delivery and its last attempt. `status`: of the receiver's answer, null: none came; `error`: why it failed. */
export interface DeliveryView {
  id: string;
  event: string;
  seq: number;
  objectId: string;
  attempts: number;
  delivered: boolean;
  status: number | null;
  error: string | null;
  at: string;
  tookMs: number;
}

/** DesktopResponseModel: a published desktop. */
export interface Desktop {
  Id: string;
  Uid: number | null;
  ColorDepth?: "EightBit" | "FourBit" | "SixteenBit" | "TwentyFourBit" | "Unknown";
  Description?: string | null;
  Enabled: boolean;
  ExcludedUserFilterEnabled: boolean;
  ExcludedUsers: IdentityUser[];
  IconId: string;
  IncludedUserFilterEnabled: boolean;
  IncludedUsers: IdentityUser[];
  LeasingBehavior?: string | null;
  MaxDesktops?: number | null;
  Name: string;
  PublishedName: string;
  RestrictToTag?: Ref | null;
  SecureIcaRequired?: boolean;
  SessionReconnection?: "Always" | "DisconnectedOnly" | "SameEndpointOnly" | "Unknown";
  MachinesForAssignment?: number | null;
  Tenants?: Ref[] | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface DesktopCollection {
  Items: Desktop[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** DesktopRequestModel: `id` names one that is there; what is absent or null stays as it is, or is the default of a new one. */
export interface DesktopRequest {
  IncludedUserFilterEnabled?: boolean | null;
  IncludedUsers?: string[] | null;
  ExcludedUserFilterEnabled?: boolean | null;
  ExcludedUsers?: string[] | null;
  Id?: string | null;
  ColorDepth?: "EightBit" | "FourBit" | "SixteenBit" | "TwentyFourBit" | "Unknown" | null;
  Description?: string | null;
  Enabled?: boolean | null;
  Icon?: string | null;
  LeasingBehavior?: string | null;
  MaxDesktops?: number | null;
  Name?: string | null;
  PublishedName?: string | null;
  RestrictToTag?: string | null;
  SecureIcaRequired?: boolean | null;
  SessionReconnection?: "Always" | "DisconnectedOnly" | "SameEndpointOnly" | "Unknown" | null;
}

/** A recording that is past its time. `held`: it stays all the same. */
export interface DueView {
  id: string;
  sessionId: string;
  userName: string;
  machineName: string;
  startedAt: string | null;
  endedAt: string | null;
  sizeBytes: number;
  retentionClass: string;
  expiredAt: string | null;
  held: boolean;
}

/** DuplicateApplicationRequestModel. */
export interface DuplicateApplicationRequest {
  NewName?: string | null;
  NewFolder?: string | null;
  CreateDisabled?: boolean;
}

/** EditDeliveryGroupRequestModel: what is absent or null stays; `desktops` and `scopes` are all that there shall be. */
export interface EditGroupRequest {
  AppProtectionKeyLoggingRequired?: boolean | null;
  AppProtectionScreenCaptureRequired?: boolean | null;
  AutomaticPowerOnForAssigned?: boolean | null;
  AutomaticPowerOnForAssignedDuringPeak?: boolean | null;
  AutoScaleEnabled?: boolean | null;
  AutoscaleLogOffReminderEnabled?: boolean | null;
  AutoscaleLogOffReminderIntervalSecondsOffPeak?: number | null;
  AutoscaleLogOffReminderIntervalSecondsPeak?: number | null;
  AutoscaleLogOffReminderMessage?: string | null;
  AutoscaleLogOffReminderTitle?: string | null;
  ColorDepth?: "EightBit" | "FourBit" | "SixteenBit" | "TwentyFourBit" | "Unknown" | null;
  DefaultDesktopPublishedName?: string | null;
  DisconnectOffPeakIdleSessionAfterSeconds?: number | null;
  DisconnectPeakIdleSessionAfterSeconds?: number | null;
  HdxSslEnabled?: boolean | null;
  LicenseModel?: string | null;
  LimitSecondsToForceLogOffUserDuringOffPeak?: number | null;
  LimitSecondsToForceLogOffUserDuringPeak?: number | null;
  LogOffWarningMessage?: string | null;
  LogOffWarningTitle?: string | null;
  LogoffOffPeakDisconnectedSessionAfterSeconds?: number | null;
  LogoffPeakDisconnectedSessionAfterSeconds?: number | null;
  MachineCost?: number | null;
  MachineLogOnType?: string | null;
  OffPeakBufferSizePercent?: number | null;
  OffPeakDisconnectAction?: string | null;
  OffPeakDisconnectTimeoutMinutes?: number | null;
  OffPeakExtendedDisconnectAction?: string | null;
  OffPeakExtendedDisconnectTimeoutMinutes?: number | null;
  OffPeakLogOffAction?: string | null;
  OffPeakLogOffTimeoutMinutes?: number | null;
  PeakBufferSizePercent?: number | null;
  PeakDisconnectAction?: string | null;
  PeakDisconnectTimeoutMinutes?: number | null;
  PeakExtendedDisconnectAction?: string | null;
  PeakExtendedDisconnectTimeoutMinutes?: number | null;
  PeakLogOffAction?: string | null;
  PeakLogOffTimeoutMinutes?: number | null;
  PolicySetGuid?: string | null;
  PowerOffDelayMinutes?: number | null;
  PowerTimeSchemes?: Record<string, unknown>[] | null;
  ProductCode?: string | null;
  ProtocolPriority?: string[] | null;
  RestrictAutoscaleMinIdleUntaggedPercentDuringOffPeak?: number | null;
  RestrictAutoscaleMinIdleUntaggedPercentDuringPeak?: number | null;
  ReuseMachinesWithoutShutdownInOutage?: boolean | null;
  SettlementPeriodBeforeAutoShutdownSeconds?: number | null;
  SettlementPeriodBeforeUseSeconds?: number | null;
  ShutdownDesktopsAfterUse?: boolean | null;
  StoreFrontServersForHostedReceiver?: Record<string, unknown>[] | null;
  TimeZone?: string | null;
  TurnOnAddedMachines?: boolean | null;
  UserManagement?: string | null;
  ZonePreferences?: string[] | null;
  Name?: string | null;
  Description?: string | null;
  PublishedName?: string | null;
  AdminFolder?: string | null;
  Enabled?: boolean | null;
  InMaintenanceMode?: boolean | null;
  DeliveryType?: string | null;
  MinimumFunctionalLevel?: string | null;
  RequireUserHomeZone?: boolean | null;
  SecureIcaEnabled?: boolean | null;
  AssignMachinesToUsers?: AssignMachineRequest[] | null;
  Desktops?: DesktopRequest[] | null;
  SimpleAccessPolicy?: AccessPolicyRequest | null;
  PrelaunchSettings?: SpareSessions | null;
  LingerSettings?: SpareSessions | null;
  DefaultDesktopIcon?: string | null;
  Scopes?: string[] | null;
  Metadata?: NameValue[] | null;
}

/** Sessions that did not come up or whose program ended with an error, by what was said of it. */
export interface EndFigures {
  reason: string;
  count: number;
}

/** A host asks to be one of the site. `proof`: proof_message of the code's id, signed, hex. */
export interface EnrolHost {
  code: string;
  hostName: string;
  keys: HostKeys;
  proof: string;
}

/** The codes that the caller sees, the newest first. */
export interface EnrolmentList {
  items: EnrolmentView[];
}

/** A new code, which is not shown again, and the command to run on the host. `warning`: what keeps hosts on other machines from coming, as far as the site knows; null: nothing. */
export interface EnrolmentMade {
  id: string;
  description: string;
  status: "expired" | "open" | "revoked" | "used";
  createdAt: string;
  createdBy: string;
  expiresAt: string;
  zoneId: string | null;
  catalogId: string | null;
  deliveryGroupId: string | null;
  machineId: string | null;
  usedAt: string | null;
  usedMachineId: string | null;
  code: string;
  command: string;
  warning: string | null;
}

/** An enrolment code, without its secret. */
export interface EnrolmentView {
  id: string;
  description: string;
  status: "expired" | "open" | "revoked" | "used";
  createdAt: string;
  createdBy: string;
  expiresAt: string;
  zoneId: string | null;
  catalogId: string | null;
  deliveryGroupId: string | null;
  machineId: string | null;
  usedAt: string | null;
  usedMachineId: string | null;
}

/** ErrorData in PascalCase, then ErrorResponse in its own lower case. `sdk_error_id` is stable and never empty; `parameters` is an array in every generation of clients. */
export interface Error {
  ErrorMessage: string;
  SdkErrorId: string;
  ErrorType?: string | null;
  ErrorDetails?: string | null;
  SupportLink?: string | null;
  ErrorReportXml?: string | null;
  ErrorReport?: ErrorReport | null;
  type: string;
  detail: string;
  parameters: Parameter[];
}

/** What CVAD's consoles show in an error report. */
export interface ErrorReport {
  CitrixErrorId: string;
  ComponentName: string;
  ComponentVersion: string;
  ErrorData: Record<string, string>;
}

/** ErrorWarningResponseModel, of what the caller sees. */
export interface ErrorWarning {
  Machine: Wrong;
  DeliveryGroup: Wrong;
  MachineCatalog: Wrong;
  Hypervisor: Wrong;
  Zone: Wrong;
  Site: Wrong;
}

/** Events by their moments: `type`, `atMs` of recording time, and what the type tells (docs/format.md section 5). */
export interface EventPage {
  items: Record<string, unknown>[];
  continuationToken: string | null;
}

/** What to make of a recording: a film, or one file that holds it whole with all that is needed to check it. */
export interface ExportWanted {
  kind?: "evidence" | "mp4";
}

/** How many calls there were since the switches were set, and what was done to them. */
export interface FaultCounts {
  calls?: number;
  throttled?: number;
  errors?: number;
  delayed?: number;
  expiredTokens?: number;
  droppedConnections?: number;
}

/** What goes wrong on purpose. `expiredTokens`: share of the calls that bring a token and are told that it has expired; `droppedConnections`: share of calls whose connection is closed without an answer. The same seed and the same order of calls give the same faults. */
export interface FaultSwitches {
  seed?: number;
  throttle?: Throttle;
  errors?: ServerErrors;
  delay?: Delay;
  expiredTokens?: number;
  droppedConnections?: number;
}

/** The switches as they stand. */
export interface FaultsView {
  switches: FaultSwitches;
  counts: FaultCounts;
}

/** A page of files by name, of the first 10,000 names of the folder. `allowed`: which way files may go: in, out or both; `limitBytes`: of a file that goes in. */
export interface FilePage {
  items: FileView[];
  continuationToken: string | null;
  allowed: string;
  limitBytes: number;
}

/** A file that has arrived. `sha256`: hex, of its bytes. */
export interface FileStored {
  name: string;
  sizeBytes: number;
  sha256: string;
}

/** A file in a session's drop folder. */
export interface FileView {
  name: string;
  sizeBytes: number;
  modifiedAt: string;
}

/** One thing that was found. `segment` None: about the recording as a whole; `offset` (bytes from the segment file's start) None: about no place in particular. */
export interface Finding {
  segment?: number | null;
  offset?: number | null;
  reason: string;
}

/** A folder. `path` is written as CVAD does, `A\B\` with a backslash after each name; requests may have `|` between them. `metadata` names what the folder is for. Counts are of objects that the caller sees. */
export interface Folder {
  Id: string;
  Uid: number | null;
  Children: Ref[];
  Name: string;
  Parent: Ref | null;
  Path: string;
  TotalApplications: number;
  TotalMachineCatalogs: number;
  TotalApplicationGroups: number;
  TotalDesktopGroups: number;
  Metadata?: NameValue[] | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface FolderCollection {
  Items: Folder[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface FolderCollectionSelection {
  Items: FolderSelection[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** CreateAdminFolderRequestModel. `name` may be left out with a `path`, which then is the folder's own. */
export interface FolderRequest {
  Name?: string | null;
  Path?: string | null;
  ParentId?: string | null;
  ObjectIdentifiers?: ("ContainsApplicationGroups" | "ContainsApplications" | "ContainsDeliveryGroups" | "ContainsMachineCatalogs" | "Unknown")[] | null;
}

/** CatalogSearchRequestModel: a search, within a folder. */
export interface FolderSearchRequest {
  BasicSearchString?: string | null;
  SearchFilters?: SearchFilter[] | null;
  SortCriteria?: SearchSort | null;
  SortCriteriaItems?: SearchSort[] | null;
  SearchFilterGroups?: SearchGroup[] | null;
  SearchFilterGroupsType?: string | null;
  AdminFolder?: string | null;
  IncludeSubFolders?: boolean;
}

/** A folder. `path` is written as CVAD does, `A\B\` with a backslash after each name; requests may have `|` between them. `metadata` names what the folder is for. Counts are of objects that the caller sees. */
export interface FolderSelection {
  Id?: string;
  Uid?: number | null;
  Children?: Ref[];
  Name?: string;
  Parent?: Ref | null;
  Path?: string;
  TotalApplications?: number;
  TotalMachineCatalogs?: number;
  TotalApplicationGroups?: number;
  TotalDesktopGroups?: number;
  Metadata?: NameValue[] | null;
}

/** EditAdminFolderRequestModel; what is absent or null stays. `parent` "" is the top; an empty metadata value takes the name away. */
export interface FolderUpdate {
  Name?: string | null;
  Parent?: string | null;
  Metadata?: NameValue[] | null;
}

/** How much recordings take, from those that ended within `days`: on how many hours and recordings that rests. */
export interface ForecastView {
  days: number;
  bytesPerHour: number | null;
  hours: number;
  recordings: number;
  resources: ResourceForecast[];
  policies: PolicyForecast[];
}

/** A session that there need not be. `user`: of the site or one's own name; `groups`: further groups of the user; `at`: the moment, null for now. What is null fits no condition about it. */
export interface GivenFacts {
  user?: string | null;
  groups?: string[];
  deliveryGroup?: string | null;
  resource?: string | null;
  machine?: string | null;
  tags?: string[];
  clientAddress?: string | null;
  at?: string | null;
}

/** DeliveryGroupAddApplicationsRequestModel: applications that are there, and new ones. */
export interface GroupApplicationsRequest {
  ExistingApplications?: PriorityRef[] | null;
  NewApplications?: ApplicationRequest[] | null;
  ExistingApplicationGroups?: PriorityRef[] | null;
}

/** MachineGroupRequestModel: machines that match are counted by the values of one property. */
export interface GroupMachinesRequest {
  SearchFilterGroups?: SearchGroup[] | null;
  SearchFilterGroupsType?: string | null;
  MachinePropertyName: string;
}

/** A delivery group of a resource for a user. `userSessions`: the user's live ones of this group; `reason`: why it gives the user nothing, as a word and a sentence; null: it does. */
export interface GroupPlacement {
  id: string;
  name: string;
  sessions: number;
  userSessions: number;
  rules: PlacementRules;
  reason: string | null;
  sentence: string | null;
}

/** What runs in a group now; the contract does not tell the members. */
export interface GroupUsage {
  SessionCount: number;
  ActiveSessionCount: number;
  DisconnectedSessionCount: number;
  TotalMachines: number;
  RegisteredMachines: number;
  MachinesInMaintenanceMode: number;
}

/** A page of hits, those that were indexed last first. */
export interface HitPage {
  items: HitView[];
  continuationToken: string | null;
}

/** An event that was searched for, and the recording that it is of. `atMs`: recording time. */
export interface HitView {
  recordingId: string;
  sessionId: string;
  userName: string;
  machineName: string;
  resourceName: string;
  startedAt: string | null;
  atMs: number;
  type: string;
  text: string;
}

/** The holds of a recording, the oldest first. */
export interface HoldList {
  items: HoldView[];
}

/** A legal hold: as long as there is one the recording is not deleted. */
export interface HoldView {
  id: string;
  reason: string;
  placedBy: string;
  placedAt: string;
}

/** What a host is given. `certificate`: the site's word for the signing key, as recordings carry it; `tlsCertificate`: PEM, named by the machine's id; `caCertificate`: PEM of who issued it; `busJwt` is of the bus user. */
export interface HostCredentials {
  machineId: string;
  machineName: string;
  siteId: string;
  siteName: string;
  certificate: Record<string, unknown>;
  tlsCertificate: string;
  caCertificate: string;
  busServers: string[];
  busJwt: string;
  issuedAtMs: number;
  expiresAtMs: number;
  serverVersion: string;
}

/** The public halves of a host's keys: `signingKey` of what signs segments, Ed25519 in hex; `busKey` of its user on the bus, an nkey; `tlsKey` of its TLS listener, EC P-256 in PEM (SubjectPublicKeyInfo). */
export interface HostKeys {
  signingKey: string;
  busKey: string;
  tlsKey: string;
}

/** The enrolled hosts that the caller sees. */
export interface HostList {
  items: HostView[];
}

/** An enrolled host; `id` is its machine's. `signingKey`: what signs its recordings, Ed25519 in hex; `rotating`: it has been asked for new keys and has none yet; `expiresAt`: of its credentials, which it renews by itself. */
export interface HostView {
  id: string;
  name: string;
  status: "enrolled" | "revoked";
  registered: boolean;
  lastSeenAt: string | null;
  agentVersion: string;
  asRoot: boolean;
  address: string;
  signingKey: string;
  enrolledAt: string;
  enrolledBy: string;
  issuedAt: string;
  expiresAt: string;
  rotating: boolean;
  revokedAt: string | null;
  revokedBy: string | null;
}

/** `raw_data` is the stored file in base64; `formatted_data` the picture in the format that was asked for. */
export interface Icon {
  Id: string;
  RawData: string;
  IsBuiltIn: boolean;
  FormattedData?: string | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface IconCollection {
  Items: Icon[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface IconCollectionSelection {
  Items: IconSelection[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** AddIconRequestModel: an ICO or PNG file in base64. */
export interface IconRequest {
  RawData: string;
  IconFormat?: string | null;
}

/** `raw_data` is the stored file in base64; `formatted_data` the picture in the format that was asked for. */
export interface IconSelection {
  Id?: string;
  RawData?: string;
  IsBuiltIn?: boolean;
  FormattedData?: string | null;
}

/** IdentityClaimsResponseModel. */
export interface IdentityClaims {
  Oid?: string | null;
  Sid?: string | null;
  Upn?: string | null;
  Email?: string | null;
}

/** IdentityDirectoryResponseModel. */
export interface IdentityDirectory {
  Forest?: string | null;
  Domain?: string | null;
  Tenant?: string | null;
  IdentityProvider?: "AD" | "All" | "AzureAD" | "Google" | "Okta" | "Unknown";
  IdpInstanceId?: string | null;
  IdpNickName?: string | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface IdentityDirectoryCollection {
  Items: IdentityDirectory[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** IdentityDomainResponseModel. */
export interface IdentityDomain {
  Forest: string;
  Parent?: string | null;
  Name: string;
  Children: string[];
  Sid?: string | null;
  Guid?: string | null;
  NetBiosName: string;
  DistinguishedName?: string | null;
  Controllers: string[];
  DefaultController: string;
  TrustedDomains: string[];
  UpnSuffixes: string[];
  PossibleLookupFailure?: boolean;
  PropertiesFetched?: number;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface IdentityDomainCollection {
  Items: IdentityDomain[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** IdentityForestResponseModel. */
export interface IdentityForest {
  Name: string;
  RootDomain: string;
  Domains: string[];
  Sites: string[];
  TrustedForests: string[];
  PossibleLookupFailure?: boolean;
  PropertiesFetched?: number;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface IdentityForestCollection {
  Items: IdentityForest[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** IdentityMachineResponseModel. */
export interface IdentityMachine {
  Domain: string;
  Forest: string;
  Guid: string;
  DistinguishedName?: string | null;
  CanonicalName?: string | null;
  PossibleLookupFailure?: boolean;
  DirectoryServer?: string | null;
  SamName: string;
  SamAccountName: string;
  DnsName: string;
  Sid?: string | null;
  ServicePrincipalNames: string[];
  Enabled?: boolean;
  Locked?: boolean;
  PropertiesFetched?: number;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface IdentityMachineCollection {
  Items: IdentityMachine[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** IdentityUserResponseModel. An unresolved user has DisplayName and PrincipalName "" (not null) and only Name and Sid; directory data stays null in sessions and PropertiesFetched 0. What sessions fill in stands first. */
export interface IdentityUser {
  DisplayName?: string;
  Sid?: string | null;
  Name?: string | null;
  SamName?: string | null;
  SamAccountName?: string | null;
  CommonName?: string | null;
  PrincipalName?: string;
  Oid?: string | null;
  UserIdentity?: string | null;
  GroupSids?: string[] | null;
  DenyOnlySids?: string[] | null;
  PasswordCanExpire?: boolean | null;
  DaysUntilPasswordExpiry?: number | null;
  IsBuiltIn?: boolean | null;
  IsGroup?: boolean | null;
  StreetAddress?: string | null;
  City?: string | null;
  State?: string | null;
  Country?: string | null;
  Mail?: string | null;
  TelephoneNumber?: string | null;
  HomePhone?: string | null;
  Mobile?: string | null;
  Enabled?: boolean | null;
  Locked?: boolean | null;
  PropertiesFetched?: number;
  Claims?: IdentityClaims | null;
  Directory?: IdentityDirectory | null;
  Domain?: string | null;
  Forest?: string | null;
  Guid?: string | null;
  DistinguishedName?: string | null;
  CanonicalName?: string | null;
  PossibleLookupFailure?: boolean;
  DirectoryServer?: string | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface IdentityUserCollection {
  Items: IdentityUser[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** How an installed application is started; three strings, never null. */
export interface InstalledAppProperties {
  CommandLineExecutable: string;
  CommandLineArguments: string;
  WorkingDirectory: string;
}

/** How an installed application is started; of one that is there, what is absent or null stays. */
export interface InstalledAppRequest {
  CommandLineExecutable?: string | null;
  CommandLineArguments?: string | null;
  WorkingDirectory?: string | null;
}

/** A long action. Each time stands twice: in locale form and as `formatted_...` in RFC 3339 (dates.py). */
export interface Job {
  Id: string;
  Type: "AddApplications" | "AddDeliveryGroupApplications" | "AddDeliveryGroupMachines" | "AddIcon" | "AddItemsIntoZone" | "AddMachineCatalogMachine" | "Batch" | "CreateAdmin" | "CreateAdminFolder" | "CreateAdminRole" | "CreateAdminScope" | "CreateApplicationFolder" | "CreateDeliveryGroup" | "CreateMachineCatalog" | "CreateStoreFrontServer" | "CreateTag" | "CreateZone" | "DeleteAdmin" | "DeleteAdminFolder" | "DeleteAdminRole" | "DeleteAdminScope" | "DeleteApplication" | "DeleteApplicationFolder" | "DeleteDeliveryGroup" | "DeleteMachine" | "DeleteMachineCatalog" | "DeleteStoreFrontServer" | "DeleteTag" | "DeleteZone" | "DisconnectSessions" | "DoDeliveryGroupSearch" | "DoMachineSearch" | "DoOperationSearch" | "DoSessionSearch" | "DoZoneSearch" | "EditZone" | "GetAdminAdministrators" | "GetAdminFolderApplications" | "GetAdminFolderMachineCatalogs" | "GetAdminFolders" | "GetApplicationDeliveryGroups" | "GetApplicationFolderApplications" | "GetApplicationFolders" | "GetApplicationSessions" | "GetApplications" | "GetDeliveryGroups" | "GetDomainsIdentity" | "GetMachineCatalogMachines" | "GetMachineCatalogs" | "GetMachines" | "GetOperations" | "GetSessionApplications" | "GetSessions" | "GetSiteStatus" | "GetUsersIdentity" | "HideSession" | "LogoffMachineSessions" | "LogoffSessions" | "MoveItemsIntoZone" | "RebootMachines" | "RemoveDeliveryGroupApplications" | "RemoveDeliveryGroupMachines" | "RemoveIcon" | "RemoveItemsFromZone" | "ResumeMachines" | "SearchApplications" | "SendSessionMessage" | "SetTagApplications" | "SetTagDeliveryGroups" | "SetTagMachineCatalogs" | "SetTagMachines" | "ShutDownMachines" | "StartMachines" | "StartSessionRecording" | "StopSessionRecording" | "SuspendMachines" | "TestSite" | "UnhideSession" | "Unknown" | "UpdateAdmin" | "UpdateAdminFolder" | "UpdateAdminRole" | "UpdateAdminScope" | "UpdateApplication" | "UpdateApplicationFolder" | "UpdateDeliveryGroup" | "UpdateMachineCatalog" | "UpdateMachineCatalogMachine" | "UpdateStoreFrontServer" | "UpdateTag" | "UpdateUserIdentity";
  OverallProgressPercent: number | null;
  IsCancellable: boolean | null;
  Parameters: NameValue[];
  SubJobs?: Job[] | null;
  Status: "Canceled" | "Complete" | "CompleteWithWarning" | "Failed" | "InProgress" | "NonTerminatingError" | "NotStarted" | "Unknown";
  ResultLocation: string | null;
  ErrorString: string | null;
  ErrorCode: string | null;
  ErrorParameters: NameValue[] | null;
  CreationTime: string | null;
  FormattedCreationTime: string | null;
  StartTime: string | null;
  FormattedStartTime: string | null;
  EndTime: string | null;
  FormattedEndTime: string | null;
}

/** The job that does the work. */
export interface JobBegun {
  jobId: string;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface JobCollection {
  Items: Job[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** A job: `state` running, done, failed or cancelled; `progress` 0 to 1. */
export interface JobView {
  id: string;
  kind: string;
  objectId: string;
  state: string;
  progress: number;
  error: string | null;
  resultPath: string | null;
}

/** What came of one policy. `verdict`: `decides`, `disabled`, `no-match`, or `outranked`: it would fit, but an earlier one decides; `missed`: the conditions that do not hold; `sentence`: the same for people. */
export interface JudgementView {
  id: string;
  name: string;
  position: number;
  verdict: "decides" | "disabled" | "no-match" | "outranked";
  missed: string[];
  sentence: string;
}

/** The session to work in. `notes`: what will be missing in it, for people. */
export interface LaunchedView {
  sessionId: string;
  machine: string;
  displayPath: string;
  notes?: string[];
}

/** A link to a moment of a recording. Who follows it signs in and needs the right to view the recording. */
export interface LinkView {
  token: string;
  url: string;
  recordingId: string;
  atMs: number;
  expiresAt: string;
}

/** LogOperationResponseModel. Each time stands twice: in locale form and in RFC 3339 (dates.py). */
export interface LogOperation {
  Id: string;
  Text: string;
  User: string | null;
  UserIdentity: string | null;
  Source: string;
  AdminMachineIP: string | null;
  StartTime: string | null;
  FormattedStartTime: string | null;
  EndTime: string | null;
  FormattedEndTime: string | null;
  IsSuccessful: boolean | null;
  TargetTypes: string[];
  OperationType: "AdminActivity" | "ConfigurationChange" | "Unknown";
  Labels: string[];
  Metadata: NameValue[];
  Parameters: NameValue[];
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface LogOperationCollection {
  Items: LogOperation[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** LogOperationSearchFilterGroupRequestModel: filters and groups, all joined by `search_type`. */
export interface LogSearchGroup {
  SearchType?: string | null;
  SearchFilters?: SearchFilter[] | null;
  SearchFilterGroups?: LogSearchGroup[] | null;
}

/** LogOperationSearchRequestModel; `{}` finds everything, the newest first. */
export interface LogSearchRequest {
  BasicSearchString?: string | null;
  SearchType?: string | null;
  SearchFilters?: SearchFilter[] | null;
  SearchFilterGroups?: LogSearchGroup[] | null;
  SortCriteria?: SearchSort | null;
}

/** LogSiteResponseModel. */
export interface LogSite {
  LoggingEnabled: boolean;
  AllowChangesWhileDatabaseDown: boolean;
  Locale: string;
}

/** LogSiteRequestModel; what is absent or null stays. */
export interface LogSiteUpdate {
  LoggingEnabled?: boolean | null;
  AllowChangesWhileDatabaseDown?: boolean | null;
  Locale?: string | null;
}

/** LowLevelOperationDetailResponseModel: one changed member of the object. */
export interface LowLevelDetail {
  Text: string;
  PropertyName?: string | null;
  PreviousValue?: string | null;
  NewValue?: string | null;
  AddValue?: string | null;
  RemoveValue?: string | null;
  TargetName: string;
  TargetUid: string;
  TargetType?: string | null;
  StartTime: string | null;
  FormattedStartTime: string | null;
  EndTime: string | null;
  FormattedEndTime: string | null;
  IsSuccessful: boolean | null;
}

/** LowLevelOperationResponseModel. */
export interface LowLevelOperation {
  Id: string;
  OperationId: string;
  Text: string;
  User: string | null;
  Source: string;
  SourceSdk?: string | null;
  AdminMachineIP: string | null;
  StartTime: string | null;
  FormattedStartTime: string | null;
  EndTime: string | null;
  FormattedEndTime: string | null;
  IsSuccessful: boolean | null;
  TargetTypes: string[];
  OperationType: "AdminActivity" | "ConfigurationChange" | "Unknown";
  Parameters: NameValue[];
  Details: LowLevelDetail[];
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface LowLevelOperationCollection {
  Items: LowLevelOperation[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** MachineResponseModel. The defaults are the reduced form that a session carries: what was not fetched is null, or "Unknown" where the type has no null; `id` too is null inside a session. `name` is DOMAIN\\HOST, `dns_name` the FQDN. */
export interface Machine {
  Uid: number | null;
  AgentVersion: string | null;
  AllocationType?: "Random" | "Static" | "Unknown";
  ApplicationsInUse?: Ref[] | null;
  AssignedUsers?: IdentityUser[] | null;
  AssociatedUsers?: IdentityUser[] | null;
  AzureAdJoinedMode?: "HybridAadJoined" | "NotAadJoined" | "PureAadJoined" | "Unknown";
  ContainerScopes?: ContainerScope[] | null;
  ControllerDnsName?: string | null;
  DeliveryGroup: Ref;
  DeliveryType?: "AppsOnly" | "DesktopsAndApps" | "DesktopsOnly" | "Unknown" | null;
  Description?: string | null;
  DesktopConditions?: ("CPU" | "ICALatency" | "UPMLogonTime" | "Unknown")[] | null;
  DnsName: string | null;
  FunctionalLevel?: "L5" | "L7" | "L7_20" | "L7_25" | "L7_30" | "L7_34" | "L7_6" | "L7_7" | "L7_8" | "L7_9" | "LMAX" | "LMIN" | "Unknown" | null;
  Hosting?: MachineHosting;
  InMaintenanceMode?: boolean;
  MaintenanceModeReason?: "Administrator" | "MaxFailedRegistrations" | "None" | "Unknown";
  DrainingUntilShutdown?: boolean;
  IPAddress: string | null;
  IsAssigned?: boolean | null;
  MachineType: "Physical" | "Unknown" | "Virtual";
  LastConnectionFailure?: "ConnectionTimeout" | "Licensing" | "None" | "Other" | "RegistrationTimeout" | "SessionPreparation" | "Ticketing" | "Unknown" | null;
  LastConnectionTime?: string | null;
  FormattedLastConnectionTime?: string | null;
  LastConnectionUser?: IdentityUser | null;
  LastDeregistrationReason?: "AgentAddressResolutionFailed" | "AgentNotContactable" | "AgentRejectedSettingsUpdate" | "AgentRequested" | "AgentShutdown" | "AgentSuspended" | "AgentWrongActiveDirectoryOU" | "BrokerRegistrationLimitReached" | "ContactLost" | "DesktopRemoved" | "DesktopRestart" | "EmptyRegistrationRequest" | "FunctionalLevelTooLowForCatalog" | "FunctionalLevelTooLowForDesktopGroup" | "IncompatibleVersion" | "InconsistentRegistrationCapabilities" | "InvalidRegistrationRequest" | "MachineInRegistrationSinBin" | "MissingAgentVersion" | "MissingRegistrationCapabilities" | "NotLicensedForFeature" | "OSNotCompatibleWithDdc" | "PowerOff" | "RegistrationStateMismatch" | "SendSettingsFailure" | "SessionAuditFailure" | "SessionPrepareFailure" | "SettingsCreationFailure" | "SingleMultiSessionMismatch" | "UnexpectedAgentShutdown" | "Unknown" | "UnknownError" | "UnsupportedCredentialSecurityVersion" | "VMNotCompatibleWithDdc" | null;
  LastDeregistrationTime?: string | null;
  FormattedLastDeregistrationTime?: string | null;
  LastErrorReason?: string | null;
  LastErrorTime?: string | null;
  FormattedLastErrorTime?: string | null;
  LoadIndex?: number | null;
  LoadIndexes?: number[] | null;
  LoadIndexNames?: string[] | null;
  MachineUnavailableReason?: "AzureAdJoinInitializing" | "AzureArcOnboardingRequired" | "GctConnectionInitializing" | "IntuneEnrollPending" | "LoadManagementInitializing" | "None" | "PvdFailed" | "PvdInitializing" | "Unknown";
  OSType: string | null;
  OSVersion?: string | null;
  PersistUserChanges?: "Discard" | "OnLocal" | "OnPvd" | "Unknown";
  PowerActionPending?: boolean | null;
  PowerState?: "NotSupported" | "Off" | "On" | "Resuming" | "Suspended" | "Suspending" | "TurningOff" | "TurningOn" | "Unavailable" | "Unknown" | "Unmanaged" | "VirtualMachineNotFound";
  ProvisioningType?: "MCS" | "MCSImport" | "Manual" | "PVS" | "PVSStreaming" | "Unknown";
  PublishedApplications?: string[] | null;
  PublishedName?: string | null;
  RegistrationState?: "AgentError" | "Initializing" | "Registered" | "Unknown" | "Unregistered" | null;
  ScheduledReboot?: "Draining" | "InProgress" | "Natural" | "None" | "Pending" | "Unknown";
  SessionClientAddress?: string | null;
  SessionClientName?: string | null;
  SessionClientVersion?: string | null;
  SessionConnectedViaHostName?: string | null;
  SessionConnectedViaIP?: string | null;
  SessionCount?: number | null;
  SessionLaunchedViaHostName?: string | null;
  SessionLaunchedViaIP?: string | null;
  SessionProtocol?: "Console" | "Hdx" | "Rdp" | "Unknown" | null;
  SessionSecureIcaActive?: boolean | null;
  SessionSmartAccessTags?: string[] | null;
  SessionStartTime?: string | null;
  FormattedSessionStartTime?: string | null;
  SessionState?: "Active" | "Connected" | "Disconnected" | "Unknown" | null;
  SessionStateChangeTime?: string | null;
  FormattedSessionStateChangeTime?: string | null;
  SessionSupport?: "MultiSession" | "SingleSession" | "Unknown";
  SessionUserName?: string | null;
  Sid?: string | null;
  SummaryState: "Available" | "Disconnected" | "InUse" | "Off" | "Preparing" | "Unknown" | "Unregistered";
  WillShutdownAfterUse?: boolean | null;
  WindowsConnectionSetting?: "Draining" | "DrainingUntilRestart" | "LogonDisabled" | "LogonEnabled" | "Unknown" | null;
  WindowsActivationStatus?: string | null;
  WindowsActivationStatusErrorCode?: string | null;
  WindowsActivationStatusVirtualMachineError?: string | null;
  WindowsActivationTypeProvisionedVirtualMachine?: string | null;
  Zone: Ref;
  SupportedPowerActions?: ("PowerOff" | "PowerOn" | "Reset" | "Restart" | "Shutdown" | "SuspendResume" | "Unknown")[] | null;
  FaultState?: "FailedToStart" | "MaxCapacity" | "None" | "StuckOnBoot" | "Unknown" | "Unregistered" | "VirtualMachineNotFound";
  ContainerMetadata?: ContainerMetadata | null;
  Tags?: string[] | null;
  UpgradeType?: "CR" | "EAR_CR" | "EAR_LTSR" | "LTSR" | "NotSet" | null;
  UpgradeState?: "MissingUpgradeType" | "Unknown" | "UpToDate" | "UpgradeAvailable" | "UpgradeScheduled" | null;
  MachineConfigurationOutOfSync?: boolean | null;
  UpgradeDetail?: MachineUpgradeDetail | null;
  Metadata?: NameValue[] | null;
  IconId?: string | null;
  Id?: string | null;
  MachineCatalog: Ref;
  Name: string | null;
}

/** MachineCatalogResponseModel. Counts: available machines are in no delivery group, used ones are in one, assigned ones have users or a client of their own. */
export interface MachineCatalog {
  Name: string;
  FullName: string | null;
  Id: string;
  Uid: number | null;
  AllocationType: "Random" | "Static" | "Unknown";
  AssignedCount: number;
  AvailableAssignedCount: number;
  AvailableCount: number;
  AvailableUnassignedCount: number;
  Description?: string | null;
  IsPowerManaged?: boolean;
  IsRemotePC?: boolean;
  JobsInProgress?: Ref[] | null;
  MachineType: "Physical" | "Unknown" | "Virtual";
  Metadata: NameValue[];
  MinimumFunctionalLevel: "L5" | "L7" | "L7_20" | "L7_25" | "L7_30" | "L7_34" | "L7_6" | "L7_7" | "L7_8" | "L7_9" | "LMAX" | "LMIN" | "Unknown";
  HasBeenPromoted?: boolean;
  HasBeenPromotedFrom?: "L5" | "L7" | "L7_20" | "L7_25" | "L7_30" | "L7_34" | "L7_6" | "L7_7" | "L7_8" | "L7_9" | "LMAX" | "LMIN" | "Unknown";
  CanRollbackVMImage?: boolean;
  CanRecreateCatalog?: boolean;
  PersistChanges: "Discard" | "OnLocal" | "OnPvd" | "Unknown";
  ProvisioningScheme?: null;
  ProvisioningType?: "MCS" | "MCSImport" | "Manual" | "PVS" | "PVSStreaming" | "Unknown";
  ProvisioningProgress?: null;
  PvsAddress?: string | null;
  PvsDomain?: string | null;
  RemotePCEnrollmentScopes?: Ref[] | null;
  Scopes: Scope[];
  Tenants?: Ref[] | null;
  SessionSupport: "MultiSession" | "SingleSession" | "Unknown";
  SharingKind: "Private" | "Shared" | "Unknown";
  TotalCount: number;
  IsBroken?: boolean;
  IsMasterImageAssociated?: boolean;
  Errors?: string[];
  Warnings?: Ref[] | null;
  UnassignedCount: number;
  UsedCount: number;
  UpgradeInfo?: null;
  Zone: Ref;
  AdminFolder: Ref;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface MachineCatalogCollection {
  Items: MachineCatalog[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface MachineCatalogCollectionSelection {
  Items: MachineCatalogSelection[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** MachineCatalogDetailResponseModel. Of an empty catalog the version and the system are "-". */
export interface MachineCatalogDetail {
  Name: string;
  FullName: string | null;
  Id: string;
  Uid: number | null;
  AllocationType: "Random" | "Static" | "Unknown";
  AssignedCount: number;
  AvailableAssignedCount: number;
  AvailableCount: number;
  AvailableUnassignedCount: number;
  Description?: string | null;
  IsPowerManaged?: boolean;
  IsRemotePC?: boolean;
  JobsInProgress?: Ref[] | null;
  MachineType: "Physical" | "Unknown" | "Virtual";
  Metadata: NameValue[];
  MinimumFunctionalLevel: "L5" | "L7" | "L7_20" | "L7_25" | "L7_30" | "L7_34" | "L7_6" | "L7_7" | "L7_8" | "L7_9" | "LMAX" | "LMIN" | "Unknown";
  HasBeenPromoted?: boolean;
  HasBeenPromotedFrom?: "L5" | "L7" | "L7_20" | "L7_25" | "L7_30" | "L7_34" | "L7_6" | "L7_7" | "L7_8" | "L7_9" | "LMAX" | "LMIN" | "Unknown";
  CanRollbackVMImage?: boolean;
  CanRecreateCatalog?: boolean;
  PersistChanges: "Discard" | "OnLocal" | "OnPvd" | "Unknown";
  ProvisioningScheme?: null;
  ProvisioningType?: "MCS" | "MCSImport" | "Manual" | "PVS" | "PVSStreaming" | "Unknown";
  ProvisioningProgress?: null;
  PvsAddress?: string | null;
  PvsDomain?: string | null;
  RemotePCEnrollmentScopes?: Ref[] | null;
  Scopes: Scope[];
  Tenants?: Ref[] | null;
  SessionSupport: "MultiSession" | "SingleSession" | "Unknown";
  SharingKind: "Private" | "Shared" | "Unknown";
  TotalCount: number;
  IsBroken?: boolean;
  IsMasterImageAssociated?: boolean;
  Errors?: string[];
  Warnings?: Ref[] | null;
  UnassignedCount: number;
  UsedCount: number;
  UpgradeInfo?: null;
  Zone: Ref;
  AdminFolder: Ref;
  AgentVersion: string;
  HypervisorConnection?: Ref | null;
  OSType: string;
  OSVersion: string;
  DeliveryGroups: CatalogGroup[];
  UpgradeDetail?: null;
}

/** MachineCatalogDetailResponseModel. Of an empty catalog the version and the system are "-". */
export interface MachineCatalogDetailSelection {
  Name?: string;
  FullName?: string | null;
  Id?: string;
  Uid?: number | null;
  AllocationType?: "Random" | "Static" | "Unknown";
  AssignedCount?: number;
  AvailableAssignedCount?: number;
  AvailableCount?: number;
  AvailableUnassignedCount?: number;
  Description?: string | null;
  IsPowerManaged?: boolean;
  IsRemotePC?: boolean;
  JobsInProgress?: Ref[] | null;
  MachineType?: "Physical" | "Unknown" | "Virtual";
  Metadata?: NameValue[];
  MinimumFunctionalLevel?: "L5" | "L7" | "L7_20" | "L7_25" | "L7_30" | "L7_34" | "L7_6" | "L7_7" | "L7_8" | "L7_9" | "LMAX" | "LMIN" | "Unknown";
  HasBeenPromoted?: boolean;
  HasBeenPromotedFrom?: "L5" | "L7" | "L7_20" | "L7_25" | "L7_30" | "L7_34" | "L7_6" | "L7_7" | "L7_8" | "L7_9" | "LMAX" | "LMIN" | "Unknown";
  CanRollbackVMImage?: boolean;
  CanRecreateCatalog?: boolean;
  PersistChanges?: "Discard" | "OnLocal" | "OnPvd" | "Unknown";
  ProvisioningScheme?: null;
  ProvisioningType?: "MCS" | "MCSImport" | "Manual" | "PVS" | "PVSStreaming" | "Unknown";
  ProvisioningProgress?: null;
  PvsAddress?: string | null;
  PvsDomain?: string | null;
  RemotePCEnrollmentScopes?: Ref[] | null;
  Scopes?: Scope[];
  Tenants?: Ref[] | null;
  SessionSupport?: "MultiSession" | "SingleSession" | "Unknown";
  SharingKind?: "Private" | "Shared" | "Unknown";
  TotalCount?: number;
  IsBroken?: boolean;
  IsMasterImageAssociated?: boolean;
  Errors?: string[];
  Warnings?: Ref[] | null;
  UnassignedCount?: number;
  UsedCount?: number;
  UpgradeInfo?: null;
  Zone?: Ref;
  AdminFolder?: Ref;
  AgentVersion?: string;
  HypervisorConnection?: Ref | null;
  OSType?: string;
  OSVersion?: string;
  DeliveryGroups?: CatalogGroup[];
  UpgradeDetail?: null;
}

/** MachineCatalogResponseModel. Counts: available machines are in no delivery group, used ones are in one, assigned ones have users or a client of their own. */
export interface MachineCatalogSelection {
  Name?: string;
  FullName?: string | null;
  Id?: string;
  Uid?: number | null;
  AllocationType?: "Random" | "Static" | "Unknown";
  AssignedCount?: number;
  AvailableAssignedCount?: number;
  AvailableCount?: number;
  AvailableUnassignedCount?: number;
  Description?: string | null;
  IsPowerManaged?: boolean;
  IsRemotePC?: boolean;
  JobsInProgress?: Ref[] | null;
  MachineType?: "Physical" | "Unknown" | "Virtual";
  Metadata?: NameValue[];
  MinimumFunctionalLevel?: "L5" | "L7" | "L7_20" | "L7_25" | "L7_30" | "L7_34" | "L7_6" | "L7_7" | "L7_8" | "L7_9" | "LMAX" | "LMIN" | "Unknown";
  HasBeenPromoted?: boolean;
  HasBeenPromotedFrom?: "L5" | "L7" | "L7_20" | "L7_25" | "L7_30" | "L7_34" | "L7_6" | "L7_7" | "L7_8" | "L7_9" | "LMAX" | "LMIN" | "Unknown";
  CanRollbackVMImage?: boolean;
  CanRecreateCatalog?: boolean;
  PersistChanges?: "Discard" | "OnLocal" | "OnPvd" | "Unknown";
  ProvisioningScheme?: null;
  ProvisioningType?: "MCS" | "MCSImport" | "Manual" | "PVS" | "PVSStreaming" | "Unknown";
  ProvisioningProgress?: null;
  PvsAddress?: string | null;
  PvsDomain?: string | null;
  RemotePCEnrollmentScopes?: Ref[] | null;
  Scopes?: Scope[];
  Tenants?: Ref[] | null;
  SessionSupport?: "MultiSession" | "SingleSession" | "Unknown";
  SharingKind?: "Private" | "Shared" | "Unknown";
  TotalCount?: number;
  IsBroken?: boolean;
  IsMasterImageAssociated?: boolean;
  Errors?: string[];
  Warnings?: Ref[] | null;
  UnassignedCount?: number;
  UsedCount?: number;
  UpgradeInfo?: null;
  Zone?: Ref;
  AdminFolder?: Ref;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface MachineCollection {
  Items: Machine[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface MachineCollectionSelection {
  Items: MachineSelection[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** MachineDetailResponseModel: a machine by itself, `id` set. */
export interface MachineDetail {
  Uid: number | null;
  AgentVersion: string | null;
  AllocationType?: "Random" | "Static" | "Unknown";
  ApplicationsInUse?: Ref[] | null;
  AssignedUsers?: IdentityUser[] | null;
  AssociatedUsers?: IdentityUser[] | null;
  AzureAdJoinedMode?: "HybridAadJoined" | "NotAadJoined" | "PureAadJoined" | "Unknown";
  ContainerScopes?: ContainerScope[] | null;
  ControllerDnsName?: string | null;
  DeliveryGroup: Ref;
  DeliveryType?: "AppsOnly" | "DesktopsAndApps" | "DesktopsOnly" | "Unknown" | null;
  Description?: string | null;
  DesktopConditions?: ("CPU" | "ICALatency" | "UPMLogonTime" | "Unknown")[] | null;
  DnsName: string | null;
  FunctionalLevel?: "L5" | "L7" | "L7_20" | "L7_25" | "L7_30" | "L7_34" | "L7_6" | "L7_7" | "L7_8" | "L7_9" | "LMAX" | "LMIN" | "Unknown" | null;
  Hosting?: MachineHosting;
  InMaintenanceMode?: boolean;
  MaintenanceModeReason?: "Administrator" | "MaxFailedRegistrations" | "None" | "Unknown";
  DrainingUntilShutdown?: boolean;
  IPAddress: string | null;
  IsAssigned?: boolean | null;
  MachineType: "Physical" | "Unknown" | "Virtual";
  LastConnectionFailure?: "ConnectionTimeout" | "Licensing" | "None" | "Other" | "RegistrationTimeout" | "SessionPreparation" | "Ticketing" | "Unknown" | null;
  LastConnectionTime?: string | null;
  FormattedLastConnectionTime?: string | null;
  LastConnectionUser?: IdentityUser | null;
  LastDeregistrationReason?: "AgentAddressResolutionFailed" | "AgentNotContactable" | "AgentRejectedSettingsUpdate" | "AgentRequested" | "AgentShutdown" | "AgentSuspended" | "AgentWrongActiveDirectoryOU" | "BrokerRegistrationLimitReached" | "ContactLost" | "DesktopRemoved" | "DesktopRestart" | "EmptyRegistrationRequest" | "FunctionalLevelTooLowForCatalog" | "FunctionalLevelTooLowForDesktopGroup" | "IncompatibleVersion" | "InconsistentRegistrationCapabilities" | "InvalidRegistrationRequest" | "MachineInRegistrationSinBin" | "MissingAgentVersion" | "MissingRegistrationCapabilities" | "NotLicensedForFeature" | "OSNotCompatibleWithDdc" | "PowerOff" | "RegistrationStateMismatch" | "SendSettingsFailure" | "SessionAuditFailure" | "SessionPrepareFailure" | "SettingsCreationFailure" | "SingleMultiSessionMismatch" | "UnexpectedAgentShutdown" | "Unknown" | "UnknownError" | "UnsupportedCredentialSecurityVersion" | "VMNotCompatibleWithDdc" | null;
  LastDeregistrationTime?: string | null;
  FormattedLastDeregistrationTime?: string | null;
  LastErrorReason?: string | null;
  LastErrorTime?: string | null;
  FormattedLastErrorTime?: string | null;
  LoadIndex?: number | null;
  LoadIndexes?: number[] | null;
  LoadIndexNames?: string[] | null;
  MachineUnavailableReason?: "AzureAdJoinInitializing" | "AzureArcOnboardingRequired" | "GctConnectionInitializing" | "IntuneEnrollPending" | "LoadManagementInitializing" | "None" | "PvdFailed" | "PvdInitializing" | "Unknown";
  OSType: string | null;
  OSVersion?: string | null;
  PersistUserChanges?: "Discard" | "OnLocal" | "OnPvd" | "Unknown";
  PowerActionPending?: boolean | null;
  PowerState?: "NotSupported" | "Off" | "On" | "Resuming" | "Suspended" | "Suspending" | "TurningOff" | "TurningOn" | "Unavailable" | "Unknown" | "Unmanaged" | "VirtualMachineNotFound";
  ProvisioningType?: "MCS" | "MCSImport" | "Manual" | "PVS" | "PVSStreaming" | "Unknown";
  PublishedApplications?: string[] | null;
  PublishedName?: string | null;
  RegistrationState?: "AgentError" | "Initializing" | "Registered" | "Unknown" | "Unregistered" | null;
  ScheduledReboot?: "Draining" | "InProgress" | "Natural" | "None" | "Pending" | "Unknown";
  SessionClientAddress?: string | null;
  SessionClientName?: string | null;
  SessionClientVersion?: string | null;
  SessionConnectedViaHostName?: string | null;
  SessionConnectedViaIP?: string | null;
  SessionCount?: number | null;
  SessionLaunchedViaHostName?: string | null;
  SessionLaunchedViaIP?: string | null;
  SessionProtocol?: "Console" | "Hdx" | "Rdp" | "Unknown" | null;
  SessionSecureIcaActive?: boolean | null;
  SessionSmartAccessTags?: string[] | null;
  SessionStartTime?: string | null;
  FormattedSessionStartTime?: string | null;
  SessionState?: "Active" | "Connected" | "Disconnected" | "Unknown" | null;
  SessionStateChangeTime?: string | null;
  FormattedSessionStateChangeTime?: string | null;
  SessionSupport?: "MultiSession" | "SingleSession" | "Unknown";
  SessionUserName?: string | null;
  Sid?: string | null;
  SummaryState: "Available" | "Disconnected" | "InUse" | "Off" | "Preparing" | "Unknown" | "Unregistered";
  WillShutdownAfterUse?: boolean | null;
  WindowsConnectionSetting?: "Draining" | "DrainingUntilRestart" | "LogonDisabled" | "LogonEnabled" | "Unknown" | null;
  WindowsActivationStatus?: string | null;
  WindowsActivationStatusErrorCode?: string | null;
  WindowsActivationStatusVirtualMachineError?: string | null;
  WindowsActivationTypeProvisionedVirtualMachine?: string | null;
  Zone: Ref;
  SupportedPowerActions?: ("PowerOff" | "PowerOn" | "Reset" | "Restart" | "Shutdown" | "SuspendResume" | "Unknown")[] | null;
  FaultState?: "FailedToStart" | "MaxCapacity" | "None" | "StuckOnBoot" | "Unknown" | "Unregistered" | "VirtualMachineNotFound";
  ContainerMetadata?: ContainerMetadata | null;
  Tags?: string[] | null;
  UpgradeType?: "CR" | "EAR_CR" | "EAR_LTSR" | "LTSR" | "NotSet" | null;
  UpgradeState?: "MissingUpgradeType" | "Unknown" | "UpToDate" | "UpgradeAvailable" | "UpgradeScheduled" | null;
  MachineConfigurationOutOfSync?: boolean | null;
  UpgradeDetail?: MachineUpgradeDetail | null;
  Metadata?: NameValue[] | null;
  IconId?: string | null;
  Id?: string | null;
  MachineCatalog: Ref;
  Name: string | null;
  AssignedClientName?: string | null;
  AssignedIPAddress?: string | null;
  BrowserName?: string | null;
  ColorDepth?: "EightBit" | "FourBit" | "SixteenBit" | "TwentyFourBit" | "Unknown" | null;
  IsReserved?: boolean;
  SecureIcaRequired?: boolean | null;
  SessionsEstablished: number;
  SessionsPending: number;
  StoreFrontServersForHostedReceiver?: StoreFrontServer[];
  VMToolsState?: "NotPresent" | "NotStarted" | "Running" | "Unknown";
  FailureReason?: string | null;
  FailedActionCompletionTime?: string | null;
}

/** MachineDetailResponseModel: a machine by itself, `id` set. */
export interface MachineDetailSelection {
  Uid?: number | null;
  AgentVersion?: string | null;
  AllocationType?: "Random" | "Static" | "Unknown";
  ApplicationsInUse?: Ref[] | null;
  AssignedUsers?: IdentityUser[] | null;
  AssociatedUsers?: IdentityUser[] | null;
  AzureAdJoinedMode?: "HybridAadJoined" | "NotAadJoined" | "PureAadJoined" | "Unknown";
  ContainerScopes?: ContainerScope[] | null;
  ControllerDnsName?: string | null;
  DeliveryGroup?: Ref;
  DeliveryType?: "AppsOnly" | "DesktopsAndApps" | "DesktopsOnly" | "Unknown" | null;
  Description?: string | null;
  DesktopConditions?: ("CPU" | "ICALatency" | "UPMLogonTime" | "Unknown")[] | null;
  DnsName?: string | null;
  FunctionalLevel?: "L5" | "L7" | "L7_20" | "L7_25" | "L7_30" | "L7_34" | "L7_6" | "L7_7" | "L7_8" | "L7_9" | "LMAX" | "LMIN" | "Unknown" | null;
  Hosting?: MachineHosting;
  InMaintenanceMode?: boolean;
  MaintenanceModeReason?: "Administrator" | "MaxFailedRegistrations" | "None" | "Unknown";
  DrainingUntilShutdown?: boolean;
  IPAddress?: string | null;
  IsAssigned?: boolean | null;
  MachineType?: "Physical" | "Unknown" | "Virtual";
  LastConnectionFailure?: "ConnectionTimeout" | "Licensing" | "None" | "Other" | "RegistrationTimeout" | "SessionPreparation" | "Ticketing" | "Unknown" | null;
  LastConnectionTime?: string | null;
  FormattedLastConnectionTime?: string | null;
  LastConnectionUser?: IdentityUser | null;
  LastDeregistrationReason?: "AgentAddressResolutionFailed" | "AgentNotContactable" | "AgentRejectedSettingsUpdate" | "AgentRequested" | "AgentShutdown" | "AgentSuspended" | "AgentWrongActiveDirectoryOU" | "BrokerRegistrationLimitReached" | "ContactLost" | "DesktopRemoved" | "DesktopRestart" | "EmptyRegistrationRequest" | "FunctionalLevelTooLowForCatalog" | "FunctionalLevelTooLowForDesktopGroup" | "IncompatibleVersion" | "InconsistentRegistrationCapabilities" | "InvalidRegistrationRequest" | "MachineInRegistrationSinBin" | "MissingAgentVersion" | "MissingRegistrationCapabilities" | "NotLicensedForFeature" | "OSNotCompatibleWithDdc" | "PowerOff" | "RegistrationStateMismatch" | "SendSettingsFailure" | "SessionAuditFailure" | "SessionPrepareFailure" | "SettingsCreationFailure" | "SingleMultiSessionMismatch" | "UnexpectedAgentShutdown" | "Unknown" | "UnknownError" | "UnsupportedCredentialSecurityVersion" | "VMNotCompatibleWithDdc" | null;
  LastDeregistrationTime?: string | null;
  FormattedLastDeregistrationTime?: string | null;
  LastErrorReason?: string | null;
  LastErrorTime?: string | null;
  FormattedLastErrorTime?: string | null;
  LoadIndex?: number | null;
  LoadIndexes?: number[] | null;
  LoadIndexNames?: string[] | null;
  MachineUnavailableReason?: "AzureAdJoinInitializing" | "AzureArcOnboardingRequired" | "GctConnectionInitializing" | "IntuneEnrollPending" | "LoadManagementInitializing" | "None" | "PvdFailed" | "PvdInitializing" | "Unknown";
  OSType?: string | null;
  OSVersion?: string | null;
  PersistUserChanges?: "Discard" | "OnLocal" | "OnPvd" | "Unknown";
  PowerActionPending?: boolean | null;
  PowerState?: "NotSupported" | "Off" | "On" | "Resuming" | "Suspended" | "Suspending" | "TurningOff" | "TurningOn" | "Unavailable" | "Unknown" | "Unmanaged" | "VirtualMachineNotFound";
  ProvisioningType?: "MCS" | "MCSImport" | "Manual" | "PVS" | "PVSStreaming" | "Unknown";
  PublishedApplications?: string[] | null;
  PublishedName?: string | null;
  RegistrationState?: "AgentError" | "Initializing" | "Registered" | "Unknown" | "Unregistered" | null;
  ScheduledReboot?: "Draining" | "InProgress" | "Natural" | "None" | "Pending" | "Unknown";
  SessionClientAddress?: string | null;
  SessionClientName?: string | null;
  SessionClientVersion?: string | null;
  SessionConnectedViaHostName?: string | null;
  SessionConnectedViaIP?: string | null;
  SessionCount?: number | null;
  SessionLaunchedViaHostName?: string | null;
  SessionLaunchedViaIP?: string | null;
  SessionProtocol?: "Console" | "Hdx" | "Rdp" | "Unknown" | null;
  SessionSecureIcaActive?: boolean | null;
  SessionSmartAccessTags?: string[] | null;
  SessionStartTime?: string | null;
  FormattedSessionStartTime?: string | null;
  SessionState?: "Active" | "Connected" | "Disconnected" | "Unknown" | null;
  SessionStateChangeTime?: string | null;
  FormattedSessionStateChangeTime?: string | null;
  SessionSupport?: "MultiSession" | "SingleSession" | "Unknown";
  SessionUserName?: string | null;
  Sid?: string | null;
  SummaryState?: "Available" | "Disconnected" | "InUse" | "Off" | "Preparing" | "Unknown" | "Unregistered";
  WillShutdownAfterUse?: boolean | null;
  WindowsConnectionSetting?: "Draining" | "DrainingUntilRestart" | "LogonDisabled" | "LogonEnabled" | "Unknown" | null;
  WindowsActivationStatus?: string | null;
  WindowsActivationStatusErrorCode?: string | null;
  WindowsActivationStatusVirtualMachineError?: string | null;
  WindowsActivationTypeProvisionedVirtualMachine?: string | null;
  Zone?: Ref;
  SupportedPowerActions?: ("PowerOff" | "PowerOn" | "Reset" | "Restart" | "Shutdown" | "SuspendResume" | "Unknown")[] | null;
  FaultState?: "FailedToStart" | "MaxCapacity" | "None" | "StuckOnBoot" | "Unknown" | "Unregistered" | "VirtualMachineNotFound";
  ContainerMetadata?: ContainerMetadata | null;
  Tags?: string[] | null;
  UpgradeType?: "CR" | "EAR_CR" | "EAR_LTSR" | "LTSR" | "NotSet" | null;
  UpgradeState?: "MissingUpgradeType" | "Unknown" | "UpToDate" | "UpgradeAvailable" | "UpgradeScheduled" | null;
  MachineConfigurationOutOfSync?: boolean | null;
  UpgradeDetail?: MachineUpgradeDetail | null;
  Metadata?: NameValue[] | null;
  IconId?: string | null;
  Id?: string | null;
  MachineCatalog?: Ref;
  Name?: string | null;
  AssignedClientName?: string | null;
  AssignedIPAddress?: string | null;
  BrowserName?: string | null;
  ColorDepth?: "EightBit" | "FourBit" | "SixteenBit" | "TwentyFourBit" | "Unknown" | null;
  IsReserved?: boolean;
  SecureIcaRequired?: boolean | null;
  SessionsEstablished?: number;
  SessionsPending?: number;
  StoreFrontServersForHostedReceiver?: StoreFrontServer[];
  VMToolsState?: "NotPresent" | "NotStarted" | "Running" | "Unknown";
  FailureReason?: string | null;
  FailedActionCompletionTime?: string | null;
}

/** Machines. `silent`: nothing is heard from them; `maintenance`: of the others, those that take no sessions; `full`: of the rest, those whose load is at its end. */
export interface MachineFigures {
  total: number;
  silent: number;
  maintenance: number;
  full: number;
}

/** MachineHostingResponseModel. A machine without hypervisor has a connection that names no object, not null. */
export interface MachineHosting {
  HostedMachineId?: string | null;
  HostedMachineName?: string | null;
  HostingServerName?: string | null;
  LastHostingUpdateTime?: string | null;
  FormattedLastHostingUpdateTime?: string | null;
  HypervisorConnection?: Ref;
  ImageOutOfDate?: boolean;
}

/** Whether a machine could take a session of the user now, and if not why: a word and a sentence. `loadIndex`: 0 to 10000, of what its host said last and the sessions that it has now; `rank`: 1 for the one that a launch would take, null where it cannot. */
export interface MachinePlacement {
  id: string;
  name: string;
  deliveryGroup: string;
  zone: string;
  sessions: number;
  loadIndex: number;
  takes: boolean;
  rank: number | null;
  reason: string | null;
  sentence: string | null;
}

/** MachineResponseModel. The defaults are the reduced form that a session carries: what was not fetched is null, or "Unknown" where the type has no null; `id` too is null inside a session. `name` is DOMAIN\\HOST, `dns_name` the FQDN. */
export interface MachineSelection {
  Uid?: number | null;
  AgentVersion?: string | null;
  AllocationType?: "Random" | "Static" | "Unknown";
  ApplicationsInUse?: Ref[] | null;
  AssignedUsers?: IdentityUser[] | null;
  AssociatedUsers?: IdentityUser[] | null;
  AzureAdJoinedMode?: "HybridAadJoined" | "NotAadJoined" | "PureAadJoined" | "Unknown";
  ContainerScopes?: ContainerScope[] | null;
  ControllerDnsName?: string | null;
  DeliveryGroup?: Ref;
  DeliveryType?: "AppsOnly" | "DesktopsAndApps" | "DesktopsOnly" | "Unknown" | null;
  Description?: string | null;
  DesktopConditions?: ("CPU" | "ICALatency" | "UPMLogonTime" | "Unknown")[] | null;
  DnsName?: string | null;
  FunctionalLevel?: "L5" | "L7" | "L7_20" | "L7_25" | "L7_30" | "L7_34" | "L7_6" | "L7_7" | "L7_8" | "L7_9" | "LMAX" | "LMIN" | "Unknown" | null;
  Hosting?: MachineHosting;
  InMaintenanceMode?: boolean;
  MaintenanceModeReason?: "Administrator" | "MaxFailedRegistrations" | "None" | "Unknown";
  DrainingUntilShutdown?: boolean;
  IPAddress?: string | null;
  IsAssigned?: boolean | null;
  MachineType?: "Physical" | "Unknown" | "Virtual";
  LastConnectionFailure?: "ConnectionTimeout" | "Licensing" | "None" | "Other" | "RegistrationTimeout" | "SessionPreparation" | "Ticketing" | "Unknown" | null;
  LastConnectionTime?: string | null;
  FormattedLastConnectionTime?: string | null;
  LastConnectionUser?: IdentityUser | null;
  LastDeregistrationReason?: "AgentAddressResolutionFailed" | "AgentNotContactable" | "AgentRejectedSettingsUpdate" | "AgentRequested" | "AgentShutdown" | "AgentSuspended" | "AgentWrongActiveDirectoryOU" | "BrokerRegistrationLimitReached" | "ContactLost" | "DesktopRemoved" | "DesktopRestart" | "EmptyRegistrationRequest" | "FunctionalLevelTooLowForCatalog" | "FunctionalLevelTooLowForDesktopGroup" | "IncompatibleVersion" | "InconsistentRegistrationCapabilities" | "InvalidRegistrationRequest" | "MachineInRegistrationSinBin" | "MissingAgentVersion" | "MissingRegistrationCapabilities" | "NotLicensedForFeature" | "OSNotCompatibleWithDdc" | "PowerOff" | "RegistrationStateMismatch" | "SendSettingsFailure" | "SessionAuditFailure" | "SessionPrepareFailure" | "SettingsCreationFailure" | "SingleMultiSessionMismatch" | "UnexpectedAgentShutdown" | "Unknown" | "UnknownError" | "UnsupportedCredentialSecurityVersion" | "VMNotCompatibleWithDdc" | null;
  LastDeregistrationTime?: string | null;
  FormattedLastDeregistrationTime?: string | null;
  LastErrorReason?: string | null;
  LastErrorTime?: string | null;
  FormattedLastErrorTime?: string | null;
  LoadIndex?: number | null;
  LoadIndexes?: number[] | null;
  LoadIndexNames?: string[] | null;
  MachineUnavailableReason?: "AzureAdJoinInitializing" | "AzureArcOnboardingRequired" | "GctConnectionInitializing" | "IntuneEnrollPending" | "LoadManagementInitializing" | "None" | "PvdFailed" | "PvdInitializing" | "Unknown";
  OSType?: string | null;
  OSVersion?: string | null;
  PersistUserChanges?: "Discard" | "OnLocal" | "OnPvd" | "Unknown";
  PowerActionPending?: boolean | null;
  PowerState?: "NotSupported" | "Off" | "On" | "Resuming" | "Suspended" | "Suspending" | "TurningOff" | "TurningOn" | "Unavailable" | "Unknown" | "Unmanaged" | "VirtualMachineNotFound";
  ProvisioningType?: "MCS" | "MCSImport" | "Manual" | "PVS" | "PVSStreaming" | "Unknown";
  PublishedApplications?: string[] | null;
  PublishedName?: string | null;
  RegistrationState?: "AgentError" | "Initializing" | "Registered" | "Unknown" | "Unregistered" | null;
  ScheduledReboot?: "Draining" | "InProgress" | "Natural" | "None" | "Pending" | "Unknown";
  SessionClientAddress?: string | null;
  SessionClientName?: string | null;
  SessionClientVersion?: string | null;
  SessionConnectedViaHostName?: string | null;
  SessionConnectedViaIP?: string | null;
  SessionCount?: number | null;
  SessionLaunchedViaHostName?: string | null;
  SessionLaunchedViaIP?: string | null;
  SessionProtocol?: "Console" | "Hdx" | "Rdp" | "Unknown" | null;
  SessionSecureIcaActive?: boolean | null;
  SessionSmartAccessTags?: string[] | null;
  SessionStartTime?: string | null;
  FormattedSessionStartTime?: string | null;
  SessionState?: "Active" | "Connected" | "Disconnected" | "Unknown" | null;
  SessionStateChangeTime?: string | null;
  FormattedSessionStateChangeTime?: string | null;
  SessionSupport?: "MultiSession" | "SingleSession" | "Unknown";
  SessionUserName?: string | null;
  Sid?: string | null;
  SummaryState?: "Available" | "Disconnected" | "InUse" | "Off" | "Preparing" | "Unknown" | "Unregistered";
  WillShutdownAfterUse?: boolean | null;
  WindowsConnectionSetting?: "Draining" | "DrainingUntilRestart" | "LogonDisabled" | "LogonEnabled" | "Unknown" | null;
  WindowsActivationStatus?: string | null;
  WindowsActivationStatusErrorCode?: string | null;
  WindowsActivationStatusVirtualMachineError?: string | null;
  WindowsActivationTypeProvisionedVirtualMachine?: string | null;
  Zone?: Ref;
  SupportedPowerActions?: ("PowerOff" | "PowerOn" | "Reset" | "Restart" | "Shutdown" | "SuspendResume" | "Unknown")[] | null;
  FaultState?: "FailedToStart" | "MaxCapacity" | "None" | "StuckOnBoot" | "Unknown" | "Unregistered" | "VirtualMachineNotFound";
  ContainerMetadata?: ContainerMetadata | null;
  Tags?: string[] | null;
  UpgradeType?: "CR" | "EAR_CR" | "EAR_LTSR" | "LTSR" | "NotSet" | null;
  UpgradeState?: "MissingUpgradeType" | "Unknown" | "UpToDate" | "UpgradeAvailable" | "UpgradeScheduled" | null;
  MachineConfigurationOutOfSync?: boolean | null;
  UpgradeDetail?: MachineUpgradeDetail | null;
  Metadata?: NameValue[] | null;
  IconId?: string | null;
  Id?: string | null;
  MachineCatalog?: Ref;
  Name?: string | null;
}

/** MachineUpgradeDetail. */
export interface MachineUpgradeDetail {
  Uuid?: string | null;
  ScheduleStatus?: string | null;
  StatusMessage?: string | null;
  LastStateChangeTimeUtc?: string | null;
  ScheduledTimeUtc?: string | null;
  DurationInHours?: number | null;
  TargetPackageVersion?: string | null;
}

/** Another text. */
export interface MarkerChange {
  text: string;
}

/** All of a recording, by their moments. */
export interface MarkerList {
  items: MarkerView[];
}

/** What somebody said of a moment. `own`: the caller did. */
export interface MarkerView {
  id: string;
  atMs: number;
  kind: string;
  text: string;
  author: string;
  createdAt: string;
  changedAt: string | null;
  own: boolean;
}

/** MeResponseModel. Both times in RFC 3339; clients read Customers[0].Sites[0].Id. */
export interface Me {
  UserId: string;
  DisplayName: string | null;
  ExpiryTime: string;
  RefreshExpirationTime: string;
  VerifiedEmail?: string | null;
  IsCspCustomer?: boolean;
  Customers: MeCustomer[];
}

/** A customer that the caller administers. */
export interface MeCustomer {
  Id: string;
  Name: string | null;
  Sites: MeSite[];
}

/** A site of a customer. */
export interface MeSite {
  Id: string;
  Name: string;
}

/** Who is signed in. `permissions`: those that it has on some objects; `everywhere`: those of them that it has on all, as whatever belongs to no scope needs them. */
export interface MeView {
  accountId: string;
  userName: string;
  displayName: string;
  permissions: string[];
  everywhere: string[];
}

/** NameValueIntPairModel. */
export interface NameCount {
  Name: string;
  Value: number;
}

/** AdministratorNamePreviewResponseModel. */
export interface NamePreview {
  Name: string;
  Error: string | null;
}

/** `{Name, Value}`; the value is always a string. */
export interface NameValue {
  Name?: string | null;
  Value?: string | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface NameValueCollection {
  Items: NameValue[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** An account to make; without a password it cannot sign in. */
export interface NewAccount {
  name: string;
  password?: string | null;
  displayName?: string | null;
  administrator?: boolean;
}

/** A code to make, for one host. `minutes`: how long it may be used; `zone`, `catalog`, `deliveryGroup`: where the machine shall be (names or ids; null: as machines that come by themselves); `machine`: one to enrol again. */
export interface NewEnrolment {
  minutes?: number;
  description?: string;
  zone?: string | null;
  catalog?: string | null;
  deliveryGroup?: string | null;
  machine?: string | null;
}

/** A legal hold to place. */
export interface NewHold {
  reason: string;
}

/** What to launch, where and for whom. `waitSeconds`: how long to wait for a machine when none is free; null: as the site has it. */
export interface NewLaunch {
  resource: string;
  machine?: string | null;
  user?: string | null;
  new?: boolean;
  waitSeconds?: number | null;
}

/** A link to make, to a moment of recording time; it lasts a minute to 30 days. */
export interface NewLink {
  atMs?: number;
  expiresInS?: number;
}

/** A moment to mark. `atMs`: of recording time; null: now, of a recording that runs. `text`: 1 to 2000 characters. */
export interface NewMarker {
  text: string;
  atMs?: number | null;
  kind?: "comment" | "marker";
}

/** Why a recording is opened. */
export interface NewOpening {
  reason: string;
}

/** A password to set; one is made up if absent. `revokeClients`: no secret of the account's API clients is good any more either. */
export interface NewPassword {
  password?: string | null;
  revokeClients?: boolean;
}

/** A policy to make. `position`: its place in the order from 1 on; null: the last. */
export interface NewPolicy {
  name: string;
  then: PolicyOutcome;
  description?: string;
  enabled?: boolean;
  position?: number | null;
  conditions?: PolicyConditions;
}

/** What is wrong, in the words of who reports it. */
export interface NewReport {
  text: string;
}

/** A class to make. */
export interface NewRetentionClass {
  name: string;
  keepDays: number | null;
  description?: string;
  isDefault?: boolean;
}

/** For how many hours the secret before signs too. */
export interface NewSecret {
  overlapHours?: number;
}

/** A service account to make. `account`: the account that it acts as, by name or id, else the caller's; `expiresAt`: in 90 days if absent, at most 730 days ahead. */
export interface NewServiceAccount {
  name: string;
  account?: string | null;
  expiresAt?: string | null;
}

/** How the display shall be opened. */
export interface NewTicket {
  mode?: "interactive" | "view";
}

/** A visit to begin; `resource`, if named, is what it is for: refused where that is not offered. */
export interface NewVisit {
  resource?: string | null;
}

/** A webhook to make: an https URL, and the kinds of changes that it is told; without any all of them. */
export interface NewWebhook {
  url: string;
  events?: string[];
  description?: string;
  enabled?: boolean;
}

/** CheckObjectNameExistsRequestModel. */
export interface ObjectNameRequest {
  ObjectType: "AdminFolder" | "AdminRole" | "AdminScope" | "Application" | "ApplicationGroup" | "DeliveryGroup" | "Hypervisor" | "Machine" | "MachineCatalog" | "RebootScheduleInDeliveryGroup" | "RemotePCEnrollmentScopeInMachineCatalog" | "ResourcePoolInHypervisor" | "Tag" | "Unknown";
  NameOrPath: string;
}

/** Signing in at the OpenID Connect provider: what the button says, and where it leads. */
export interface OidcWay {
  label: string;
  path: string;
}

/** Leave to look at the recording. `asked`: a reason has to be given by the caller, in general. */
export interface OpeningView {
  reason: string;
  until: string;
  asked: boolean;
}

/** EditOperationRequestModel. */
export interface OperationUpdate {
  Labels?: string[] | null;
}

/** An account of the host's operating system, by its name there. */
export interface OsAccount {
  name: string;
}

/** What a program printed at one time; control characters but line feeds and tabs are replaced. */
export interface OutputView {
  at: string | null;
  stream: "stderr" | "stdout";
  text: string;
}

/** Now, and the last 24 hours. `sessionCounts`: how many sessions there were at `historyFrom` and each `historyStepSeconds` after it, the last of them now. */
export interface Overview {
  sessions: SessionFigures;
  machines: MachineFigures;
  busiest: BusyMachine[];
  historyFrom: string;
  historyStepSeconds: number;
  sessionCounts: number[];
  started: number;
  failures: EndFigures[];
  failedRecordings: number;
}

/** A machine-readable detail of an error. */
export interface Parameter {
  name: string;
  value: string;
}

/** The password that an account has now, how many of its API clients were revoked, and how many can still sign in. */
export interface PasswordSet {
  name: string;
  password: string;
  clientsRevoked?: number;
  clientsLeft?: number;
}

/** PredefinedPermissionGroupResponseModel. */
export interface PermissionGroup {
  Id: string;
  Name: string;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface PermissionGroupCollection {
  Items: PermissionGroup[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** A phase of a session's launch, in ms since the end of the one before. */
export interface PhaseView {
  name: string;
  ms: number;
}

/** What a launch of a resource for a user would do now: take up `sessionId`, or start a session on `machine`, or be refused for `reason`. `waiting`: launches that wait on this server for a machine, of any resource; null for who does not read all sessions. Of groups that the caller does not wholly see nothing counts. */
export interface Placement {
  resource: string;
  user: string;
  sessionId: string | null;
  machine: string | null;
  reason: string | null;
  sentence: string | null;
  waiting: number | null;
  groups: GroupPlacement[];
  machines: MachinePlacement[];
}

/** How many sessions a delivery group gives, in all and to one user (null: any number), and the zone (name or id) whose machines take them before others, or alone if `zoneOnly`. */
export interface PlacementRules {
  maxSessions?: number | null;
  maxSessionsPerUser?: number | null;
  zone?: string | null;
  zoneOnly?: boolean;
}

/** What to change of a policy; `conditions` and `then` are replaced as a whole. */
export interface PolicyChange {
  name?: string | null;
  description?: string | null;
  enabled?: boolean | null;
  position?: number | null;
  conditions?: PolicyConditions | null;
  then?: PolicyOutcome | null;
}

/** Whose sessions a policy is about: all lists that are not empty must hold one that fits. `users`: names and SIDs of users and groups, as delivery groups take them; `deliveryGroups`, `resources`, `machines`, `tags`: names or ids, a tag may be on the machine, its catalog, its delivery group or the application; `clientAddresses`: addresses and networks (192.0.2.0/24). */
export interface PolicyConditions {
  users?: string[];
  deliveryGroups?: string[];
  resources?: string[];
  machines?: string[];
  tags?: string[];
  clientAddresses?: string[];
  times?: PolicyTimes[];
}

/** What a policy's recordings come to: for the sessions that it decides on now, in an hour. */
export interface PolicyForecast {
  id: string;
  name: string;
  sessions: number;
  bytesPerHour: number | null;
}

/** All policies, in their order: the first enabled one that fits decides. */
export interface PolicyList {
  items: PolicyView[];
}

/** A recording policy by id and name. */
export interface PolicyName {
  id: string;
  name: string;
}

/** The ids of all policies in the order that they shall have. */
export interface PolicyOrder {
  ids: string[];
}

/** What a policy wants of the sessions that it decides on. `notify`: the user is told; `preRollSeconds`: so much of the time before is in a recording's start, and kept in memory until then, also where `record` is `no`; `rollOverBytes`, `rollOverSeconds`: where a recording goes on as a new one; `ifLost`: what becomes of a session that cannot be recorded; `bytesPerSecond`: sustained budget of stored bytes; `arguments`: those of programs are in the events, not their names alone; `stopAllowed`: `$stopRecording` may stop it. */
export interface PolicyOutcome {
  record: "events" | "no" | "screen";
  notify?: boolean;
  preRollSeconds?: number;
  rollOverBytes?: number | null;
  rollOverSeconds?: number | null;
  ifLost?: "cover" | "end" | "go-on";
  bytesPerSecond?: number | null;
  clipboardText?: boolean;
  arguments?: boolean;
  retentionClass?: string | null;
  stopAllowed?: boolean;
}

/** What would be decided for a session that runs, or for facts: one of the two. */
export interface PolicyQuestion {
  sessionId?: string | null;
  facts?: GivenFacts | null;
}

/** A part of the week. `days`: English names of days, none: each day; `start` to before `end`: HH:MM, `end` up to 24:00, at or before `start` it is of the next day; `timeZone`: IANA name, Windows id, offset or UTC. */
export interface PolicyTimes {
  days?: string[];
  start?: string;
  end?: string;
  timeZone?: string;
}

/** A policy. Objects in `conditions` are shown by name, or by id where they are gone or share their name. */
export interface PolicyView {
  id: string;
  position: number;
  name: string;
  description: string;
  enabled: boolean;
  conditions: PolicyConditions;
  then: PolicyOutcome;
  createdAt: string;
  changedAt: string;
}

/** PredefinedPermissionResponseModel. */
export interface PredefinedPermission {
  Id: string;
  Name: string;
  Description?: string | null;
  GroupId: string;
  GroupName: string;
  IsReadOnly: boolean;
  Operations: string[];
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface PredefinedPermissionCollection {
  Items: PredefinedPermission[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** PriorityRefRequestModel: a delivery group, and its place among those that give the application. */
export interface PriorityRef {
  Item: string;
  Priority?: number | null;
}

/** One thing that is not as it was. altered: an entry was changed; missing: entries before this one are gone; cut: the newest entries are gone, or the chain was written anew; head: the signed head cannot be read or is missing; recording: a recording is gone, or is not the one that the chain tells of; tombstone: what is left of a deleted recording is gone, or is not what the site signed. */
export interface Problem {
  fault: "altered" | "cut" | "head" | "missing" | "recording" | "tombstone";
  seq?: number | null;
  detail: string;
}

/** A program that the site started in a session, with the output of what it started itself. `role`: `program` (the published one), `wm`, `x`, `bus`, `extra0`, `run`; `pid` null: it could not start; `exitCode` null: it runs, or `signal` says what killed it; `dropped`: characters before the first output that are not kept. */
export interface ProgramView {
  role: string;
  command: string[];
  pid: number | null;
  startedAt: string | null;
  endedAt: string | null;
  exitCode: number | null;
  signal: string | null;
  dropped: number;
  output: OutputView[];
}

/** A name that no application has. */
export interface RecommendedName {
  Name: string;
}

/** How the recording of a session goes that should be recorded: `recording`, `starting` for its first 2 s, `delayed` (wanted for longer, or a gap lasts), `failed`, `refused`. `covered`: the screen is covered meanwhile; `policy`: the one that decides, null if it is recorded by call alone. */
export interface RecordingHealthView {
  state: "delayed" | "failed" | "recording" | "refused" | "starting";
  since: string | null;
  reason: string | null;
  covered: boolean;
  policy: PolicyName | null;
}

/** A page of recordings, newest first unless sorted. */
export interface RecordingPage {
  items: RecordingView[];
  continuationToken: string | null;
}

/** Why a recording is wanted: `policy`, by `name`, or `on-demand`, by `orderedBy`. */
export interface RecordingReason {
  kind: "on-demand" | "policy";
  name?: string | null;
  id?: string | null;
  orderedBy?: string | null;
}

/** Answer of `Sessions/RecordingStatus`. */
export interface RecordingStatus {
  IsSessionBeingRecorded: boolean;
}

/** A recording as listed. `state`: recording, completed or failed; `live`: its recorder is at work now; `expiresAt`: when its retention class lets it go, null: never, or not ended; `held`: by a legal hold, so that it stays; `activity` null: nothing is indexed yet. */
export interface RecordingView {
  id: string;
  sessionId: string;
  userName: string;
  machineName: string;
  resourceName: string;
  reason: string;
  orderedBy: string;
  startedAt: string | null;
  endedAt: string | null;
  state: string;
  live: boolean;
  sizeBytes: number;
  durationMs: number;
  segmentCount: number;
  error: string | null;
  retentionClass: string;
  expiresAt: string | null;
  held: boolean;
  activity: ActivityView | null;
}

/** Names an object: `{Id, Uid, Name}`. */
export interface Ref {
  Id?: string | null;
  Uid?: number | null;
  Name?: string | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface RefCollection {
  Items: Ref[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** RefsRequestModel: names or ids. */
export interface RefsRequest {
  Items: string[];
}

/** CustomReportDataResponseModel. */
export interface Report {
  CsvData?: string | null;
  HtmlSummaryData?: string | null;
  HtmlDetailsData?: string | null;
}

/** A page of reports, the newest first. */
export interface ReportPage {
  items: ReportView[];
  continuationToken: string | null;
}

/** CustomReportInfoRequestModel; the dates are for the range Custom. */
export interface ReportRequest {
  CustomReportFormat: string;
  CustomReportDateRange: string;
  StartDate?: string | null;
  EndDate?: string | null;
}

/** A problem as it was reported. `recordingId` null: nothing was recorded; `atMs`: the moment in that recording; `recordsUntil`: when the recording that the report began ends, null: it began none, it has ended, or somebody has called for it since; `link`: to the moment; `facts`: how session and host were. */
export interface ReportView {
  id: string;
  sessionId: string;
  userName: string;
  machineName: string;
  reportedBy: string;
  reportedAt: string;
  text: string;
  recordingId: string | null;
  atMs: number | null;
  recordsUntil: string | null;
  link: string | null;
  facts: Record<string, unknown>;
}

/** How much recordings of a resource came to. `bytesPerHour` null: too little was recorded to say. */
export interface ResourceForecast {
  resourceName: string;
  bytesPerHour: number | null;
  hours: number;
  recordings: number;
}

/** All of them. */
export interface ResourceList {
  items: ResourceView[];
}

/** Something that the caller may launch. `iconPath`: where its picture is, a PNG of 48 by 48; null: it has none. */
export interface ResourceView {
  id: string;
  name: string;
  kind: string;
  description?: string | null;
  iconPath?: string | null;
}

/** What was found. `whole` means: no problem. */
export interface Result {
  whole: boolean;
  entries: number;
  hash: string;
  signedSeq: number | null;
  problems: Problem[];
  moreProblems?: number;
}

/** What to change of a class: all that is to be so from now on; `description` null: as it is. */
export interface RetentionClassChange {
  keepDays: number | null;
  description?: string | null;
  isDefault?: boolean | null;
}

/** All classes, by name. */
export interface RetentionClassList {
  items: RetentionClassView[];
}

/** How long recordings of a class are kept: `keepDays` after their end, null: for ever. New recordings whose policy names none have the default one. */
export interface RetentionClassView {
  name: string;
  description: string;
  keepDays: number | null;
  isDefault: boolean;
}

/** What would be deleted, the oldest first; the totals count all, also those that are not named. Held recordings are counted apart, and stay. */
export interface RetentionPreview {
  items: DueView[];
  recordings: number;
  sizeBytes: number;
  heldRecordings: number;
  heldSizeBytes: number;
}

/** What would be deleted: at another moment (`at`, RFC 3339; null: now), of one class only, or were recordings kept for `keepDays` whatever their class says. `limit`: how many are named, 1 to 1000. */
export interface RetentionTrial {
  at?: string | null;
  retentionClass?: string | null;
  keepDays?: number | null;
  limit?: number;
}

/** AdminRightRequestModel: role and scope by name or id. */
export interface RightRequest {
  Role: string;
  Scope: string;
}

/** RoleResponseModel. What the two console tabs are called elsewhere is the one console here. */
export interface Role {
  Id: string;
  Name: string;
  Description?: string | null;
  IsBuiltIn: boolean;
  CanLaunchManage?: boolean | null;
  CanLaunchMonitor?: boolean | null;
  Permissions: RolePermission[] | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface RoleCollection {
  Items: Role[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** DelegatedAdminPermissionResponseModel. */
export interface RolePermission {
  Id: string;
  Name: string;
  Description?: string | null;
  IsReadOnly: boolean;
  Operations: string[];
}

/** CreateAdminRoleRequestModel and EditAdminRoleRequestModel; `name` and `permissions` are needed to create. `CanLaunchManage` and `CanLaunchMonitor` are read and have no effect. */
export interface RoleRequest {
  Name?: string | null;
  Description?: string | null;
  Permissions?: string[] | null;
}

/** How a secret is changed: how long the one before stays good, at most seven days, and when the service account expires, if that changes. */
export interface Rotation {
  oldValidSeconds?: number;
  expiresAt?: string | null;
}

/** ScopeResponseModel. */
export interface Scope {
  Id: string;
  Uid?: number | null;
  Name: string;
  Description?: string | null;
  IsBuiltIn: boolean;
  IsAllScope: boolean;
  IsTenantScope?: boolean;
  TenantId?: string | null;
  TenantName?: string | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface ScopeCollection {
  Items: Scope[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** CreateAdminScopeRequestModel and EditAdminScopeRequestModel; `name` is needed to create. */
export interface ScopeRequest {
  Name?: string | null;
  Description?: string | null;
  ScopedObjects?: ScopedObjectRequest[] | null;
}

/** ScopedObjectResponseModel. */
export interface ScopedObject {
  Object: Ref;
  ObjectDescription?: string | null;
  ObjectType: "DeliveryGroup" | "MachineCatalog" | "Unknown";
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface ScopedObjectCollection {
  Items: ScopedObject[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** ScopedObjectRequestModel: an object by name or id. */
export interface ScopedObjectRequest {
  ObjectType: string;
  Object: string;
}

/** One condition. `value` is a string by contract, also for numbers, booleans and dates; bare ones pass too. */
export interface SearchFilter {
  Property: string;
  Operator: string;
  Value?: string | number | boolean | null;
}

/** Filters, or further groups, never both; joined by the type that belongs to them. */
export interface SearchGroup {
  SearchFilters?: SearchFilter[] | null;
  SearchFilterGroupType?: string | null;
  SearchFilterGroups?: SearchGroup[] | null;
  SearchFilterGroupsType?: string | null;
}

/** The whole request; `{}` finds everything. */
export interface SearchRequest {
  BasicSearchString?: string | null;
  SearchFilters?: SearchFilter[] | null;
  SortCriteria?: SearchSort | null;
  SortCriteriaItems?: SearchSort[] | null;
  SearchFilterGroups?: SearchGroup[] | null;
  SearchFilterGroupsType?: string | null;
}

/** One sort key. */
export interface SearchSort {
  Property: string;
  SortDirection?: string;
}

/** The secret that a webhook has now, which is not shown again. */
export interface SecretSet {
  secret: string;
  previousSecretUntil: string | null;
}

/** SendMessageRequestModel as it is sent. `text` is needed, and looked for with the rest, so that what lacks is named. */
export interface SendMessageRequest {
  Style?: string | null;
  Title?: string | null;
  Text?: string | null;
}

/** A share of calls answered with one of the statuses, each as often as the others. */
export interface ServerErrors {
  share?: number;
  statuses?: (500 | 503)[];
}

/** All of them, the oldest first. */
export interface ServiceAccountList {
  items: ServiceAccountView[];
}

/** What a program signs in with; the secret is told this once. */
export interface ServiceAccountSecret {
  clientId: string;
  clientSecret: string;
  serviceAccount: ServiceAccountView;
}

/** An API client. `name` "": the one that the site's first start made; `expiresAt` null: never; `lastUsedAt` to a minute; `oldSecretUntil` null: one secret is good. */
export interface ServiceAccountView {
  id: string;
  name: string;
  accountId: string;
  accountName: string;
  createdAt: string;
  expiresAt: string | null;
  expired: boolean;
  lastUsedAt: string | null;
  oldSecretUntil: string | null;
}

/** SessionResponseModel, the superset of all generations. Each time stands twice: in locale form and as `formatted_...` in RFC 3339 (dates.py). What its machine decides stands last, so that its JSON can be put together of two halves (api/halves.py). */
export interface Session {
  Id: string;
  Uid: number | null;
  ApplicationsInUse: Ref[];
  AppState: "Active" | "Desktop" | "Lingering" | "NoApps" | "PreLaunched" | "PreLogon" | "Unknown";
  AppStateLastChangeTime: string | null;
  FormattedAppStateLastChangeTime: string | null;
  Brokering: SessionBrokering;
  Client: SessionClient;
  Connection: SessionConnection;
  EstablishmentDurationMilliseconds: number | null;
  EstablishmentTime: string | null;
  FormattedEstablishmentTime: string | null;
  IsAnonymousUser?: boolean;
  IsHidden?: boolean;
  LogoffInProgress: boolean;
  LogonInProgress: boolean;
  SessionType: "Application" | "Desktop" | "Unknown";
  StartTime: string | null;
  FormattedStartTime: string | null;
  State: "Active" | "Connected" | "Disconnected" | "Unknown";
  StateChangeTime: string | null;
  FormattedStateChangeTime: string | null;
  UntrustedUserName: string | null;
  User: IdentityUser;
  ContainerScopes: ContainerScope[];
  Machine: Machine;
}

/** SessionBrokeringResponseModel: how the launch was brokered. Always there; members may be null. */
export interface SessionBrokering {
  AutonomouslyBrokered?: boolean;
  DurationMilliseconds?: number | null;
  Time?: string | null;
  FormattedTime?: string | null;
  UserName?: string | null;
  UserSid?: string | null;
}

/** SessionClientResponseModel: the device that shows the session. An unknown name is "". */
export interface SessionClient {
  DeviceId?: string | null;
  HardwareId?: string | null;
  IPAddress?: string | null;
  Name?: string | null;
  Platform?: string | null;
  ProductId?: number | null;
  ReceiverIPAddress?: string | null;
  ReceiverName?: string | null;
  Version?: string | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface SessionCollection {
  Items: Session[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface SessionCollectionSelection {
  Items: SessionSelection[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** SessionConnectionResponseModel: the path of the latest connection, kept after its end. */
export interface SessionConnection {
  ConnectedViaHostName?: string | null;
  ConnectedViaIP?: string | null;
  ConnectionMode?: "Brokered" | "LeasedConnection" | "ThirdPartyBroker" | "ThirdPartyBrokerWithLicensing" | "Unbrokered" | "Unknown" | "VdaHighAvailabilityMode";
  LaunchedViaHostName?: string | null;
  LaunchedViaIP?: string | null;
  Protocol?: "Console" | "Hdx" | "Rdp" | "Unknown";
  SecureIcaActive?: boolean | null;
  SmartAccessTags?: SmartAccessTag[] | null;
  LaunchedViaPublishedName?: string | null;
}

/** Live sessions by state. `recorded`: by recordings that run. */
export interface SessionFigures {
  active: number;
  loggingOn: number;
  disconnected: number;
  recorded: number;
}

/** How long a delivery group's sessions may be without key or mouse (then they are disconnected), be disconnected and last since their log-on (then they are logged off), 60 seconds at least; null: without limit. A message on the screen comes `warningSeconds` before; 0: none. */
export interface SessionLimits {
  idleSeconds?: number | null;
  disconnectedSeconds?: number | null;
  totalSeconds?: number | null;
  warningSeconds?: number;
}

/** The programs of a session, in the order of their start; none where the host keeps nothing. */
export interface SessionLogs {
  programs: ProgramView[];
}

/** A page of sessions, newest first. */
export interface SessionPage {
  items: SessionView[];
  continuationToken: string | null;
}

/** A live session as a row. `loggingOn`: it is not up yet; `idleSince`: the last key or movement, null while somebody is at work; `recording`: as far as the caller may know; `machineSilent`: nothing is heard from the machine, so the row is as it was then; `recordingHealth`: how the recording goes of one that should be recorded, as far as the caller may know, and `recordingProblem` what is wrong with it. */
export interface SessionRow {
  id: string;
  uid: number;
  userName: string;
  displayName: string;
  accountId: string;
  resourceName: string;
  sessionType: string;
  state: string;
  loggingOn: boolean;
  stateChangedAt: string | null;
  startedAt: string | null;
  idleSince: string | null;
  hidden: boolean;
  recording: boolean;
  recordingId: string | null;
  machineId: string;
  machineName: string;
  machineSilent: boolean;
  catalogName: string | null;
  groupName: string | null;
  zoneName: string;
  clientAddress: string | null;
  clientName: string;
  clientPlatform: string;
  recordingHealth: "delayed" | "failed" | "recording" | "refused" | "starting" | null;
  recordingProblem: string | null;
}

/** A page of them. `total`: how many match in all. */
export interface SessionRows {
  items: SessionRow[];
  total: number;
  continuationToken: string | null;
}

/** SessionResponseModel, the superset of all generations. Each time stands twice: in locale form and as `formatted_...` in RFC 3339 (dates.py). What its machine decides stands last, so that its JSON can be put together of two halves (api/halves.py). */
export interface SessionSelection {
  Id?: string;
  Uid?: number | null;
  ApplicationsInUse?: Ref[];
  AppState?: "Active" | "Desktop" | "Lingering" | "NoApps" | "PreLaunched" | "PreLogon" | "Unknown";
  AppStateLastChangeTime?: string | null;
  FormattedAppStateLastChangeTime?: string | null;
  Brokering?: SessionBrokering;
  Client?: SessionClient;
  Connection?: SessionConnection;
  EstablishmentDurationMilliseconds?: number | null;
  EstablishmentTime?: string | null;
  FormattedEstablishmentTime?: string | null;
  IsAnonymousUser?: boolean;
  IsHidden?: boolean;
  LogoffInProgress?: boolean;
  LogonInProgress?: boolean;
  SessionType?: "Application" | "Desktop" | "Unknown";
  StartTime?: string | null;
  FormattedStartTime?: string | null;
  State?: "Active" | "Connected" | "Disconnected" | "Unknown";
  StateChangeTime?: string | null;
  FormattedStateChangeTime?: string | null;
  UntrustedUserName?: string | null;
  User?: IdentityUser;
  ContainerScopes?: ContainerScope[];
  Machine?: Machine;
}

/** A session in our own words, for 24 h after its end too. */
export interface SessionView {
  id: string;
  userName: string;
  machineName: string;
  resourceName: string;
  state: string;
  stateChangedAt: string | null;
  startedAt: string | null;
  idleSince: string | null;
  endedAt: string | null;
  hidden: boolean;
  recording: boolean;
  recordingId: string | null;
  endReason: string | null;
  exitCode: number | null;
  exitDetail: string | null;
  launchPhases: PhaseView[];
  viewers: ViewerView[];
  recordingHealth?: RecordingHealthView | null;
  recordingSince?: string | null;
  watchedSince?: string | null;
}

/** Name and password. */
export interface SignIn {
  user: string;
  password: string;
}

/** How one may sign in; `oidc` null: no provider is configured. */
export interface SignInWays {
  password: boolean;
  oidc: OidcWay | null;
}

/** Where the browser logs off at the provider too. */
export interface SignedOut {
  endSessionUrl: string;
}

/** How large the simulated fleet shall be. `churn`: session changes per second; the same seed gives the same names, ids and clients. */
export interface SimulationOrder {
  machines: number;
  sessions: number;
  churn?: number;
  seed?: number;
}

/** The simulated fleet as it is. `liveSessions`: on its hosts now, those that a caller launched there among them; `changes`: that happened since it was started. */
export interface SimulationView {
  running: boolean;
  machines?: number;
  sessions?: number;
  churn?: number;
  seed?: number;
  liveSessions?: number;
  changes?: number;
  recordings?: number;
}

/** Item of `GET Sites`. */
export interface Site {
  Id: string;
  Name: string;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface SiteCollection {
  Items: Site[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** SiteDetailResponseModel. `orchestation_api_version` is spelled so on the wire, and `product_version` must hold a dot: clients crash on both otherwise. */
export interface SiteDetail {
  Id: string;
  Name: string;
  OrchestationApiVersion: number;
  AppProtectionAuthorized?: boolean | null;
  LicenseServerName?: string | null;
  LicenseServerPort?: number | null;
  LicenseServerUri?: string | null;
  LicensingModel?: "Concurrent" | "None" | "Unknown" | "UserDevice";
  SiteConfigurationComplete?: boolean;
  PrimaryZone: Ref;
  ProductCode: string;
  ProductEdition: string;
  ProductVersion: string;
  Metadata?: NameValue[] | null;
  SiteServices: SiteService[];
  EnabledFeatures?: string[];
  BaseOU?: string | null;
  ColorDepth?: "EightBit" | "FourBit" | "SixteenBit" | "TwentyFourBit" | "Unknown";
  ConnectionLeasingEnabled?: boolean | null;
  DefaultMinimumFunctionalLevel?: string | null;
  DefaultDesktopIconId?: string;
  DnsResolutionEnabled?: boolean | null;
  LicenseGraceSessionsRemaining?: number | null;
  LicensedSessionsActive?: number | null;
  LicensingGraceHoursLeft?: number | null;
  LicensingGracePeriodActive?: boolean | null;
  PeakConcurrentLicenseUsers?: number | null;
  ReuseMachinesWithoutShutdownInOutageAllowed?: boolean | null;
  DefaultSecureIcaRequired?: boolean | null;
  TotalUniqueLicenseUsers?: number | null;
  TrustRequestsSentToTheXmlServicePort?: boolean | null;
  LicensingAlerts?: NameValue[] | null;
}

/** A service within the site. */
export interface SiteService {
  ServiceName: string;
  ServiceType: string;
  CurrentSchemaVersion?: string | null;
  DesiredSchemaVersion?: string | null;
  Capabilities?: string[];
}

/** SiteSettingsResponseModel, and EditSiteSettingsRequestModel: there, what is absent or null stays. */
export interface SiteSettings {
  UseVerticalScalingForRdsLaunches?: boolean | null;
  DnsResolutionEnabled?: boolean | null;
  TrustRequestsSentToTheXmlServicePortEnabled?: boolean | null;
  WebUiPolicySetEnabled?: boolean | null;
  ConsoleInactivityTimeoutMinutes?: number | null;
  ShowSecurityBannerOnLoginPage?: boolean | null;
  SecurityBannerOnLoginPage?: string | null;
}

/** SiteStatusResponseModel. */
export interface SiteStatus {
  SiteState: "Configured" | "Error" | "Unconfigured" | "Unknown" | "UpgradeRequired";
  CurrentUserCanPerformUpgrade: boolean;
  UpgradedControllers: string[];
  ControllersRequiringBinaryUpgrade: string[];
  LatestControllerVersion: string;
  DatabaseServersRequiringUpgrade: string[];
  DataStoresRequiringUpgrade: string[];
}

/** SiteTestResponseModel: how a test of the site has gone. */
export interface SiteTest {
  Site: Ref;
  NumPassed: number;
  NumWarnings: number;
  NumFailures: number;
}

/** SmartAccessTagResponseModel. */
export interface SmartAccessTag {
  Farm: string;
  Filter: string;
}

/** SessionPrelaunch- and SessionLingerRequestModel; kept as given. */
export interface SpareSessions {
  Enabled?: boolean;
  MaxAverageLoadThreshold?: number | null;
  MaxLoadPerMachineThreshold?: number | null;
  MaxTimeBeforeDisconnectMinutes?: number | null;
  MaxTimeBeforeTerminateMinutes?: number | null;
  IncludedUserFilterEnabled?: boolean;
  IncludedUsers?: string[] | null;
}

/** SessionPrelaunch- and SessionLingerResponseModel. */
export interface SpareSessionsView {
  Enabled: boolean;
  MaxAverageLoadThreshold: number;
  MaxLoadPerMachineThreshold: number;
  MaxTimeBeforeDisconnectMinutes: number;
  MaxTimeBeforeTerminateMinutes: number;
  IncludedUserFilterEnabled: boolean;
  IncludedUsers: IdentityUser[];
}

/** The spools of all session hosts that the caller sees. */
export interface SpoolList {
  items: SpoolView[];
}

/** What a session host still holds of recordings. `registered` false: it is silent, and said this last. `uploadsFailSince`: no upload has worked since, of the reason `failure`; `full`: why recordings pause; `text`: all of it for people. */
export interface SpoolView {
  machineId: string;
  machineName: string;
  registered: boolean;
  sizeBytes: number;
  limitBytes: number;
  oldestAt: string | null;
  uploadsFailSince: string | null;
  failure: string | null;
  full: string | null;
  text: string;
}

/** The answer: `enrolled`, `revoked`, or `unknown`, which is also the answer to a wrong signature. */
export interface Standing {
  standing: string;
  nowMs: number;
  serverVersion: string;
  expiresAtMs?: number | null;
  busServers?: string[] | null;
}

/** A host asks how it stands. `signature`: standing_message, signed, hex. */
export interface StandingQuestion {
  machineId: string;
  atMs: number;
  signature: string;
}

/** StoreFrontServerResponseModel: an address that clients keep here. */
export interface StoreFront {
  Id: string;
  Name: string;
  Description: string | null;
  Url: string;
  Enabled: boolean;
  DesktopGroupRefCount?: number;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface StoreFrontCollection {
  Items: StoreFront[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** StoreFrontServerRequestModel; in an update what is absent or null stays. */
export interface StoreFrontRequest {
  Name?: string | null;
  Description?: string | null;
  Url?: string | null;
  Enabled?: boolean | null;
}

/** A StoreFront address that a machine's own Receiver is given. */
export interface StoreFrontServer {
  Id: string;
  Name: string;
  Url: string;
  Enabled: boolean;
  Description?: string | null;
  DesktopGroupRefCount?: number | null;
}

/** TagResponseModel. The counts are of objects that the caller sees. */
export interface Tag {
  Id: string;
  Uid: number | null;
  Name: string;
  Description?: string | null;
  NumMachines: number;
  NumApplications: number;
  NumApplicationGroups: number;
  NumMachineCatalogs: number;
  NumDeliveryGroups: number;
  NumUnknownObjects?: number;
  Scopes?: Ref[] | null;
  Metadata?: NameValue[] | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface TagCollection {
  Items: Tag[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface TagCollectionSelection {
  Items: TagSelection[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** TagRequestModel: a tag to make. `scopes` are read and have no effect: tags belong to the whole site. */
export interface TagRequest {
  Name?: string | null;
  Description?: string | null;
}

/** TagResponseModel. The counts are of objects that the caller sees. */
export interface TagSelection {
  Id?: string;
  Uid?: number | null;
  Name?: string;
  Description?: string | null;
  NumMachines?: number;
  NumApplications?: number;
  NumApplicationGroups?: number;
  NumMachineCatalogs?: number;
  NumDeliveryGroups?: number;
  NumUnknownObjects?: number;
  Scopes?: Ref[] | null;
  Metadata?: NameValue[] | null;
}

/** What to change of a tag; what is absent or null stays. */
export interface TagUpdate {
  Name?: string | null;
  Description?: string | null;
}

/** TagsRequestModel: the tags that an object shall have. `delete_tags` vanish from the whole site. */
export interface TagsRequest {
  Items?: string[] | null;
  CreateTags?: TagRequest[] | null;
  DeleteTags?: string[] | null;
}

/** TestReportResponseModel. */
export interface TestReport {
  TestType?: "DeliveryGroup" | "Hypervisor" | "Machine" | "MachineCatalog" | "ResourcePool" | "Site" | "Unknown";
  CreatedBy: string;
  ReportTime: string | null;
  FormattedReportTime: string | null;
  TestResults: TestReportResult[];
}

/** TestReportResultModel. `test_component_status`: Passed, Warning or Failed, and why. */
export interface TestReportResult {
  TestName: string;
  TestDescription: string;
  TestStartTime: string | null;
  FormattedTestStartTime: string | null;
  TestEndTime: string | null;
  FormattedTestEndTime: string | null;
  TestServiceTarget: string;
  TestComponentStatus: string;
}

/** 429 with Retry-After for a share of all calls, and for those above a rate. */
export interface Throttle {
  share?: number;
  perSecond?: number | null;
  retryAfterS?: number;
}

/** A one-time ticket of 60 s. `clipboard` and `files`: which way text and files may go: off, in, out or both; `viewerId`: what the viewer that comes with it is called. */
export interface TicketView {
  ticket: string;
  expiresAt: string;
  clipboard: string;
  files: string;
  viewerId: string;
}

/** A time zone: `canonical` and `tzdb_ids` are IANA names, the offset is that of now. */
export interface TimeZone {
  Name: string;
  FullName: string;
  Primary: string;
  Canonical: string;
  WindowsId: string;
  UtcOffsetSeconds: number;
  UtcOffset: string;
  TzdbIds: string[];
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface TimeZoneCollection {
  Items: TimeZone[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** A page of tombstones, the newest first. */
export interface TombstonePage {
  items: TombstoneView[];
  continuationToken: string | null;
}

/** What is left of a deleted recording. `signed` is what the site's key signed, byte for byte, `signature` its Ed25519 signature in hex; the other members repeat what it says. `filesGoneAt` null: they are being removed. */
export interface TombstoneView {
  recordingId: string;
  sessionId: string;
  userName: string;
  machineName: string;
  startedAt: string | null;
  endedAt: string | null;
  sizeBytes: number;
  sealedSegments: number;
  head: string;
  retentionClass: string;
  deletedAt: string;
  deletedBy: string;
  why: string;
  filesGoneAt: string | null;
  signed: string;
  signature: string;
}

/** The certificate that the server is trusted by, PEM; "": as every public server is. */
export interface TrustView {
  certificate: string;
}

/** UpdateMachineCatalogRequestModel: what is absent or null stays. */
export interface UpdateCatalogRequest {
  Name?: string | null;
  Description?: string | null;
  MinimumFunctionalLevel?: string | null;
  Zone?: string | null;
  AdminFolder?: string | null;
  Scopes?: string[] | null;
  Metadata?: NameValue[] | null;
  HypervisorConnection?: string | null;
}

/** UpdateMachineRequestModel: what is absent or null stays. A machine is assigned to users, to a client's name or to a client's address, one of the three. */
export interface UpdateMachineRequest {
  AssignedUsers?: string[] | null;
  AssignedClientName?: string | null;
  AssignedIPAddress?: string | null;
  HostedMachineId?: string | null;
  HypervisorConnection?: string | null;
  InMaintenanceMode?: boolean | null;
  PublishedName?: string | null;
  Icon?: string | null;
  Metadata?: NameValue[] | null;
}

/** What to change of a user; absent or null stays. */
export interface UserUpdate {
  DisplayName?: string | null;
}

/** A name and its password, to be looked at. */
export interface ValidateUserRequest {
  UserName: string;
  Password: string;
}

/** What verify says. Findings also hold remarks that do not make the verdict worse. */
export interface Verdict {
  status: "damaged" | "truncated" | "unchanged-unknown-signer" | "unfinished" | "verified";
  findings: Finding[];
  segments: number;
  sizeBytes: number;
  recordingId: string | null;
  head: string | null;
  signer: string | null;
  siteKey: string | null;
}

/** Who has a session's display open. Bytes a second over the last 10 s or so, to two digits; `roundTripMs`: between the site and the viewer, by pings of the WebSocket; null until one was answered. */
export interface ViewerView {
  id: string;
  userName: string;
  own: boolean;
  mode: "interactive" | "view";
  address: string;
  platform: string;
  attachedAt: string;
  toViewerBytesPerSecond: number;
  fromViewerBytesPerSecond: number;
  roundTripMs: number | null;
}

/** A visitor's account, for one session, and its token. */
export interface VisitView {
  accountId: string;
  userName: string;
  displayName: string;
  permissions: string[];
  token: string;
  expiresAt: string;
}

/** Whether anything is offered to people without an account. */
export interface VisitsView {
  offered: boolean;
}

/** What to change of a webhook. Enabled again it goes on where it was. */
export interface WebhookChange {
  url?: string | null;
  events?: string[] | null;
  description?: string | null;
  enabled?: boolean | null;
}

/** All webhooks that the caller sees. */
export interface WebhookList {
  items: WebhookView[];
}

/** A new webhook, with its secret, which is not shown again. */
export interface WebhookMade {
  id: string;
  url: string;
  description: string;
  events: string[];
  enabled: boolean;
  stoppedReason: string | null;
  accountId: string;
  createdAt: string;
  failures: number;
  failingSince: string | null;
  nextAttemptAt: string | null;
  deliveredAt: string | null;
  previousSecretUntil: string | null;
  secret: string;
}

/** A webhook. `events` empty: all kinds; `accountId`: who made it, and what that account sees is told; `stoppedReason`: why the site itself disabled it; `failures`: attempts in a row, since `failingSince`. */
export interface WebhookView {
  id: string;
  url: string;
  description: string;
  events: string[];
  enabled: boolean;
  stoppedReason: string | null;
  accountId: string;
  createdAt: string;
  failures: number;
  failingSince: string | null;
  nextAttemptAt: string | null;
  deliveredAt: string | null;
  previousSecretUntil: string | null;
}

/** How many of one kind of object have errors and warnings. */
export interface Wrong {
  NumberOfErrors?: number;
  NumberOfWarnings?: number;
}

/** ZoneResponseModel. `is_healthy`: some machine in it is registered, or there is none. */
export interface Zone {
  Id: string;
  Name: string;
  Description: string | null;
  IsPrimary: boolean;
  IsHealthy: boolean;
  LastStateChangeTimeInUtc?: string | null;
  Metadata: NameValue[];
  ResourceLocation?: null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface ZoneCollection {
  Items: Zone[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface ZoneCollectionSelection {
  Items: ZoneSelection[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** ZoneDetailResponseModel: with the servers in it. */
export interface ZoneDetail {
  Id: string;
  Name: string;
  Description: string | null;
  IsPrimary: boolean;
  IsHealthy: boolean;
  LastStateChangeTimeInUtc?: string | null;
  Metadata: NameValue[];
  ResourceLocation?: null;
  Controllers: Ref[];
}

/** A zone to make, or what to change of one: there, what is absent or null stays. */
export interface ZoneRequest {
  Name?: string | null;
  Description?: string | null;
  Metadata?: NameValue[] | null;
}

/** ZoneResponseModel. `is_healthy`: some machine in it is registered, or there is none. */
export interface ZoneSelection {
  Id?: string;
  Name?: string;
  Description?: string | null;
  IsPrimary?: boolean;
  IsHealthy?: boolean;
  LastStateChangeTimeInUtc?: string | null;
  Metadata?: NameValue[];
  ResourceLocation?: null;
}

/** ZonedItemResponseModel: what lies in a zone. */
export interface ZonedItem {
  Id: string;
  Name: string;
  Description: string | null;
  ItemType: "Application" | "Controller" | "EdgeServer" | "HypervisorConnection" | "MachineCatalog" | "Unknown" | "User";
  Scopes: Scope[];
  ZoneId: string;
  ZoneName: string;
}

/** `{Items, ContinuationToken, TotalItems}`. The last page's token is null, never "". */
export interface ZonedItemCollection {
  Items: ZonedItem[];
  ContinuationToken?: string | null;
  TotalItems?: number | null;
}

/** ZonedItemRequestModel: by id, else by name. */
export interface ZonedItemRequest {
  Id?: string | null;
  Name?: string | null;
  ItemType: "Application" | "Controller" | "EdgeServer" | "HypervisorConnection" | "MachineCatalog" | "Unknown" | "User";
}

/** ZonedItemSearchRequestModel; `{}` finds everything. */
export interface ZonedItemSearch {
  ZoneId?: string | null;
  ItemType?: "Application" | "Controller" | "EdgeServer" | "HypervisorConnection" | "MachineCatalog" | "Unknown" | "User" | null;
  BasicSearchString?: string | null;
}

/** ZonedItemsRequestModel. */
export interface ZonedItemsRequest {
  Items: ZonedItemRequest[];
}

/** What each operation takes and gives. */
export interface Operations {
  "POST /cctrustoauth2/{customer}/tokens/clients": { query: {  }; takes: undefined; gives: CloudToken };
  "POST /cvad/manage/$batch": { query: {  }; takes: Batch; gives: BatchAnswer | null };
  "POST /cvad/manage/$checkObjectNameExists": { query: {  }; takes: ObjectNameRequest; gives: boolean };
  "GET /cvad/manage/About": { query: {  }; takes: undefined; gives: About };
  "GET /cvad/manage/Admin/Administrators": { query: { limit?: number; continuationToken?: string; }; takes: undefined; gives: AdministratorCollection };
  "POST /cvad/manage/Admin/Administrators": { query: {  }; takes: AdministratorRequest; gives: null };
  "POST /cvad/manage/Admin/Administrators/$PreviewReport": { query: {  }; takes: AdministratorRequest; gives: AdministratorReport };
  "GET /cvad/manage/Admin/Administrators/{nameOrId}": { query: {  }; takes: undefined; gives: Administrator };
  "PATCH /cvad/manage/Admin/Administrators/{nameOrId}": { query: {  }; takes: AdministratorUpdate; gives: null };
  "DELETE /cvad/manage/Admin/Administrators/{nameOrId}": { query: {  }; takes: undefined; gives: null };
  "GET /cvad/manage/Admin/Administrators/{nameOrId}/NamePreview": { query: {  }; takes: undefined; gives: NamePreview };
  "GET /cvad/manage/Admin/Administrators/{nameOrId}/PreviewDeleteConsequence": { query: {  }; takes: undefined; gives: DeleteConsequence };
  "GET /cvad/manage/Admin/Administrators/{nameOrId}/Report": { query: {  }; takes: undefined; gives: AdministratorReport };
  "GET /cvad/manage/Admin/EffectiveRights": { query: {  }; takes: undefined; gives: AdministratorRightCollection };
  "GET /cvad/manage/Admin/PermissionGroups": { query: {  }; takes: undefined; gives: PermissionGroupCollection };
  "GET /cvad/manage/Admin/PermissionGroups/{id}/Permissions": { query: {  }; takes: undefined; gives: PredefinedPermissionCollection };
  "GET /cvad/manage/Admin/Permissions": { query: {  }; takes: undefined; gives: PredefinedPermissionCollection };
  "GET /cvad/manage/Admin/Roles": { query: { limit?: number; continuationToken?: string; }; takes: undefined; gives: RoleCollection };
  "POST /cvad/manage/Admin/Roles": { query: {  }; takes: RoleRequest; gives: Role };
  "GET /cvad/manage/Admin/Roles/{nameOrId}": { query: {  }; takes: undefined; gives: Role };
  "PATCH /cvad/manage/Admin/Roles/{nameOrId}": { query: {  }; takes: RoleRequest; gives: null };
  "DELETE /cvad/manage/Admin/Roles/{nameOrId}": { query: {  }; takes: undefined; gives: null };
  "GET /cvad/manage/Admin/Scopes": { query: { limit?: number; continuationToken?: string; }; takes: undefined; gives: ScopeCollection };
  "POST /cvad/manage/Admin/Scopes": { query: {  }; takes: ScopeRequest; gives: Scope };
  "GET /cvad/manage/Admin/Scopes/{nameOrId}": { query: {  }; takes: undefined; gives: Scope };
  "PATCH /cvad/manage/Admin/Scopes/{nameOrId}": { query: {  }; takes: ScopeRequest; gives: null };
  "DELETE /cvad/manage/Admin/Scopes/{nameOrId}": { query: {  }; takes: undefined; gives: null };
  "GET /cvad/manage/Admin/Scopes/{nameOrId}/ScopedObjects": { query: { limit?: number; continuationToken?: string; }; takes: undefined; gives: ScopedObjectCollection };
  "GET /cvad/manage/AdminFolders": { query: { limit?: number; continuationToken?: string; fields?: string; }; takes: undefined; gives: FolderCollectionSelection };
  "POST /cvad/manage/AdminFolders": { query: {  }; takes: FolderRequest; gives: Folder };
  "GET /cvad/manage/AdminFolders/{pathOrId}": { query: {  }; takes: undefined; gives: Folder };
  "PATCH /cvad/manage/AdminFolders/{pathOrId}": { query: {  }; takes: FolderUpdate; gives: Folder };
  "DELETE /cvad/manage/AdminFolders/{pathOrId}": { query: {  }; takes: undefined; gives: null };
  "GET /cvad/manage/AdminFolders/{pathOrId}/Applications": { query: { limit?: number; continuationToken?: string; fields?: string; }; takes: undefined; gives: ApplicationCollectionSelection };
  "GET /cvad/manage/AdminFolders/{pathOrId}/MachineCatalogs": { query: { limit?: number; continuationToken?: string; fields?: string; }; takes: undefined; gives: MachineCatalogCollectionSelection };
  "GET /cvad/manage/ApplicationFolders": { query: { limit?: number; continuationToken?: string; fields?: string; }; takes: undefined; gives: FolderCollectionSelection };
  "POST /cvad/manage/ApplicationFolders": { query: {  }; takes: FolderRequest; gives: Folder };
  "GET /cvad/manage/ApplicationFolders/{pathOrId}": { query: {  }; takes: undefined; gives: Folder };
  "PATCH /cvad/manage/ApplicationFolders/{pathOrId}": { query: {  }; takes: FolderUpdate; gives: Folder };
  "DELETE /cvad/manage/ApplicationFolders/{pathOrId}": { query: {  }; takes: undefined; gives: null };
  "GET /cvad/manage/ApplicationFolders/{pathOrId}/Applications": { query: { limit?: number; continuationToken?: string; fields?: string; }; takes: undefined; gives: ApplicationCollectionSelection };
  "GET /cvad/manage/Applications": { query: { applicationFolder?: string; limit?: number; continuationToken?: string; fields?: string; }; takes: undefined; gives: ApplicationCollectionSelection };
  "POST /cvad/manage/Applications": { query: {  }; takes: AddApplicationsRequest; gives: null };
  "POST /cvad/manage/Applications/$search": { query: { limit?: number; continuationToken?: string; fields?: string; }; takes: ApplicationSearchRequest; gives: ApplicationCollectionSelection };
  "GET /cvad/manage/Applications/{nameOrId}": { query: { fields?: string; }; takes: undefined; gives: ApplicationDetailSelection };
  "PATCH /cvad/manage/Applications/{nameOrId}": { query: {  }; takes: ApplicationRequest; gives: null };
  "DELETE /cvad/manage/Applications/{nameOrId}": { query: {  }; takes: undefined; gives: null };
  "POST /cvad/manage/Applications/{nameOrId}/$duplicate": { query: {  }; takes: DuplicateApplicationRequest; gives: ApplicationDetail };
  "GET /cvad/manage/Applications/{nameOrId}/DeliveryGroups": { query: {  }; takes: undefined; gives: DeliveryGroupCollectionSelection };
  "GET /cvad/manage/Applications/{nameOrId}/RecommendName": { query: {  }; takes: undefined; gives: RecommendedName };
  "GET /cvad/manage/Applications/{nameOrId}/Sessions": { query: { limit?: number; continuationToken?: string; }; takes: undefined; gives: SessionCollection };
  "GET /cvad/manage/Applications/{nameOrId}/Tags": { query: {  }; takes: undefined; gives: TagCollection };
  "PUT /cvad/manage/Applications/{nameOrId}/Tags": { query: {  }; takes: TagsRequest; gives: TagCollection };
  "POST /cvad/manage/Applications/{nameOrId}/Tags/{tagNameOrId}": { query: {  }; takes: undefined; gives: TagCollection };
  "DELETE /cvad/manage/Applications/{nameOrId}/Tags/{tagNameOrId}": { query: {  }; takes: undefined; gives: null };
  "GET /cvad/manage/ApplicationsV2": { query: { applicationFolder?: string; limit?: number; continuationToken?: string; fields?: string; }; takes: undefined; gives: ApplicationCollectionSelection };
  "POST /cvad/manage/ConfigLog/ExportReport": { query: {  }; takes: ReportRequest; gives: Report };
  "GET /cvad/manage/ConfigLog/GetFirstLogDate": { query: {  }; takes: undefined; gives: string };
  "GET /cvad/manage/ConfigLog/LoggingSite": { query: {  }; takes: undefined; gives: LogSite };
  "PATCH /cvad/manage/ConfigLog/LoggingSite": { query: {  }; takes: LogSiteUpdate; gives: LogSite };
  "DELETE /cvad/manage/ConfigLog/Logs": { query: {  }; takes: undefined; gives: null };
  "GET /cvad/manage/ConfigLog/Operations": { query: { text?: string; days?: number; searchDateOption?: string; timeDiff?: number; limit?: number; continuationToken?: string; }; takes: undefined; gives: LogOperationCollection };
  "POST /cvad/manage/ConfigLog/Operations/$fetchExistingLabels": { query: {  }; takes: undefined; gives: string[] };
  "POST /cvad/manage/ConfigLog/Operations/$search": { query: { limit?: number; continuationToken?: string; }; takes: LogSearchRequest; gives: LogOperationCollection };
  "GET /cvad/manage/ConfigLog/Operations/{id}": { query: {  }; takes: undefined; gives: LogOperation };
  "PATCH /cvad/manage/ConfigLog/Operations/{id}": { query: {  }; takes: OperationUpdate; gives: null };
  "GET /cvad/manage/ConfigLog/Operations/{id}/LowLevelOperations": { query: { limit?: number; continuationToken?: string; }; takes: undefined; gives: LowLevelOperationCollection };
  "GET /cvad/manage/DeliveryGroups": { query: { limit?: number; continuationToken?: string; fields?: string; adminFolder?: string; }; takes: undefined; gives: DeliveryGroupCollectionSelection };
  "POST /cvad/manage/DeliveryGroups": { query: { detailResponseRequired?: boolean; }; takes: CreateGroupRequest; gives: DeliveryGroupSelection };
  "POST /cvad/manage/DeliveryGroups/$checkName": { query: {  }; takes: CheckNameRequest; gives: null };
  "POST /cvad/manage/DeliveryGroups/$search": { query: { limit?: number; continuationToken?: string; fields?: string; }; takes: FolderSearchRequest; gives: DeliveryGroupCollectionSelection };
  "GET /cvad/manage/DeliveryGroups/{nameOrId}": { query: { fields?: string; }; takes: undefined; gives: DeliveryGroupSelection };
  "PATCH /cvad/manage/DeliveryGroups/{nameOrId}": { query: {  }; takes: EditGroupRequest; gives: null };
  "DELETE /cvad/manage/DeliveryGroups/{nameOrId}": { query: { force?: boolean; }; takes: undefined; gives: null };
  "GET /cvad/manage/DeliveryGroups/{nameOrId}/Administrators": { query: { limit?: number; continuationToken?: string; }; takes: undefined; gives: AdministratorCollection };
  "GET /cvad/manage/DeliveryGroups/{nameOrId}/Applications": { query: { limit?: number; continuationToken?: string; fields?: string; }; takes: undefined; gives: ApplicationCollectionSelection };
  "POST /cvad/manage/DeliveryGroups/{nameOrId}/Applications": { query: {  }; takes: GroupApplicationsRequest; gives: null };
  "DELETE /cvad/manage/DeliveryGroups/{nameOrId}/Applications/{appNameOrId}": { query: {  }; takes: undefined; gives: null };
  "GET /cvad/manage/DeliveryGroups/{nameOrId}/Desktops": { query: {  }; takes: undefined; gives: DesktopCollection };
  "GET /cvad/manage/DeliveryGroups/{nameOrId}/MachineCatalogs": { query: {  }; takes: undefined; gives: MachineCatalogCollection };
  "GET /cvad/manage/DeliveryGroups/{nameOrId}/MachineCatalogs/{id}": { query: {  }; takes: undefined; gives: MachineCatalogDetail };
  "GET /cvad/manage/DeliveryGroups/{nameOrId}/Machines": { query: { limit?: number; continuationToken?: string; fields?: string; }; takes: undefined; gives: MachineCollectionSelection };
  "POST /cvad/manage/DeliveryGroups/{nameOrId}/Machines": { query: {  }; takes: AddMachinesRequest; gives: DeliveryGroup };
  "DELETE /cvad/manage/DeliveryGroups/{nameOrId}/Machines/{machineNameOrId}": { query: {  }; takes: undefined; gives: null };
  "GET /cvad/manage/DeliveryGroups/{nameOrId}/Tags": { query: {  }; takes: undefined; gives: TagCollection };
  "PUT /cvad/manage/DeliveryGroups/{nameOrId}/Tags": { query: {  }; takes: TagsRequest; gives: TagCollection };
  "POST /cvad/manage/DeliveryGroups/{nameOrId}/Tags/{tagNameOrId}": { query: {  }; takes: undefined; gives: TagCollection };
  "DELETE /cvad/manage/DeliveryGroups/{nameOrId}/Tags/{tagNameOrId}": { query: {  }; takes: undefined; gives: null };
  "GET /cvad/manage/DeliveryGroups/{nameOrId}/Usage": { query: {  }; takes: undefined; gives: GroupUsage };
  "GET /cvad/manage/DeliveryGroupsV2": { query: { limit?: number; continuationToken?: string; fields?: string; adminFolder?: string; }; takes: undefined; gives: DeliveryGroupCollectionSelection };
  "GET /cvad/manage/HealthCheck": { query: {  }; takes: undefined; gives: boolean };
  "GET /cvad/manage/Icons": { query: { builtIn?: boolean; iconFormat?: string; limit?: number; continuationToken?: string; fields?: string; }; takes: undefined; gives: IconCollectionSelection };
  "POST /cvad/manage/Icons": { query: {  }; takes: IconRequest; gives: Icon };
  "GET /cvad/manage/Icons/{id}": { query: { iconFormat?: string; }; takes: undefined; gives: Icon };
  "DELETE /cvad/manage/Icons/{id}": { query: {  }; takes: undefined; gives: null };
  "GET /cvad/manage/Identity/Containers": { query: {  }; takes: undefined; gives: RefCollection };
  "GET /cvad/manage/Identity/Directories": { query: {  }; takes: undefined; gives: IdentityDirectoryCollection };
  "GET /cvad/manage/Identity/Domains": { query: {  }; takes: undefined; gives: IdentityDomainCollection };
  "GET /cvad/manage/Identity/Domains/{domain}": { query: {  }; takes: undefined; gives: IdentityDomain };
  "GET /cvad/manage/Identity/Forests": { query: {  }; takes: undefined; gives: IdentityForestCollection };
  "GET /cvad/manage/Identity/Forests/{forest}": { query: {  }; takes: undefined; gives: IdentityForest };
  "GET /cvad/manage/Identity/Machines": { query: { limit?: number; continuationToken?: string; }; takes: undefined; gives: IdentityMachineCollection };
  "GET /cvad/manage/Identity/Machines/{machine}": { query: {  }; takes: undefined; gives: IdentityMachine };
  "GET /cvad/manage/Identity/Users": { query: { user?: string[]; startsWith?: string; contains?: string; matches?: string; userType?: string; provider?: string; domain?: string; forest?: string; propertiesToRetrieve?: number; limit?: number; }; takes: undefined; gives: IdentityUserCollection };
  "POST /cvad/manage/Identity/Users/$validate": { query: {  }; takes: ValidateUserRequest; gives: IdentityUser };
  "GET /cvad/manage/Identity/Users/{userOrGroup}": { query: {  }; takes: undefined; gives: IdentityUser };
  "PATCH /cvad/manage/Identity/Users/{userOrGroup}": { query: {  }; takes: UserUpdate; gives: IdentityUser };
  "GET /cvad/manage/Jobs": { query: { limit?: number; continuationToken?: string; }; takes: undefined; gives: JobCollection };
  "GET /cvad/manage/Jobs/{id}": { query: {  }; takes: undefined; gives: Job };
  "DELETE /cvad/manage/Jobs/{id}": { query: {  }; takes: undefined; gives: null };
  "POST /cvad/manage/Jobs/{id}/$SkipRemaining": { query: {  }; takes: undefined; gives: null };
  "POST /cvad/manage/Jobs/{id}/$cancel": { query: {  }; takes: undefined; gives: Job };
  "GET /cvad/manage/Jobs/{id}/Results": { query: {  }; takes: undefined; gives: null };
  "GET /cvad/manage/MachineCatalogs": { query: { limit?: number; continuationToken?: string; fields?: string; adminFolder?: string; }; takes: undefined; gives: MachineCatalogCollectionSelection };
  "POST /cvad/manage/MachineCatalogs": { query: {  }; takes: CreateCatalogRequest; gives: MachineCatalogDetail };
  "POST /cvad/manage/MachineCatalogs/$checkCatalogName": { query: {  }; takes: CheckNameRequest; gives: null };
  "POST /cvad/manage/MachineCatalogs/$search": { query: { limit?: number; continuationToken?: string; fields?: string; }; takes: FolderSearchRequest; gives: MachineCatalogCollectionSelection };
  "GET /cvad/manage/MachineCatalogs/{nameOrId}": { query: { fields?: string; }; takes: undefined; gives: MachineCatalogDetailSelection };
  "PATCH /cvad/manage/MachineCatalogs/{nameOrId}": { query: {  }; takes: UpdateCatalogRequest; gives: MachineCatalogDetail };
  "DELETE /cvad/manage/MachineCatalogs/{nameOrId}": { query: {  }; takes: undefined; gives: null };
  "GET /cvad/manage/MachineCatalogs/{nameOrId}/Administrators": { query: { limit?: number; continuationToken?: string; }; takes: undefined; gives: AdministratorCollection };
  "GET /cvad/manage/MachineCatalogs/{nameOrId}/DeliveryGroupAssociations": { query: {  }; takes: undefined; gives: CatalogGroupCollection };
  "GET /cvad/manage/MachineCatalogs/{nameOrId}/Machines": { query: { limit?: number; continuationToken?: string; fields?: string; }; takes: undefined; gives: MachineCollectionSelection };
  "POST /cvad/manage/MachineCatalogs/{nameOrId}/Machines": { query: {  }; takes: AddMachineRequest; gives: null };
  "DELETE /cvad/manage/MachineCatalogs/{nameOrId}/Machines/{machine}": { query: {  }; takes: undefined; gives: null };
  "GET /cvad/manage/MachineCatalogs/{nameOrId}/Tags": { query: {  }; takes: undefined; gives: TagCollection };
  "PUT /cvad/manage/MachineCatalogs/{nameOrId}/Tags": { query: {  }; takes: TagsRequest; gives: TagCollection };
  "POST /cvad/manage/MachineCatalogs/{nameOrId}/Tags/{tagNameOrId}": { query: {  }; takes: undefined; gives: TagCollection };
  "DELETE /cvad/manage/MachineCatalogs/{nameOrId}/Tags/{tagNameOrId}": { query: {  }; takes: undefined; gives: null };
  "GET /cvad/manage/MachineCatalogsV2": { query: { limit?: number; continuationToken?: string; fields?: string; adminFolder?: string; }; takes: undefined; gives: MachineCatalogCollectionSelection };
  "GET /cvad/manage/Machines": { query: { limit?: number; continuationToken?: string; fields?: string; sessionSupport?: string; configured?: boolean; }; takes: undefined; gives: MachineCollectionSelection | null };
  "POST /cvad/manage/Machines/$group": { query: {  }; takes: GroupMachinesRequest; gives: Record<string, number> };
  "POST /cvad/manage/Machines/$search": { query: { limit?: number; continuationToken?: string; fields?: string; skip?: number; }; takes: SearchRequest; gives: MachineCollectionSelection };
  "GET /cvad/manage/Machines/{nameOrId}": { query: { fields?: string; }; takes: undefined; gives: MachineDetailSelection };
  "PATCH /cvad/manage/Machines/{nameOrId}": { query: {  }; takes: UpdateMachineRequest; gives: null };
  "DELETE /cvad/manage/Machines/{nameOrId}": { query: {  }; takes: undefined; gives: null };
  "POST /cvad/manage/Machines/{nameOrId}/$disconnect": { query: { detailResponseRequired?: boolean; }; takes: undefined; gives: MachineDetailSelection };
  "POST /cvad/manage/Machines/{nameOrId}/$logoff": { query: { detailResponseRequired?: boolean; }; takes: undefined; gives: MachineDetailSelection };
  "POST /cvad/manage/Machines/{nameOrId}/$reboot": { query: {  }; takes: undefined; gives: null };
  "POST /cvad/manage/Machines/{nameOrId}/$resume": { query: {  }; takes: undefined; gives: null };
  "POST /cvad/manage/Machines/{nameOrId}/$shutdown": { query: {  }; takes: undefined; gives: null };
  "POST /cvad/manage/Machines/{nameOrId}/$start": { query: {  }; takes: undefined; gives: null };
  "POST /cvad/manage/Machines/{nameOrId}/$suspend": { query: {  }; takes: undefined; gives: null };
  "GET /cvad/manage/Machines/{nameOrId}/Administrators": { query: { limit?: number; continuationToken?: string; }; takes: undefined; gives: AdministratorCollection };
  "GET /cvad/manage/Machines/{nameOrId}/Applications": { query: {  }; takes: undefined; gives: ApplicationCollection };
  "GET /cvad/manage/Machines/{nameOrId}/DeliveryGroup": { query: {  }; takes: undefined; gives: DeliveryGroup };
  "GET /cvad/manage/Machines/{nameOrId}/Desktop": { query: {  }; takes: undefined; gives: Desktop | null };
  "GET /cvad/manage/Machines/{nameOrId}/MachineCatalog": { query: {  }; takes: undefined; gives: MachineCatalogDetail };
  "GET /cvad/manage/Machines/{nameOrId}/Sessions": { query: { fields?: string; }; takes: undefined; gives: SessionCollectionSelection };
  "GET /cvad/manage/Machines/{nameOrId}/Tags": { query: {  }; takes: undefined; gives: TagCollection };
  "PUT /cvad/manage/Machines/{nameOrId}/Tags": { query: {  }; takes: TagsRequest; gives: TagCollection };
  "POST /cvad/manage/Machines/{nameOrId}/Tags/{tagNameOrId}": { query: {  }; takes: undefined; gives: TagCollection };
  "DELETE /cvad/manage/Machines/{nameOrId}/Tags/{tagNameOrId}": { query: {  }; takes: undefined; gives: null };
  "GET /cvad/manage/MachinesV2": { query: { limit?: number; continuationToken?: string; fields?: string; sessionSupport?: string; configured?: boolean; }; takes: undefined; gives: MachineCollectionSelection };
  "GET /cvad/manage/RebootSchedules": { query: {  }; takes: undefined; gives: RefCollection };
  "GET /cvad/manage/Sessions": { query: { limit?: number; continuationToken?: string; fields?: string; }; takes: undefined; gives: SessionCollectionSelection | null };
  "POST /cvad/manage/Sessions/$search": { query: { limit?: number; continuationToken?: string; fields?: string; skip?: number; }; takes: SearchRequest; gives: SessionCollectionSelection };
  "GET /cvad/manage/Sessions/RecordingStatus": { query: { id?: string; }; takes: undefined; gives: RecordingStatus };
  "GET /cvad/manage/Sessions/{id}": { query: { fields?: string; }; takes: undefined; gives: SessionSelection };
  "POST /cvad/manage/Sessions/{id}/$disconnect": { query: { async?: boolean; }; takes: undefined; gives: Session | null };
  "POST /cvad/manage/Sessions/{id}/$hide": { query: { async?: boolean; }; takes: undefined; gives: null };
  "POST /cvad/manage/Sessions/{id}/$logoff": { query: { async?: boolean; }; takes: undefined; gives: null };
  "POST /cvad/manage/Sessions/{id}/$sendMessage": { query: { async?: boolean; }; takes: SendMessageRequest; gives: Session | null };
  "POST /cvad/manage/Sessions/{id}/$startRecording": { query: { notifyUser?: boolean; async?: boolean; }; takes: undefined; gives: Session | null };
  "POST /cvad/manage/Sessions/{id}/$stopRecording": { query: { async?: boolean; }; takes: undefined; gives: Session | null };
  "POST /cvad/manage/Sessions/{id}/$unhide": { query: { async?: boolean; }; takes: undefined; gives: null };
  "GET /cvad/manage/Sessions/{id}/Applications": { query: {  }; takes: undefined; gives: ApplicationCollection };
  "GET /cvad/manage/Sessions/{id}/Machine": { query: {  }; takes: undefined; gives: MachineDetail };
  "GET /cvad/manage/SessionsV2": { query: { limit?: number; continuationToken?: string; fields?: string; }; takes: undefined; gives: SessionCollectionSelection };
  "GET /cvad/manage/Sites": { query: {  }; takes: undefined; gives: SiteCollection };
  "GET /cvad/manage/Sites/{nameOrId}": { query: {  }; takes: undefined; gives: SiteDetail };
  "POST /cvad/manage/Sites/{nameOrId}/$test": { query: {  }; takes: undefined; gives: SiteTest };
  "GET /cvad/manage/Sites/{nameOrId}/ErrorWarning": { query: {  }; takes: undefined; gives: ErrorWarning };
  "GET /cvad/manage/Sites/{nameOrId}/Settings": { query: {  }; takes: undefined; gives: SiteSettings };
  "PATCH /cvad/manage/Sites/{nameOrId}/Settings": { query: {  }; takes: SiteSettings; gives: null };
  "GET /cvad/manage/Sites/{nameOrId}/Status": { query: {  }; takes: undefined; gives: SiteStatus };
  "GET /cvad/manage/Sites/{nameOrId}/TestReport": { query: {  }; takes: undefined; gives: TestReport };
  "GET /cvad/manage/StoreFrontServers": { query: {  }; takes: undefined; gives: StoreFrontCollection };
  "POST /cvad/manage/StoreFrontServers": { query: {  }; takes: StoreFrontRequest; gives: StoreFront };
  "GET /cvad/manage/StoreFrontServers/{nameOrId}": { query: {  }; takes: undefined; gives: StoreFront };
  "PATCH /cvad/manage/StoreFrontServers/{nameOrId}": { query: {  }; takes: StoreFrontRequest; gives: StoreFront };
  "DELETE /cvad/manage/StoreFrontServers/{nameOrId}": { query: {  }; takes: undefined; gives: null };
  "GET /cvad/manage/StoreFrontServers/{nameOrId}/DeliveryGroups": { query: {  }; takes: undefined; gives: RefCollection };
  "GET /cvad/manage/Tags": { query: { limit?: number; continuationToken?: string; fields?: string; }; takes: undefined; gives: TagCollectionSelection };
  "POST /cvad/manage/Tags": { query: {  }; takes: TagRequest; gives: Tag };
  "GET /cvad/manage/Tags/{nameOrId}": { query: {  }; takes: undefined; gives: Tag };
  "PATCH /cvad/manage/Tags/{nameOrId}": { query: {  }; takes: TagUpdate; gives: Tag };
  "DELETE /cvad/manage/Tags/{nameOrId}": { query: { force?: boolean; }; takes: undefined; gives: null };
  "GET /cvad/manage/Tags/{nameOrId}/Applications": { query: { limit?: number; continuationToken?: string; fields?: string; }; takes: undefined; gives: ApplicationCollectionSelection };
  "PUT /cvad/manage/Tags/{nameOrId}/Applications": { query: {  }; takes: RefsRequest; gives: null };
  "GET /cvad/manage/Tags/{nameOrId}/DeliveryGroups": { query: { limit?: number; continuationToken?: string; fields?: string; }; takes: undefined; gives: DeliveryGroupCollectionSelection };
  "PUT /cvad/manage/Tags/{nameOrId}/DeliveryGroups": { query: {  }; takes: RefsRequest; gives: null };
  "GET /cvad/manage/Tags/{nameOrId}/MachineCatalogs": { query: { limit?: number; continuationToken?: string; fields?: string; }; takes: undefined; gives: MachineCatalogCollectionSelection };
  "GET /cvad/manage/Tags/{nameOrId}/Machines": { query: { limit?: number; continuationToken?: string; fields?: string; }; takes: undefined; gives: MachineCollectionSelection };
  "GET /cvad/manage/TimeZones/All": { query: {  }; takes: undefined; gives: TimeZoneCollection };
  "GET /cvad/manage/Zones": { query: { fields?: string; }; takes: undefined; gives: ZoneCollectionSelection };
  "POST /cvad/manage/Zones": { query: {  }; takes: ZoneRequest; gives: null };
  "POST /cvad/manage/Zones/$removeItems": { query: {  }; takes: ZonedItemsRequest; gives: null };
  "POST /cvad/manage/Zones/$search": { query: { limit?: number; continuationToken?: string; }; takes: ZonedItemSearch; gives: ZonedItemCollection };
  "GET /cvad/manage/Zones/{nameOrId}": { query: {  }; takes: undefined; gives: ZoneDetail };
  "PATCH /cvad/manage/Zones/{nameOrId}": { query: {  }; takes: ZoneRequest; gives: null };
  "DELETE /cvad/manage/Zones/{nameOrId}": { query: {  }; takes: undefined; gives: null };
  "POST /cvad/manage/Zones/{nameOrId}/$addItems": { query: {  }; takes: ZonedItemsRequest; gives: null };
  "POST /cvad/manage/Zones/{nameOrId}/$moveItems": { query: {  }; takes: ZonedItemsRequest; gives: null };
  "GET /cvad/manage/me": { query: {  }; takes: undefined; gives: Me };
  "GET /cvad/manage/me/Preferences": { query: { namePrefix?: string; }; takes: undefined; gives: NameValueCollection };
  "PUT /cvad/manage/me/Preferences": { query: {  }; takes: NameValue; gives: null };
  "GET /cvad/manage/me/Preferences/{name}": { query: {  }; takes: undefined; gives: NameValue };
  "DELETE /cvad/manage/me/Preferences/{name}": { query: {  }; takes: undefined; gives: null };
  "GET /cvad/manage/ping": { query: {  }; takes: undefined; gives: boolean };
  "GET /cvad/manage/ping/status": { query: {  }; takes: undefined; gives: boolean };
  "POST /cvad/manage/tokens": { query: {  }; takes: undefined; gives: AuthToken };
  "DELETE /cvad/manage/tokens": { query: {  }; takes: undefined; gives: null };
  "POST /cvad/manage/tokens/$refresh": { query: {  }; takes: undefined; gives: AuthToken };
  "GET /footlight/v1/accounts": { query: {  }; takes: undefined; gives: AccountList };
  "POST /footlight/v1/accounts": { query: {  }; takes: NewAccount; gives: AccountView };
  "PUT /footlight/v1/accounts/{id}/os-account": { query: {  }; takes: OsAccount; gives: AccountView };
  "DELETE /footlight/v1/accounts/{id}/os-account": { query: {  }; takes: undefined; gives: AccountView };
  "POST /footlight/v1/accounts/{id}/password": { query: {  }; takes: NewPassword; gives: PasswordSet };
  "GET /footlight/v1/audit": { query: { kind?: string; text?: string; objectId?: string; after?: number; since?: string; until?: string; limit?: number; continuationToken?: string; }; takes: undefined; gives: AuditPage };
  "GET /footlight/v1/audit/verification": { query: {  }; takes: undefined; gives: Result };
  "GET /footlight/v1/audit/{id}": { query: {  }; takes: undefined; gives: AuditEntry };
  "GET /footlight/v1/delivery-groups/{nameOrId}/access": { query: {  }; takes: undefined; gives: AccessRulesView };
  "PATCH /footlight/v1/delivery-groups/{nameOrId}/access": { query: {  }; takes: AccessRulesChange; gives: AccessRulesView };
  "GET /footlight/v1/delivery-groups/{nameOrId}/placement": { query: {  }; takes: undefined; gives: PlacementRules };
  "PUT /footlight/v1/delivery-groups/{nameOrId}/placement": { query: {  }; takes: PlacementRules; gives: PlacementRules };
  "GET /footlight/v1/delivery-groups/{nameOrId}/session-limits": { query: {  }; takes: undefined; gives: SessionLimits };
  "PUT /footlight/v1/delivery-groups/{nameOrId}/session-limits": { query: {  }; takes: SessionLimits; gives: SessionLimits };
  "GET /footlight/v1/enroll": { query: {  }; takes: undefined; gives: TrustView };
  "POST /footlight/v1/enroll": { query: {  }; takes: EnrolHost; gives: HostCredentials };
  "POST /footlight/v1/enroll/standing": { query: {  }; takes: StandingQuestion; gives: Standing };
  "GET /footlight/v1/enrolments": { query: {  }; takes: undefined; gives: EnrolmentList };
  "POST /footlight/v1/enrolments": { query: {  }; takes: NewEnrolment; gives: EnrolmentMade };
  "DELETE /footlight/v1/enrolments/{id}": { query: {  }; takes: undefined; gives: null };
  "GET /footlight/v1/events": { query: {  }; takes: undefined; gives: null };
  "GET /footlight/v1/faults": { query: {  }; takes: undefined; gives: FaultsView };
  "PUT /footlight/v1/faults": { query: {  }; takes: FaultSwitches; gives: FaultsView };
  "DELETE /footlight/v1/faults": { query: {  }; takes: undefined; gives: null };
  "GET /footlight/v1/hosts": { query: {  }; takes: undefined; gives: HostList };
  "GET /footlight/v1/hosts/{id}": { query: {  }; takes: undefined; gives: HostView };
  "DELETE /footlight/v1/hosts/{id}": { query: {  }; takes: undefined; gives: null };
  "POST /footlight/v1/hosts/{id}/revoke": { query: {  }; takes: undefined; gives: HostView };
  "POST /footlight/v1/hosts/{id}/rotate": { query: {  }; takes: undefined; gives: HostView };
  "GET /footlight/v1/jobs/{id}": { query: {  }; takes: undefined; gives: JobView };
  "GET /footlight/v1/jobs/{id}/result": { query: {  }; takes: undefined; gives: null };
  "POST /footlight/v1/launches": { query: {  }; takes: NewLaunch; gives: LaunchedView };
  "GET /footlight/v1/me": { query: {  }; takes: undefined; gives: MeView };
  "GET /footlight/v1/overview": { query: {  }; takes: undefined; gives: Overview };
  "GET /footlight/v1/recording-policies": { query: {  }; takes: undefined; gives: PolicyList };
  "POST /footlight/v1/recording-policies": { query: {  }; takes: NewPolicy; gives: PolicyView };
  "GET /footlight/v1/recording-policies/forecast": { query: { days?: number; }; takes: undefined; gives: ForecastView };
  "PUT /footlight/v1/recording-policies/order": { query: {  }; takes: PolicyOrder; gives: PolicyList };
  "POST /footlight/v1/recording-policies/test": { query: {  }; takes: PolicyQuestion; gives: DecisionView };
  "GET /footlight/v1/recording-policies/{id}": { query: {  }; takes: undefined; gives: PolicyView };
  "PATCH /footlight/v1/recording-policies/{id}": { query: {  }; takes: PolicyChange; gives: PolicyView };
  "DELETE /footlight/v1/recording-policies/{id}": { query: {  }; takes: undefined; gives: null };
  "GET /footlight/v1/recordings": { query: { sessionId?: string; user?: string; machine?: string; resource?: string; state?: string; since?: string; until?: string; reason?: string; retentionClass?: string; held?: boolean; text?: string; sort?: string; limit?: number; continuationToken?: string; }; takes: undefined; gives: RecordingPage };
  "GET /footlight/v1/recordings/links/{token}": { query: {  }; takes: undefined; gives: LinkView };
  "POST /footlight/v1/recordings/retention/preview": { query: {  }; takes: RetentionTrial; gives: RetentionPreview };
  "GET /footlight/v1/recordings/search": { query: { text?: string; type?: string; recordingId?: string; user?: string; machine?: string; resource?: string; since?: string; until?: string; limit?: number; continuationToken?: string; }; takes: undefined; gives: HitPage };
  "GET /footlight/v1/recordings/tombstones": { query: { limit?: number; continuationToken?: string; }; takes: undefined; gives: TombstonePage };
  "GET /footlight/v1/recordings/tombstones/{id}": { query: {  }; takes: undefined; gives: TombstoneView };
  "GET /footlight/v1/recordings/{id}": { query: {  }; takes: undefined; gives: RecordingView };
  "DELETE /footlight/v1/recordings/{id}": { query: { reason?: string; }; takes: undefined; gives: TombstoneView };
  "GET /footlight/v1/recordings/{id}/contact-sheet": { query: { count?: number; }; takes: undefined; gives: null };
  "GET /footlight/v1/recordings/{id}/events": { query: { type?: string; text?: string; fromMs?: number; toMs?: number; limit?: number; continuationToken?: string; }; takes: undefined; gives: EventPage };
  "POST /footlight/v1/recordings/{id}/export": { query: {  }; takes: ExportWanted; gives: JobBegun };
  "GET /footlight/v1/recordings/{id}/frame": { query: { at?: number; }; takes: undefined; gives: null };
  "GET /footlight/v1/recordings/{id}/holds": { query: {  }; takes: undefined; gives: HoldList };
  "POST /footlight/v1/recordings/{id}/holds": { query: {  }; takes: NewHold; gives: HoldView };
  "DELETE /footlight/v1/recordings/{id}/holds/{hold}": { query: {  }; takes: undefined; gives: null };
  "GET /footlight/v1/recordings/{id}/key": { query: {  }; takes: undefined; gives: DataKeyView };
  "POST /footlight/v1/recordings/{id}/links": { query: {  }; takes: NewLink; gives: LinkView };
  "GET /footlight/v1/recordings/{id}/manifest": { query: {  }; takes: undefined; gives: Record<string, unknown> };
  "GET /footlight/v1/recordings/{id}/markers": { query: {  }; takes: undefined; gives: MarkerList };
  "POST /footlight/v1/recordings/{id}/markers": { query: {  }; takes: NewMarker; gives: MarkerView };
  "PATCH /footlight/v1/recordings/{id}/markers/{marker}": { query: {  }; takes: MarkerChange; gives: MarkerView };
  "DELETE /footlight/v1/recordings/{id}/markers/{marker}": { query: {  }; takes: undefined; gives: null };
  "POST /footlight/v1/recordings/{id}/openings": { query: {  }; takes: NewOpening; gives: OpeningView };
  "GET /footlight/v1/recordings/{id}/segments/{number}": { query: { wait?: number; }; takes: undefined; gives: null };
  "GET /footlight/v1/recordings/{id}/verification": { query: {  }; takes: undefined; gives: Verdict };
  "GET /footlight/v1/reports": { query: { limit?: number; continuationToken?: string; }; takes: undefined; gives: ReportPage };
  "GET /footlight/v1/reports/{id}": { query: {  }; takes: undefined; gives: ReportView };
  "GET /footlight/v1/resources": { query: {  }; takes: undefined; gives: ResourceList };
  "GET /footlight/v1/resources/{nameOrId}/icon": { query: {  }; takes: undefined; gives: null };
  "GET /footlight/v1/resources/{nameOrId}/placement": { query: { user?: string; }; takes: undefined; gives: Placement };
  "GET /footlight/v1/retention-classes": { query: {  }; takes: undefined; gives: RetentionClassList };
  "POST /footlight/v1/retention-classes": { query: {  }; takes: NewRetentionClass; gives: RetentionClassView };
  "GET /footlight/v1/retention-classes/{name}": { query: {  }; takes: undefined; gives: RetentionClassView };
  "PATCH /footlight/v1/retention-classes/{name}": { query: {  }; takes: RetentionClassChange; gives: RetentionClassView };
  "DELETE /footlight/v1/retention-classes/{name}": { query: {  }; takes: undefined; gives: null };
  "GET /footlight/v1/service-accounts": { query: {  }; takes: undefined; gives: ServiceAccountList };
  "POST /footlight/v1/service-accounts": { query: {  }; takes: NewServiceAccount; gives: ServiceAccountSecret };
  "GET /footlight/v1/service-accounts/{id}": { query: {  }; takes: undefined; gives: ServiceAccountView };
  "DELETE /footlight/v1/service-accounts/{id}": { query: {  }; takes: undefined; gives: null };
  "POST /footlight/v1/service-accounts/{id}/rotate": { query: {  }; takes: Rotation; gives: ServiceAccountSecret };
  "GET /footlight/v1/sessions": { query: { limit?: number; continuationToken?: string; }; takes: undefined; gives: SessionPage };
  "POST /footlight/v1/sessions/$search": { query: { limit?: number; continuationToken?: string; skip?: number; }; takes: SearchRequest; gives: SessionRows };
  "GET /footlight/v1/sessions/{id}": { query: {  }; takes: undefined; gives: SessionView };
  "GET /footlight/v1/sessions/{id}/files": { query: { limit?: number; continuationToken?: string; }; takes: undefined; gives: FilePage };
  "GET /footlight/v1/sessions/{id}/files/{name}": { query: {  }; takes: undefined; gives: null };
  "PUT /footlight/v1/sessions/{id}/files/{name}": { query: { overwrite?: boolean; }; takes: undefined; gives: FileStored };
  "DELETE /footlight/v1/sessions/{id}/files/{name}": { query: {  }; takes: undefined; gives: null };
  "GET /footlight/v1/sessions/{id}/logs": { query: {  }; takes: undefined; gives: SessionLogs };
  "GET /footlight/v1/sessions/{id}/recording-decision": { query: {  }; takes: undefined; gives: DecisionView };
  "POST /footlight/v1/sessions/{id}/reports": { query: {  }; takes: NewReport; gives: ReportView };
  "POST /footlight/v1/sessions/{id}/restart-window-manager": { query: {  }; takes: undefined; gives: SessionView };
  "POST /footlight/v1/sessions/{id}/tickets": { query: {  }; takes: NewTicket; gives: TicketView };
  "GET /footlight/v1/sign-in": { query: {  }; takes: undefined; gives: SignInWays };
  "POST /footlight/v1/sign-in": { query: {  }; takes: SignIn; gives: MeView };
  "GET /footlight/v1/sign-in/oidc": { query: { to?: string; }; takes: undefined; gives: null };
  "GET /footlight/v1/sign-in/oidc/callback": { query: {  }; takes: undefined; gives: null };
  "POST /footlight/v1/sign-out": { query: {  }; takes: undefined; gives: SignedOut | null };
  "GET /footlight/v1/simulation": { query: {  }; takes: undefined; gives: SimulationView };
  "POST /footlight/v1/simulation": { query: {  }; takes: SimulationOrder; gives: SimulationView };
  "DELETE /footlight/v1/simulation": { query: {  }; takes: undefined; gives: null };
  "GET /footlight/v1/spools": { query: {  }; takes: undefined; gives: SpoolList };
  "PUT /footlight/v1/uploads/{ticket}": { query: {  }; takes: undefined; gives: null };
  "GET /footlight/v1/visits": { query: {  }; takes: undefined; gives: VisitsView };
  "POST /footlight/v1/visits": { query: {  }; takes: NewVisit; gives: VisitView };
  "GET /footlight/v1/webhooks": { query: {  }; takes: undefined; gives: WebhookList };
  "POST /footlight/v1/webhooks": { query: {  }; takes: NewWebhook; gives: WebhookMade };
  "GET /footlight/v1/webhooks/{id}": { query: {  }; takes: undefined; gives: WebhookView };
  "PATCH /footlight/v1/webhooks/{id}": { query: {  }; takes: WebhookChange; gives: WebhookView };
  "DELETE /footlight/v1/webhooks/{id}": { query: {  }; takes: undefined; gives: null };
  "GET /footlight/v1/webhooks/{id}/deliveries": { query: {  }; takes: undefined; gives: DeliveryList };
  "POST /footlight/v1/webhooks/{id}/secret": { query: {  }; takes: NewSecret; gives: SecretSet };
  "POST /footlight/v1/webhooks/{id}/test": { query: {  }; takes: undefined; gives: DeliveryView };
  "GET /healthz": { query: {  }; takes: undefined; gives: boolean };
  "GET /metrics": { query: {  }; takes: undefined; gives: null };
  "GET /openapi.json": { query: {  }; takes: undefined; gives: Record<string, unknown> };
  "GET /openapi.yaml": { query: {  }; takes: undefined; gives: null };
  "GET /readyz": { query: {  }; takes: undefined; gives: boolean };
}
