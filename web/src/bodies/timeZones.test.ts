import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { timeZones } from './model';

it('offers no zone that the platform refuses', () => {
  const taken = new Set(
    readFileSync('../silo/Domain/time-zones.txt', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[0]),
  );
  const offered = timeZones(Intl.supportedValuesOf('timeZone'), null).map((zone) => zone.id);
  expect(offered.length).toBeGreaterThan(300);
  expect(offered.filter((id) => !taken.has(id))).toEqual([]);
});
