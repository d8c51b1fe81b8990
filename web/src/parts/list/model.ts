import type { Found } from '../../api/types';

/** The page of something that was found. A part is shown within its plan. */
export function hrefOf(found: Pick<Found, 'kind' | 'id' | 'plan'>): string {
  const id = encodeURIComponent(found.id);
  switch (found.kind) {
    case 'body':
      return `/bodies/${id}`;
    case 'group':
      return `/groups/${id}`;
    case 'request':
      return `/requests/${id}`;
    case 'plan':
      return `/plans/${id}`;
    case 'milestone':
      return `/plans/${encodeURIComponent(found.plan ?? '')}?m=${id}`;
    default:
      return `/plans/${encodeURIComponent(found.plan ?? '')}`;
  }
}
