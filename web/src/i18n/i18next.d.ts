import 'i18next';
import type account from './locales/en/account.json';
import type accounts from './locales/en/accounts.json';
import type bodies from './locales/en/bodies.json';
import type desk from './locales/en/desk.json';
import type explained from './locales/en/explained.json';
import type feed from './locales/en/feed.json';
import type groups from './locales/en/groups.json';
import type milestones from './locales/en/milestones.json';
import type plans from './locales/en/plans.json';
import type problems from './locales/en/problems.json';
import type regions from './locales/en/regions.json';
import type requests from './locales/en/requests.json';
import type security from './locales/en/security.json';
import type session from './locales/en/session.json';
import type shell from './locales/en/shell.json';
import type words from './locales/en/words.json';
import type world from './locales/en/world.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'words';
    returnNull: false;
    resources: {
      account: typeof account;
      accounts: typeof accounts;
      bodies: typeof bodies;
      desk: typeof desk;
      explained: typeof explained;
      feed: typeof feed;
      groups: typeof groups;
      milestones: typeof milestones;
      plans: typeof plans;
      problems: typeof problems;
      regions: typeof regions;
      requests: typeof requests;
      security: typeof security;
      session: typeof session;
      shell: typeof shell;
      words: typeof words;
      world: typeof world;
    };
  }
}
