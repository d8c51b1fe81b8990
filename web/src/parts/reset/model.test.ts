import { expect, it } from 'vitest';
import type { Reset } from '../../api/types';
import { stepOf } from './model';

const now = Date.parse('2026-11-23T10:00:00Z');
const asked: Reset = { body: { id: 'b', name: 'B' }, by: { id: 'a-first', name: 'First' }, until: '2026-11-30T10:00:00Z' };
const agreed: Reset = { ...asked, agreedBy: { id: 'a-second' }, from: '2026-11-23T09:59:00Z' };

it('is asked for, agreed to by another, and made by whoever asked when it is time', () => {
  expect(stepOf(null, 'a-first', now)).toBe('ask');
  expect(stepOf(asked, 'a-first', now)).toBe('drop');
  expect(stepOf(asked, 'a-second', now)).toBe('agree');
  expect(stepOf(agreed, 'a-first', now)).toBe('link');
  expect(stepOf(agreed, 'a-second', now)).toBe('drop');
  expect(stepOf({ ...agreed, from: '2026-11-23T10:00:01Z' }, 'a-first', now)).toBe('drop');
});
