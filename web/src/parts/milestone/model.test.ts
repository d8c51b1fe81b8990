import { describe, expect, it } from 'vitest';
import { webAddress } from './model';

describe('webAddress', () => {
  it.each(['https://example.org/a?b=c', ' HTTP://example.org ', 'https://example.org/a@b'])('makes a link of %s', (text) => {
    expect(webAddress(text)).toBe(new URL(text.trim()).href);
  });

  it.each([
    'A/67/170, paragraph 54',
    'javascript:alert(1)',
    'java\tscript:alert(1)',
    'https:example.org',
    'https:/example.org',
    'https:\\\\example.org',
    '//example.org',
    'https://user@example.org',
    'https://user:word@example.org',
    'https://exam\u200bple.org',
    'https://example.org/\u202egnp.exe',
    'https://un.org\u2044x.example.com',
    'https://example.org, page 5',
  ])('leaves %j as text', (text) => {
    expect(webAddress(text)).toBeNull();
  });
});
