// @vitest-environment node
import { expect, it } from 'vitest';
import { sources } from './files';

const physical =
  /(?<![-\w])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)(?:-\w+)*|left|right|top|bottom|border-(?:top|bottom)-(?:left|right)-radius)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)\b/;

it('names the sides of a line and a block, never left and right', () => {
  const wrong = sources(/\.css$/).flatMap((file) =>
    file.text.split('\n').flatMap((line, at) => (physical.test(line) ? [`${file.path}:${at + 1} ${line.trim()}`] : [])),
  );
  expect(wrong).toEqual([]);
});

it('loads nothing from elsewhere', () => {
  const wrong = sources(/\.(css|tsx?|html)$/).filter((file) => /(?:url\(|src=|href=)["'(]?https?:/.test(file.text));
  expect(wrong.map((file) => file.path)).toEqual([]);
});

it('styles what it draws by variables, so that dark and light stay together', () => {
  const wrong = sources(/\.css$/)
    .filter((file) => !file.path.endsWith('tokens.css'))
    .flatMap((file) => file.text.split('\n').filter((line) => /^\s*color:\s*#/.test(line)));
  expect(wrong).toEqual([]);
});
