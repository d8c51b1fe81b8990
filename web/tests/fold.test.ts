import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { finds, queryOf } from '../src/i18n/fold';

interface Case {
  text: string;
  query: string;
  found: boolean;
}

test('the dashboard finds what the platform finds', () => {
  const { cases } = JSON.parse(readFileSync(join(process.cwd(), '..', 'tests', 'Search', 'cases.json'), 'utf8')) as { cases: Case[] };
  const wrong = cases.filter(({ text, query, found }) => finds(queryOf(query), text) !== found);
  expect(wrong).toEqual([]);
  expect(cases.length).toBeGreaterThan(150);
});
