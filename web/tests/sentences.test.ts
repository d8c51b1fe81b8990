import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import i18next from 'i18next';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { changeLanguage, startI18n } from '../src/i18n';
import { type SentenceData, say } from '../src/i18n/sentences';

/*
 * The dashboard and the silo say the same. What i18next makes of each sentence stands in tests/Sentences/cases.json; the silo's reader is held to it by
 * Coordination.Silo.Tests.Sentences.SaysWhatTheDashboardSays. After a change to a sentence it is written anew:
 *
 *     UPDATE_SENTENCES=1 npx vitest run tests/sentences.test.ts
 */

const folder = join(process.cwd(), '..', 'tests', 'Sentences');
const file = join(folder, 'cases.json');

/** Six languages, with sentences for this test alone. */
const catalogues = JSON.parse(readFileSync(join(folder, 'catalogues.json'), 'utf8')) as Record<string, Record<string, object>>;
const all = ['en', 'fr', 'es', 'ru', 'zh', 'ar'];
const product = ['en', 'ar'];

interface Case {
  language: string;
  name: string;
  data: SentenceData;
  says: string;
}

/** One of each value that a sentence may hold. A new value needs one here. */
const samples: Record<string, string> = {
  accountName: 'Anna K.',
  bodyName: 'Ruritania',
  count: '3',
  date: '2026-05-01',
  ground: 'no-capacity',
  groupName: 'هيئة التنسيق',
  memberName: 'Freedonia & <Sylvania>',
  milestoneTitle: 'Train 40 judges',
  planTitle: 'Plan 2026–2030',
  progress: '40',
  reason: 'The law is late. {{bodyName}} $t(words:brand) $& {0}',
  role: 'contributor',
  status: 'in-progress',
  subject: '“Shelters” in the north',
  title: 'A body, of the north',
};

const numbers = [
  '0',
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '10',
  '11',
  '12',
  '14',
  '19',
  '20',
  '21',
  '22',
  '25',
  '99',
  '100',
  '101',
  '102',
  '103',
  '111',
  '112',
].concat(['121', '1000', '1001', '1000000', '2000000', '1000001', '-1', '-2', '0.5', '1.0', '1.5', '1.999', '1.0004', '2.25', '003']);

const suffix = /_(zero|one|two|few|many|other)$/;

/** Every sentence of the feed, once for its plural forms. */
function* names(tree: object, path: string): Generator<string> {
  const seen = new Set<string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value !== 'string') yield* names(value as object, `${path}${key}.`);
    else if (!seen.has(key.replace(suffix, ''))) {
      seen.add(key.replace(suffix, ''));
      yield `${path}${key.replace(suffix, '')}`;
    }
  }
}

function cases(): Omit<Case, 'says'>[] {
  const made: Omit<Case, 'says'>[] = [];
  const add = (language: string, name: string, data: SentenceData) => made.push({ language, name, data });
  for (const language of product) {
    const feed = i18next.getResourceBundle('en', 'feed') as { fact: object };
    for (const name of names(feed.fact, 'feed:fact.')) {
      const [, base = '', context] = /^(.*?)(?:_(\w+))?$/.exec(name) ?? [];
      add(language, base, context ? { ...samples, context } : samples);
      // Which form is meant is the one thing that cannot be left out.
      add(language, base, i18next.exists(base, { lng: language }) ? {} : { count: '7' });
    }
    for (const count of numbers) add(language, 'feed:fact.journal.texts-erased', { count, reason: 'why' });
    for (const status of ['adopted', 'no-such-status']) add(language, 'feed:fact.plan.status-changed', { ...samples, status });
    for (const date of ['2026-01-31', '2026', 'soon', '2026-1-1', '2026-13-45', '2026-05-01T10:00:00Z'])
      add(language, 'feed:fact.request.date-proposed', { ...samples, date });
    for (const bodyName of ['{{date, day}}', '{{planTitle}}', '$t(words:brand)', 'عُمان', ''])
      add(language, 'feed:fact.plan.drafted', { ...samples, bodyName });
    add(language, 'feed:fact.account.role-taken', { ...samples, context: 'no-such-context' });
  }
  for (const language of all) {
    for (const count of numbers) add(language, 'test:things', { count });
    for (const month of Array.from({ length: 12 }, (_, index) => String(index + 1).padStart(2, '0')))
      add(language, 'test:on', { date: `2026-${month}-${month === '05' ? '09' : '22'}` });
    add(language, 'test:done', { who: 'Ruritania', status: 'done', date: '2030-12-31' });
    add(language, 'test:done', { who: 'Ruritania', status: 'at-risk' });
    add(language, 'test:done', {});
    for (const context of ['again', 'later']) add(language, 'test:said', { who: 'X', context });
    for (const count of ['0', '1', '2']) {
      add(language, 'test:none', { count });
      add(language, 'test:english', { count, date: '2026-11-30' });
      for (const context of ['', 'again', 'later']) add(language, 'test:told', { count, context });
    }
  }
  for (const language of ['fr-CA', 'zh-Hans-CN', 'de', 'en-ZA']) {
    add(language, 'test:things', { count: '0' });
    add(language, 'test:done', { who: 'Ruritania', status: 'done' });
  }
  return made;
}

beforeAll(async () => {
  // The reader's own variety of a language is the browser's affair; the silo knows only the language.
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue([]);
  await startI18n('en');
  await changeLanguage('ar');
  await changeLanguage('en');
  for (const [language, files] of Object.entries(catalogues))
    for (const [namespace, texts] of Object.entries(files)) i18next.addResourceBundle(language, namespace, texts, true);
});

afterAll(() => {
  vi.restoreAllMocks();
  for (const [language, files] of Object.entries(catalogues))
    for (const namespace of Object.keys(files)) i18next.removeResourceBundle(language, namespace);
});

it('are said as the silo says them', () => {
  const said: Case[] = cases().map((one) => ({ ...one, says: say(one.language, one.name, one.data) ?? '' }));
  expect(said.filter((one) => one.says === '')).toEqual([]);
  expect(said.length).toBeGreaterThan(500);
  if (process.env.UPDATE_SENTENCES) writeFileSync(file, `[\n${said.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`);
  expect(said).toEqual(JSON.parse(readFileSync(file, 'utf8')));
});
