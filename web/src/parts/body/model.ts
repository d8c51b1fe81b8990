import type { BodyView } from '../../api/types';

export const textOf = (body: Pick<BodyView, 'name' | 'acronym'>): string => (body.acronym ? `${body.name} (${body.acronym})` : body.name);
