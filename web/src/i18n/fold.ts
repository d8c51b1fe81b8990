/*
 * What a text is searched by, as the platform folds it (silo/Domain/SearchText.cs): for what is on the screen and nothing else. Both read the cases
 * in tests/Search/cases.json.
 */

const longestWord = 32;
const mostWords = 12;

/** Marks that are often not written, of Latin, Greek and Cyrillic, Hebrew, Arabic and Syriac. In other scripts a mark makes another letter. */
const accents =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: marks alone are meant
  /[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u08ca-\u08e1\u08e3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u2de0-\u2dff\ua66f-\ua672\ua674-\ua67d\ua69e\ua69f\ufe20-\ufe2f]|\u0640/u;
/** Scripts that put no blanks between words. */
const unspaced =
  /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3100-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff\u{20000}-\u{3ffff}]/u;
const ignorable = /\p{Default_Ignorable_Code_Point}/u;
const ofWord = /[\p{L}\p{N}\p{M}]/u;
const mark = /\p{M}/u;
const digit = /\p{Nd}/u;
const apostrophe = /[\u02b9\u02bb-\u02bf]/u;
const joins = /['\-.`\u00b7\u2010\u2011\u2018\u2019\u201b\u2032\u05f3\u055a\u02b9\u02bb-\u02bf]/u;

/** Letters that no decomposition leads back to those that people type for them. */
const same: Record<string, string> = {
  ł: 'l',
  ø: 'o',
  ß: 'ss',
  ı: 'i',
  æ: 'ae',
  œ: 'oe',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ŧ: 't',
  ŋ: 'n',
  ĸ: 'k',
  ς: 'σ',
  ى: 'ي',
  ی: 'ي',
  ې: 'ي',
  ک: 'ك',
  ة: 'ه',
  ہ: 'ه',
  ھ: 'ه',
  ە: 'ه',
  ٱ: 'ا',
};

interface Part {
  word: string;
  unspaced: boolean;
  /** Only a sign that joins stands between it and the part before. */
  joined: boolean;
}

/** The digits of a script lie in rows of ten. */
function digitOf(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && digit.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value);
}

function folded(letter: string): string {
  if (digit.test(letter)) return letter < '\u0080' ? letter : digitOf(letter);
  const lower = letter.toLowerCase();
  return same[lower] ?? lower;
}

/** Runs of letters and digits, folded. */
function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let part = '';
  let isUnspaced = false;
  let isJoined = false;
  let between = 0;
  const end = () => {
    if (part !== '') parts.push({ word: part, unspaced: isUnspaced, joined: isJoined });
    part = '';
  };
  for (const letter of text.normalize('NFKD')) {
    if (ignorable.test(letter) || accents.test(letter)) continue;
    if (!ofWord.test(letter) || apostrophe.test(letter)) {
      if (part !== '') between = 0;
      end();
      between += joins.test(letter) ? 1 : 2;
      continue;
    }
    const next: boolean = part !== '' && mark.test(letter) ? isUnspaced : unspaced.test(letter);
    if (part !== '' && next !== isUnspaced) {
      end();
      between = 2;
    }
    if (part === '') {
      isUnspaced = next;
      isJoined = between === 1 && parts.at(-1)?.unspaced === next;
    }
    part += folded(letter);
  }
  end();
  return parts;
}

const cut = (word: string): string => word.slice(0, longestWord).replace(/[\ud800-\udbff]$/, '');

/** The words by which a text is found: those in it, those that a sign joins, and in a run without blanks one from each letter on. */
function wordsOf(text: string): Set<string> {
  const words = new Set<string>();
  let chain: string[] = [];
  const join = () => {
    if (chain.length > 1) words.add(cut(chain.join('')));
    chain = [];
  };
  for (const part of partsOf(text)) {
    if (!part.joined) join();
    chain.push(part.word);
    words.add(cut(part.word));
    if (!part.unspaced) continue;
    const letters = [...part.word];
    for (let at = 1; at < letters.length; at += 1) if (!mark.test(letters[at] ?? '')) words.add(cut(letters.slice(at).join('')));
  }
  join();
  return words;
}

/** A word that a query asks for. */
export interface QueryWord {
  word: string;
  /** Of one that signs join with its neighbours, all of them as one word, which is as good as it. */
  joined?: string;
}

/** The words of a query. */
export function queryOf(query: string): QueryWord[] {
  const words: QueryWord[] = [];
  let chain: string[] = [];
  const add = () => {
    const joined = chain.length > 1 ? cut(chain.join('')) : undefined;
    for (const part of chain) {
      const word = cut(part);
      if (words.length < mostWords && !words.some((one) => one.word === word && one.joined === joined))
        words.push(joined === undefined ? { word } : { word, joined });
    }
    chain = [];
  };
  for (const part of partsOf(query)) {
    if (!part.joined) add();
    chain.push(part.word);
  }
  add();
  return words;
}

/**
 * Whether each word of a query is a word of the text or begins one; of words that signs join (`co-operation`) the whole without the signs stands for
 * each of them. No words find everything.
 */
export function finds(query: readonly QueryWord[], text: string): boolean {
  if (query.length === 0) return true;
  const words = [...wordsOf(text)];
  return query.every(({ word, joined }) => words.some((one) => one.startsWith(word) || (joined !== undefined && one.startsWith(joined))));
}
