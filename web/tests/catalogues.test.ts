// @vitest-environment node
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import ar from '../src/i18n/locales/ar';
import en from '../src/i18n/locales/en';
import { sources } from './files';

type Tree = { [key: string]: string | Tree };
const forms = ['zero', 'one', 'two', 'few', 'many', 'other'];
const suffix = new RegExp(`_(${forms.join('|')})$`);

function flat(catalogue: Record<string, Record<string, unknown>>): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (path: string, tree: Tree) => {
    for (const [key, value] of Object.entries(tree)) {
      if (typeof value === 'string') found.set(`${path}${key}`, value);
      else walk(`${path}${key}.`, value);
    }
  };
  for (const [path, tree] of Object.entries(catalogue)) walk(`${path.split('/').at(-1)?.replace('.json', '')}:`, tree as Tree);
  return found;
}

const english = flat(en);
const catalogues = { en: english, ar: flat(ar) };
const stem = (key: string) => key.replace(suffix, '');
const stems = (words: Map<string, string>) => new Set([...words.keys()].map(stem));
const counted = new Set([...english.keys()].filter((key) => suffix.test(key)).map(stem));
/** What is filled in, each with how it is written. */
const hole = /\{\{([^{}]+)\}\}/g;
const holes = (text: string) => [...text.matchAll(hole)].map(([, name]) => name ?? '').sort();

describe.each(Object.entries(catalogues))('the catalogue %s', (language, words) => {
  it('has every key and no other', () => {
    expect([...stems(words)].sort()).toEqual([...stems(english)].sort());
  });

  it('has every plural form of its language', () => {
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const missing = [...counted].flatMap((key) => wanted.filter((form) => !words.has(`${key}_${form}`)).map((form) => `${key}_${form}`));
    expect(missing).toEqual([]);
  });

  it('says something everywhere', () => {
    expect([...words].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('fills in what the English text fills in', () => {
    const wrong = [...words].filter(([key, text]) => {
      const original = english.get(key) ?? english.get(`${stem(key)}_other`) ?? '';
      const own = holes(text).filter((name) => name !== 'count');
      const theirs = holes(original).filter((name) => name !== 'count');
      // "One day" and "two days" need no figure and no list.
      return suffix.test(key) && !/_(few|many|other)$/.test(key)
        ? own.some((name) => !theirs.includes(name))
        : own.join() !== theirs.join();
    });
    expect(wrong.map(([key]) => key)).toEqual([]);
  });
});

it('is not English in disguise', () => {
  const same = [...catalogues.ar].filter(([key, text]) => english.get(key) === text && /[A-Za-z]{3}/.test(text.replace(hole, '')));
  expect(same.map(([key]) => key)).toEqual(['shell:searchKey']);
});

it('every word that a view asks for by name is in the catalogue', () => {
  const known = stems(english);
  const missing = sources(/\.tsx?$/).flatMap((file) =>
    [...file.text.matchAll(/\bt\('([a-z]+:[\w.-]+)'/g)].map(([, key]) => key ?? '').filter((key) => !known.has(key)),
  );
  expect(missing).toEqual([]);
});

it('no view has words of its own', () => {
  const spoken = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label']);
  const wrong: string[] = [];
  for (const file of sources(/\.tsx$/)) {
    if (file.path.endsWith('.test.tsx')) continue;
    const tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
    const visit = (node: ts.Node) => {
      const inKey = ts.isJsxElement(node.parent ?? node) && (node.parent as ts.JsxElement).openingElement?.tagName.getText() === 'kbd';
      if (ts.isJsxText(node) && !inKey && /\p{L}/u.test(node.text)) wrong.push(`${file.path}: ${node.text.trim()}`);
      if (ts.isJsxAttribute(node) && spoken.has(node.name.getText()) && node.initializer && ts.isStringLiteral(node.initializer))
        wrong.push(`${file.path}: ${node.getText()}`);
      ts.forEachChild(node, visit);
    };
    ts.forEachChild(tree, visit);
  }
  expect(wrong).toEqual([]);
});
