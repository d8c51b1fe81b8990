import i18next from 'i18next';

/** Stands in the platform's answers in place of an erased text. Nobody can write it. */
const marker = '[erased]';

/** The reader's word for a text that was erased. */
const word = (): string => i18next.t('words:erased');

/** Whether a text of an answer is the reader's word for one that was erased. */
export const isErased = (text: string | null | undefined): boolean => text === word();

/**
 * Puts the reader's word wherever a text of an answer was erased, in the answer itself. This is done where answers come in, and not where they
 * are shown, so that no view can forget it. A sentence of the platform may hold an erased text in its middle.
 */
export function readable<T>(answer: T): T {
  if (typeof answer === 'object' && answer !== null) {
    const parts = answer as Record<string, unknown>;
    for (const [name, part] of Object.entries(parts)) {
      if (typeof part !== 'string') readable(part);
      else if (part.includes(marker)) parts[name] = part.replaceAll(marker, word());
    }
  }
  return answer;
}
