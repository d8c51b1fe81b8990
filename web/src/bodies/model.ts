import type { BodyView, ReportedFact } from '../api/types';

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export function filterBodies(
  bodies: readonly BodyView[],
  filters: { text?: string | undefined; kind?: string | undefined; region?: string | undefined },
): BodyView[] {
  const wanted = fold(filters.text ?? '').trim();
  return bodies.filter(
    (body) =>
      (!filters.kind || body.kind === filters.kind) &&
      (!filters.region || body.region === filters.region) &&
      (wanted === '' || fold(`${body.name} ${body.acronym ?? ''} ${body.state ?? ''}`).includes(wanted)),
  );
}

/** Facts by the paragraph that reports them. */
export const sortFacts = (facts: readonly ReportedFact[]): ReportedFact[] =>
  [...facts].sort((a, b) => (a.source.paragraphs[0] ?? 0) - (b.source.paragraphs[0] ?? 0) || a.id.localeCompare(b.id));
