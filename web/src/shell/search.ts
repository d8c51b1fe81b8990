/* The address is the state of a page. What somebody typed into it is read with care: what does not fit is left out. */

type Search = Record<string, unknown>;

export function text<K extends string>(search: Search, key: K): { [k in K]?: string } {
  const value = search[key];
  if (typeof value === 'string' && value !== '') return { [key]: value } as { [k in K]: string };
  if (typeof value === 'number') return { [key]: String(value) } as { [k in K]: string };
  return {};
}

export function oneOf<K extends string, V extends string>(search: Search, key: K, values: readonly V[]): { [k in K]?: V } {
  const value = values.find((one) => one === search[key]);
  return value === undefined ? {} : ({ [key]: value } as { [k in K]: V });
}

export function yes<K extends string>(search: Search, key: K): { [k in K]?: true } {
  const value = search[key];
  return value === true || value === 'true' || value === '1' || value === 1 ? ({ [key]: true } as { [k in K]: true }) : {};
}
