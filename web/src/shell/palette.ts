export interface Found {
  id: string;
  group: 'page' | 'body' | 'plan' | 'request' | 'group';
  title: string;
  hint?: string;
  href: string;
}

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Everything that holds all the words, those that begin with the first one before the others. */
export function find(all: readonly Found[], query: string, most = 12): Found[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return all.filter((one) => one.group === 'page').slice(0, most);
  const hits = all
    .map((one, at) => ({ one, at, text: fold(`${one.title} ${one.hint ?? ''}`) }))
    .filter(({ text }) => words.every((word) => text.includes(word)));
  const rank = (text: string) => (text.startsWith(words[0] ?? '') ? 0 : text.includes(` ${words[0]}`) ? 1 : 2);
  return hits
    .sort((a, b) => rank(a.text) - rank(b.text) || a.at - b.at)
    .slice(0, most)
    .map(({ one }) => one);
}
