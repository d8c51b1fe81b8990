import statuses from './statuses.json';

/** A code that the platform refuses with, and the statuses under which it comes. */
export interface Problem {
  code: string;
  statuses: readonly number[];
}

/** All of them, by code. */
export const problems: readonly Problem[] = Object.entries(statuses).map(([code, statuses]) => ({ code, statuses }));

export const problemOf = (code: string): Problem | undefined => problems.find((one) => one.code === code);

/** Those in whose code, status or sentence each of the words stands. */
export function matching(text: string, sentenceOf: (problem: Problem) => string): Problem[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return problems.filter((one) => {
    const said = `${one.code} ${one.statuses.join(' ')} ${sentenceOf(one)}`.toLowerCase();
    return words.every((word) => said.includes(word));
  });
}
