import i18next from 'i18next';

/** The reader's sentence for a code of the platform; what the platform says itself where it has a code that is not known here yet. */
export const sentenceFor = <T extends string | null | undefined>(code: string | undefined, otherwise: T): string | T =>
  code && i18next.exists(`problems:${code}`) ? i18next.t(`problems:${code}` as never) : otherwise;
