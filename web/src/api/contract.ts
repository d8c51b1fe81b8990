/**
 * Holds the shapes that the dashboard is written against (types.ts) to the ones that the platform describes
 * (schema.d.ts, made by `npm run types` from gateway/openapi.v1.json): the build fails where the two part ways.
 */
import type { components } from './schema';
import type * as ours from './types';

type Described = components['schemas'];

/** What is described can be taken for ours. */
type Fits<Theirs extends Ours, Ours> = [Theirs, Ours];
/** What we send is taken. */
type Sends<Ours extends Theirs, Theirs> = [Ours, Theirs];

export type Contract = [
  Fits<Described['BodyView'], ours.BodyView>,
  Fits<Described['BodyDetail'], ours.BodyDetail>,
  Fits<Described['RegionView'], ours.RegionView>,
  Fits<Described['PlanView'], ours.PlanView>,
  Fits<Described['PlanDetail'], ours.PlanDetail>,
  Fits<Described['MilestoneView'], ours.MilestoneView>,
  Fits<Described['ReportView'], ours.ReportView>,
  Fits<Described['RequestView'], ours.RequestView>,
  Fits<Described['RequestDetail'], ours.RequestDetail>,
  Fits<Described['GroupView'], ours.GroupView>,
  Fits<Described['UpdateView'], ours.UpdateView>,
  Fits<Described['SubscriptionView'], ours.SubscriptionView>,
  Fits<Described['FeedPage'], ours.FeedPage>,
  Fits<Described['Inbox'], ours.Inbox>,
  Fits<Described['SessionView'], ours.Session>,
  Fits<Described['OpenSessionView'], ours.OpenSession>,
  Fits<Described['AccountSummary'], ours.AccountSummary>,
  Fits<Described['SecurityEventView'], ours.SecurityEvent>,
  Fits<Described['LeftOpen'], ours.LeftOpen>,
  Fits<Described['DemonstrationAccount'], ours.DemonstrationAccount>,
  Fits<Described['Receipt'], ours.Receipt>,
  Fits<Described['InvitationReceipt'], ours.InvitationReceipt>,
  Fits<Described['InvitationView'], ours.Invitation>,
  Sends<ours.OpenRequest, Described['OpenRequest']>,
  Sends<ours.ReportProgress, Described['ReportProgress']>,
  Sends<ours.Subscribe, Described['Subscribe']>,
  Sends<ours.DraftPlan, Described['DraftPlan']>,
  Sends<ours.FormGroup, Described['FormGroup']>,
  Sends<ours.AdmitBody, Described['AdmitBody']>,
];
