import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '../src');

export interface File {
  /** Below `src`. */
  path: string;
  text: string;
}

export function sources(ends: RegExp): File[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && ends.test(one.name))
    .map((one) => join(one.parentPath, one.name))
    .map((full) => ({ path: relative(root, full), text: readFileSync(full, 'utf8') }));
}
