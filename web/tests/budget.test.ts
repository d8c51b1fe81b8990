// @vitest-environment node
import { expect, it } from 'vitest';
import { type Chunk, overBudget } from '../budget';

const chunk = (size: number, part: Partial<Chunk> = {}): Chunk => ({
  size,
  isEntry: false,
  imports: [],
  dynamicImports: [],
  exempt: false,
  ...part,
});

it('counts what the first page needs once and what a route adds', () => {
  const chunks = new Map([
    ['main', chunk(100, { isEntry: true, imports: ['shared'], dynamicImports: ['route', 'map'] })],
    ['shared', chunk(50)],
    ['route', chunk(20, { imports: ['shared', 'extra'] })],
    ['extra', chunk(15)],
    ['map', chunk(500, { exempt: true })],
  ]);
  expect(overBudget(chunks, { initial: 150, route: 35 })).toEqual([]);
  expect(overBudget(chunks, { initial: 149, route: 34 })).toEqual([
    'initial JavaScript is 150 bytes gzipped, the budget is 149',
    'route adds 35 bytes gzipped, the budget is 34',
  ]);
});
