import { expect, it } from 'vitest';
import { personOf } from './model';

it('names the person, or says that there was one', () => {
  expect(personOf('Anna K.', 'Ruritania')).toEqual({ kind: 'person', name: 'Anna K.' });
  expect(personOf('Administrator', null)).toEqual({ kind: 'person', name: 'Administrator' });
  expect(personOf(null, 'Ruritania')).toEqual({ kind: 'former', body: 'Ruritania' });
});

it('says nothing of the platform itself, and nothing twice', () => {
  expect(personOf(undefined, undefined)).toBeNull();
  expect(personOf('Ruritania', 'Ruritania')).toBeNull();
});
