/** Who stands behind what a body did: a name, a former member whose account was erased, or nobody worth a word. */
export type Named = { kind: 'person'; name: string } | { kind: 'former'; body: string } | null;

/** An account that is named like its body says nothing that the body's name does not; the platform itself has no body. */
export function personOf(name: string | null | undefined, body: string | null | undefined): Named {
  if (name) return name === body ? null : { kind: 'person', name };
  return body ? { kind: 'former', body } : null;
}
