// @vitest-environment node
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { sources } from './files';

/**
 * Who may know whom: only what stands lower. Features stand side by side and do not know each other. Beside the sources (`..`) lies what is made
 * from the API's description.
 */
const ranks: Record<string, number> = { '..': -1, i18n: 0, api: 1, ui: 2, live: 2, parts: 3, shell: 5, 'main.tsx': 6 };
const feature = 4;
const rank = (folder: string): number => ranks[folder] ?? feature;
const folderOf = (path: string): string => path.split('/')[0] ?? '';

it('imports go from main to the shell, the features, the parts and the ground, never back', () => {
  const wrong: string[] = [];
  for (const file of sources(/\.tsx?$/)) {
    if (/\.test\.tsx?$/.test(file.path)) continue;
    const from = folderOf(file.path);
    for (const [, target] of file.text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)) {
      const to = folderOf(join(dirname(file.path), target ?? ''));
      if (to !== from && rank(to) >= rank(from)) wrong.push(`${file.path} imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

it('pure models do not know React, the network or the live line', () => {
  const wrong = sources(/^model\.ts$/)
    .filter((file) => /from '(react|@tanstack|@microsoft|.*\/live\/(store|react|hub|live))/.test(file.text))
    .map((file) => file.path);
  expect(wrong).toEqual([]);
});

it('commands are sent through the hook that keeps their keys: nothing else writes, and what is done once for each key asks for it', () => {
  const written = sources(/\.tsx?$/).filter((file) => !/\.test\.tsx?$/.test(file.path));
  const writing = written
    .filter((file) => /import [^;]*\b(post|remove)\b[^;]* from '[^']*\/client'/.test(file.text))
    .map((file) => file.path);
  // An invitation is read with a secret, which stands in no address.
  expect(writing.sort()).toEqual(['api/commands.ts', 'api/queries.ts']);
  expect(written.filter((file) => /\bas Sender\b|'idempotency-key'/.test(file.text)).map((file) => file.path)).toEqual(['api/client.ts']);
});
