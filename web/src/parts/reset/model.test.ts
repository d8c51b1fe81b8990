import { expect, it } from 'vitest';
import type { Reset } from '../../api/types';
import { stepOf } from './model';

const asked: Reset = { body: { id: 'b', name: 'B' }, by: { id: 'a-first', name: 'First' }, until: '2026-11-30T10:00:00Z' };
const agreed: Reset = { ...asked, agreedBy: { id: 'a-second' }, from: '2026-11-23T09:59:00Z' };

it('is asked for, agreed to by an administrator, and made by whoever asked', () => {
  expect(stepOf(null, 'a-first', false)).toBe('ask');
  expect(stepOf(asked, 'a-first', false)).toBe('drop');
  expect(stepOf(asked, 'a-second', false)).toBe('drop');
  expect(stepOf(asked, 'administrator', true)).toBe('agree');
  expect(stepOf(agreed, 'a-first', false)).toBe('link');
  expect(stepOf(agreed, 'administrator', true)).toBe('drop');
});
