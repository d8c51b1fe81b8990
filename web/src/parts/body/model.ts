import type { BodyView } from '../../api/types';

/** The bodies of one side, an exercise or what is real, without those named, by name. */
export const bodiesOf = (bodies: readonly BodyView[], exercise: boolean, without: readonly string[] = []): BodyView[] =>
  bodies.filter((body) => body.exercise === exercise && !without.includes(body.id)).sort((a, b) => a.name.localeCompare(b.name));
