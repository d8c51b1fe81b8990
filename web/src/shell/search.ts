/* The address is the state of a page. What somebody typed into it is read with care: what does not fit is left out, and said to
   be: the router would give a page what stands in the address under a name that is not said. */

type Search = Record<string, unknown>;

export function text<K extends string>(search: Search, key: K): { [k in K]?: string } {
  const value = search[key];
  const given = typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value : undefined;
  return { [key]: given } as { [k in K]?: string };
}

export function oneOf<K extends string, V extends string>(search: Search, key: K, values: readonly V[]): { [k in K]?: V } {
  const value = values.find((one) => one === search[key]);
  return { [key]: value } as { [k in K]?: V };
}

export function yes<K extends string>(search: Search, key: K): { [k in K]?: true } {
  const value = search[key];
  return { [key]: value === true || value === 'true' || value === '1' || value === 1 || undefined } as { [k in K]?: true };
}
