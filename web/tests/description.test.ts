// @vitest-environment node
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const web = join(import.meta.dirname, '..');

interface Findings {
  totals: { errors: number; warnings: number; ignored: number };
  problems: { ruleId: string; message: string; location: { pointer?: string }[] }[];
}

/** What `npm run lint:api` finds in the description that is kept, or in another one. */
const findings = (...others: string[]) =>
  new Promise<Findings>((resolve, reject) =>
    execFile('npm', ['run', '--silent', 'lint:api', '--', ...others, '--format', 'json'], { cwd: web, maxBuffer: 1 << 26 }, (_, out) => {
      try {
        resolve(JSON.parse(out.slice(out.indexOf('{'))) as Findings);
      } catch (unreadable) {
        reject(unreadable);
      }
    }),
  );

it('the description of the interface keeps every rule that is recommended for one', async () => {
  const { totals, problems } = await findings();
  expect(problems.map((one) => `${one.ruleId} at ${one.location[0]?.pointer}: ${one.message}`)).toEqual([]);
  expect(totals).toEqual({ errors: 0, warnings: 0, ignored: 0 });
});

it('one that breaks a rule is found out', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'description-'));
  try {
    const file = join(folder, 'broken.json');
    writeFileSync(file, JSON.stringify({ openapi: '3.1.1', info: { title: 'One', version: '1' }, servers: [{ url: '/' }], paths: {} }));
    expect((await findings(file)).problems.map((one) => one.ruleId)).toEqual(['info-license']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
