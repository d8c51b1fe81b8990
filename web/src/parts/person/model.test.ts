import i18next from 'i18next';
import { beforeAll, expect, it } from 'vitest';
import { startI18n, type Words } from '../../i18n';
import { personOf } from './model';

beforeAll(() => startI18n('en'));
const person = (name?: string | null, body?: string | null) => personOf(i18next.t as unknown as Words, name, body);

it('names the person, or says that there was one', () => {
  expect(person('Anna K.', 'Ruritania')).toBe('Anna K.');
  expect(person('Administrator', null)).toBe('Administrator');
  expect(person(null, 'Ruritania')).toBe('former member of Ruritania');
});

it('says nothing of the platform itself, and nothing twice', () => {
  expect(person()).toBeNull();
  expect(person('Ruritania', 'Ruritania')).toBeNull();
});
