/** The wire shapes of the HTTP API: camelCase, enums in kebab-case, absent and null alike. */

export const pillars = [
  'legislation',
  'investigation-and-prosecution',
  'victim-protection',
  'research-and-data',
  'training',
  'awareness',
  'cooperation',
] as const;
export type Pillar = (typeof pillars)[number];

export const planStatuses = ['drafting', 'adopted', 'under-implementation', 'concluded', 'evaluated', 'superseded'] as const;
export type PlanStatus = (typeof planStatuses)[number];
export const iterations = ['first', 'second', 'third', 'fourth', 'fifth', 'second-or-later'] as const;
export type Iteration = (typeof iterations)[number];
export const milestoneStatuses = ['planned', 'in-progress', 'done', 'cancelled'] as const;
export type MilestoneStatus = (typeof milestoneStatuses)[number];
export type ReportState = 'draft' | 'submitted' | 'approved' | 'returned';
export const marks = ['public', 'community', 'parties', 'named'] as const;
export type Mark = (typeof marks)[number];
export const requestKinds = [
  'information',
  'good-practice',
  'technical-assistance',
  'training',
  'joint-activity',
  'return-and-referral',
  'legal-assistance-tracking',
  'funding',
] as const;
export type RequestKind = (typeof requestKinds)[number];
export const urgencies = ['routine', 'urgent', 'immediate'] as const;
export type Urgency = (typeof urgencies)[number];
export const requestStatuses = ['open', 'accepted', 'answered', 'confirmed', 'declined', 'withdrawn', 'expired'] as const;
export type RequestStatus = (typeof requestStatuses)[number];
export const declineGrounds = ['not-competent', 'no-capacity', 'legal-obstacle', 'insufficient-information', 'other'] as const;
export type DeclineGround = (typeof declineGrounds)[number];
export type RequestBox = 'in' | 'out' | 'watching';
export const bodyKinds = [
  'state',
  'national-body',
  'task-force',
  'subnational-body',
  'national-rapporteur',
  'un-entity',
  'regional-organization',
  'intergovernmental-organization',
  'inter-agency-group',
  'working-group',
  'treaty-body',
  'special-procedure',
  'trust-fund',
  'partner',
] as const;
export type BodyKind = (typeof bodyKinds)[number];
export type Role = 'observer' | 'contributor' | 'coordinator' | 'administrator';
export type SubscriptionSubject = 'requests' | 'plans' | 'groups';
export type InboxReason = 'request' | 'report' | 'measure' | 'group' | 'subscription' | 'roles' | 'erasure';
export type LeftOpenKind = 'report' | 'request' | 'answer' | 'clarification' | 'proposal';

/** A plain day, `2026-11-23`, that no time zone may shift. */
export type Day = string;
/** A moment, ISO 8601 with offset. */
export type Moment = string;

export interface Page<T> {
  items: T[];
  next?: string | null;
}
export interface Receipt {
  id: string;
  version: number;
  position: number;
}
export interface Source {
  document: string;
  paragraphs: number[];
}
export interface Period {
  from?: Day | null;
  to?: Day | null;
}
export interface MilestoneCounts {
  total: number;
  done: number;
  inProgress: number;
  planned: number;
  atRisk: number;
  late: number;
  cancelled: number;
}

export interface BodyName {
  id: string;
  name: string;
}
export interface BodyStatus {
  plans: number;
  milestones: MilestoneCounts;
  openRequests: number;
  online: boolean;
}
export interface BodyView {
  id: string;
  kind: BodyKind;
  name: string;
  acronym?: string | null;
  state?: string | null;
  region?: string | null;
  subregion?: string | null;
  m49?: string | null;
  parent?: string | null;
  /** What the source calls it beyond its kind, such as reporting-state. */
  category?: string | null;
  exercise: boolean;
  version: number;
  status: BodyStatus;
  /** Told to administrators and to the body itself. */
  coordinators?: number | null;
}
export interface ChairTerm {
  body: string;
  from?: string | null;
  to?: string | null;
  asAt?: string | null;
}
export interface FocalPoint {
  subject: string;
  office: string;
}
export interface ReportedFact {
  id: string;
  kind: string;
  pillar?: Pillar | null;
  status?: string | null;
  summary: string;
  source: Source;
}
export interface PartyTo {
  id: string;
  name: string;
  kind: string;
  relation?: string | null;
  parties: string[];
  partiesComplete: boolean;
  source: Source;
}
export interface Person {
  /** Id of the account. */
  account: string;
  signInName?: string | null;
  /** How the person is shown. */
  name?: string | null;
  role: Role;
  /** Nobody has taken up the account yet. */
  isInvited?: boolean;
  /** Another password that is asked for it. */
  reset?: Reset | null;
}
/** Something that an account left open when it left the body. */
export interface LeftOpen {
  kind: LeftOpenKind;
  subject: { kind: string; id: string };
  /** Of a report the milestone. */
  part?: string | null;
  title: string;
  since: Moment;
  account: string;
  /** Absent when the account was erased. */
  name?: string | null;
}
export interface BodyDetail extends BodyView {
  intermediateRegion?: string | null;
  parentRelation?: string | null;
  legalBasis?: string | null;
  timeZone?: string | null;
  note?: string | null;
  source?: Source | null;
  members: BodyName[];
  children: BodyName[];
  chairs: ChairTerm[];
  focalPoints: FocalPoint[];
  facts: ReportedFact[];
  agreements: PartyTo[];
  people: Person[];
  verbs: string[];
  leftOpen: LeftOpen[];
  /** Minutes after which an unused session for this body ends; told to its own people and to administrators. */
  idleMinutes?: number | null;
}
export interface RegionView {
  code: string;
  name: string;
  parent?: string | null;
  bodies: number;
}

export interface PlanView {
  id: string;
  body: string;
  bodyName: string;
  state?: string | null;
  region?: string | null;
  title: string;
  iteration?: Iteration | null;
  status: PlanStatus;
  period?: Period | null;
  mark: Mark;
  exercise: boolean;
  version: number;
  milestones: MilestoneCounts;
  source?: Source | null;
  note?: string | null;
  reportsToApprove: number;
}
export interface ReportView {
  id: string;
  milestone: string;
  body: string;
  actor: string;
  actorName?: string | null;
  at: Moment;
  state: ReportState;
  status: MilestoneStatus;
  progress: number;
  note?: string | null;
  evidence: string[];
  returnedBecause?: string | null;
  verbs: string[];
  version: number;
}
export interface MilestoneView {
  id: string;
  plan: string;
  planTitle: string;
  measure: string;
  body: string;
  bodyName: string;
  state?: string | null;
  pillar: Pillar;
  lead: string;
  title: string;
  due: Day;
  baseline: Day;
  status: MilestoneStatus;
  progress: number;
  late: boolean;
  atRisk: boolean;
  exercise: boolean;
  reports: ReportView[];
  verbs: string[];
  planVersion: number;
}
export interface MeasureView {
  id: string;
  pillar: Pillar;
  title: string;
  lead: string;
  leadName: string;
  supporting: string[];
  reportedStatus?: string | null;
  source?: Source | null;
  milestones: MilestoneView[];
}
export interface PlanDetail extends PlanView {
  measures: MeasureView[];
  verbs: string[];
  timeZone: string;
  today: Day;
}

export interface RequestView {
  id: string;
  from: string;
  fromName: string;
  to: string[];
  toNames: string[];
  region?: string | null;
  kind: RequestKind;
  subject: string;
  pillar?: Pillar | null;
  mark: Mark;
  urgency: Urgency;
  status: RequestStatus;
  neededBy?: Day | null;
  holder?: string | null;
  holderName?: string | null;
  clarifying: boolean;
  proposedDate?: Day | null;
  late: boolean;
  exercise: boolean;
  version: number;
  openedAt: Moment;
  changedAt: Moment;
  verbs: string[];
}
export interface ThreadEntry {
  verb: string;
  body?: string | null;
  bodyName?: string | null;
  actor: string;
  actorName?: string | null;
  at: Moment;
  text?: string | null;
  ground?: DeclineGround | null;
  date?: Day | null;
}
export interface RequestDetail extends RequestView {
  text?: string | null;
  agreement?: string | null;
  measure?: string | null;
  thread: ThreadEntry[];
  expiresAt?: Moment | null;
}

export interface GroupView {
  id: string;
  name: string;
  members: BodyName[];
  chairs: ChairTerm[];
  chair?: BodyName | null;
  exercise: boolean;
  version: number;
  member: boolean;
  updates: number;
  latestAt?: Moment | null;
  note?: string | null;
  source?: Source | null;
  verbs: string[];
  here: BodyName[];
  /** Asked and not answered yet; shown to members, and to each of these itself. */
  invited: BodyName[];
  invitedBy?: BodyName | null;
}
export interface UpdateView {
  id: string;
  position: number;
  at: Moment;
  body: string;
  bodyName: string;
  actor: string;
  actorName?: string | null;
  text: string;
  mark: Mark;
  replyTo?: string | null;
}

export interface SubscriptionView {
  id: string;
  body: string;
  about: SubscriptionSubject;
  regions: string[];
  states: string[];
  kinds: RequestKind[];
  pillars: Pillar[];
  urgencies: Urgency[];
}
export interface FeedEntry {
  position: number;
  at: Moment;
  type: string;
  body?: string | null;
  /** Id of the account. */
  actor: string;
  /** Absent for the platform itself, and for an account that was erased. */
  actorName?: string | null;
  topics: string[];
  mark: Mark;
  subject: { kind: string; id: string };
  summary: string;
  data: Partial<Record<string, string>>;
  exercise: boolean;
  version: number;
}
export interface FeedPage extends Page<FeedEntry> {
  position: number;
}
export interface InboxItem {
  position: number;
  reason: InboxReason;
  read: boolean;
  entry: FeedEntry;
}
export interface Inbox extends Page<InboxItem> {
  unread: number;
  readUpTo: number;
}
export interface Here {
  online: string[];
  groups: Partial<Record<string, string[]>>;
}

/** Another password that is asked for an account. */
export interface Reset {
  /** The body whose coordinator asks. */
  body: BodyName;
  by: AccountName;
  /** When it is over. */
  until: Moment;
  /** The second person; null as long as there is none. */
  agreedBy?: AccountName | null;
  /** When the link can be made. */
  from?: Moment | null;
}
/** A body that the account may act for. */
export interface AccountBody extends BodyName {
  role: Role;
}
export interface Session {
  /** Id of the account. */
  account: string;
  signInName: string;
  displayName: string;
  /** In the body that the session acts for. */
  role: Role;
  body?: BodyView | null;
  bodies: AccountBody[];
  csrfToken: string;
  position: number;
  demonstration: boolean;
  version: string;
  /** The platform's clock when it said this. */
  now: Moment;
  /** When the session ends if its person does nothing any more. */
  ends: Moment;
  /** When it ends in any case, unless the password is given again. */
  endsForGood: Moment;
  /** Another password that somebody asks for this account. */
  reset?: Reset | null;
}
/** A device on which a person is signed in. */
export interface OpenSession {
  id: string;
  browser?: string | null;
  system?: string | null;
  /** Of its address, such as 192.0.2.0/24. */
  network: string;
  body?: BodyName | null;
  began: Moment;
  used: Moment;
  /** It is the one that asks. */
  current: boolean;
}
/** An account in the administrators' list. */
export interface AccountSummary {
  account: string;
  signInName: string;
  displayName: string;
  /** Nobody has taken it up yet. */
  isInvited: boolean;
  bodies: AccountBody[];
  reset?: Reset | null;
}
export const securityEventKinds = [
  'signed-in',
  'sign-in-failed',
  'sign-in-locked',
  'password-wrong',
  'password-changed',
  'session-ended',
  'role-given',
  'role-taken',
  'invited',
  'invitation-accepted',
  'refused',
  'bounded',
  'exported',
  'texts-erased',
  'account-erased',
  'body-admitted',
  'reset-asked',
  'reset-agreed',
  'reset-dropped',
  'reset-link-made',
  'password-reset',
] as const;
export type SecurityEventKind = (typeof securityEventKinds)[number];
/** Without a name when it was erased. */
export interface AccountName {
  id: string;
  name?: string | null;
}
/** Something at the doors that matters to those responsible. */
export interface SecurityEvent {
  number: number;
  kind: SecurityEventKind;
  at: Moment;
  /** Which did it; null when it is not known who it was. */
  account?: AccountName | null;
  body?: BodyName | null;
  about?: AccountName | null;
  aboutBody?: BodyName | null;
  network?: string | null;
  browser?: string | null;
  system?: string | null;
  operation?: string | null;
  code?: string | null;
  count: number;
}
export interface AdmitBody {
  kind: BodyKind;
  name: string;
  acronym?: string;
  state?: string;
  region?: string;
  parent?: string;
  timeZone?: string;
  exercise?: boolean;
}
export interface DemonstrationAccount {
  account: string;
  name: string;
  kind?: BodyKind | null;
  exercise: boolean;
}

export interface DraftPlan {
  title: string;
  iteration?: Iteration;
  period?: { from?: Day; to?: Day };
  mark?: Mark;
}
export interface FormGroup {
  name: string;
  members?: string[];
  note?: string;
  exercise?: boolean;
}
/** What is left out stays as it is. */
export interface ChangeProfile {
  name?: string;
  acronym?: string;
  legalBasis?: string;
  timeZone?: string;
  focalPoints?: FocalPoint[];
  idleMinutes?: number;
}
/** The link is there only while nobody has taken the account up, and only in this one answer. */
export interface InvitationReceipt extends Receipt {
  account: string;
  /** Path of this site. */
  link?: string | null;
  expires?: Moment | null;
}
/** What an invitation says to whoever has its link. */
export interface Invitation {
  signInName: string;
  displayName: string;
  body: BodyName;
  role: Role;
  expires: Moment;
  /** It gives another password to an account that was taken up before. */
  resets: boolean;
}

export interface OpenRequest {
  to?: string[];
  region?: string;
  kind: RequestKind;
  subject: string;
  text?: string;
  pillar?: Pillar;
  mark?: Mark;
  urgency?: Urgency;
  neededBy?: Day;
  agreement?: string;
  measure?: string;
}
export interface ReportProgress {
  status: MilestoneStatus;
  progress?: number;
  note?: string;
  evidence?: string[];
  draft?: boolean;
}
export interface Subscribe {
  about: SubscriptionSubject;
  regions?: string[];
  states?: string[];
  kinds?: RequestKind[];
  pillars?: Pillar[];
  urgencies?: Urgency[];
}
/** What is wrong with a field of what was sent, which a pointer such as `#/due` names. */
export interface FieldError {
  pointer: string;
  code: string;
  detail: string;
}

export interface Problem {
  type?: string;
  title?: string;
  status: number;
  detail?: string;
  code?: string;
  traceId?: string;
  errors?: FieldError[];
  version?: number;
}
