// By hand and not by size-limit: it adds up files that are named to it; what a page loads is known from the bundler's graph.
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** Bytes, gzipped. */
export interface Budget {
  initial: number;
  route: number;
}

export interface Chunk {
  size: number;
  isEntry: boolean;
  imports: readonly string[];
  dynamicImports: readonly string[];
  /** Holds the shapes of the map, which have an allowance of their own. */
  exempt: boolean;
}

function closure(chunks: ReadonlyMap<string, Chunk>, start: readonly string[]): Set<string> {
  const found = new Set<string>();
  const walk = (name: string) => {
    if (found.has(name)) return;
    found.add(name);
    for (const next of chunks.get(name)?.imports ?? []) walk(next);
  };
  for (const name of start) walk(name);
  return found;
}

const weigh = (chunks: ReadonlyMap<string, Chunk>, names: Iterable<string>): number =>
  [...names].reduce((sum, name) => sum + (chunks.get(name)?.size ?? 0), 0);

/** What is over the budget, in words; nothing when all is well. */
export function overBudget(chunks: ReadonlyMap<string, Chunk>, budget: Budget): string[] {
  const entries = [...chunks].filter(([, chunk]) => chunk.isEntry).map(([name]) => name);
  const initial = closure(chunks, entries);
  const complaints: string[] = [];
  const total = weigh(chunks, initial);
  if (total > budget.initial) complaints.push(`initial JavaScript is ${total} bytes gzipped, the budget is ${budget.initial}`);
  const routes = new Set([...chunks.values()].flatMap((chunk) => chunk.dynamicImports));
  for (const route of routes) {
    if (chunks.get(route)?.exempt) continue;
    const size = weigh(
      chunks,
      [...closure(chunks, [route])].filter((name) => !initial.has(name)),
    );
    if (size > budget.route) complaints.push(`${route} adds ${size} bytes gzipped, the budget is ${budget.route}`);
  }
  return complaints;
}

/** Fails the build that would make people wait. */
export function budgetPlugin(budget: Budget): Plugin {
  return {
    name: 'budget',
    apply: 'build',
    generateBundle(_, bundle) {
      const chunks = new Map<string, Chunk>();
      for (const part of Object.values(bundle))
        if (part.type === 'chunk')
          chunks.set(part.fileName, {
            size: gzipSync(part.code).length,
            isEntry: part.isEntry,
            imports: part.imports,
            dynamicImports: part.dynamicImports,
            exempt: part.moduleIds.some((id) => id.includes('/world/data/')),
          });
      const complaints = overBudget(chunks, budget);
      if (complaints.length > 0) this.error(complaints.join('\n'));
      const entries = [...chunks].filter(([, chunk]) => chunk.isEntry).map(([name]) => name);
      this.info(`initial JavaScript: ${Math.round(weigh(chunks, closure(chunks, entries)) / 1000)} kB gzipped`);
    },
  };
}
