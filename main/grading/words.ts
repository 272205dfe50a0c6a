/** Answers in words: which they are, how they are compared, and the few that say what a formula says. */
/** Also what a word problem counts. */
const NUMBERS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const SETS: Readonly<Record<string, string>> = {
  integer: 'integers',
  'natural number': 'natural numbers',
  'rational number': 'rational numbers',
  'complex number': 'complex numbers',
};
const FORMULA_WORDS = /^(?:[a-z]{1,2}|[abcdmnpqrstuvwxyz]{3})$/;
const COMMON = new Set(
  'am an as at be by do go he if in is it me my no of on or so to up us we dry fly shy sky try why'.split(' '),
);

/** Whether letters are a word and no product of variables, as `mgH` is and `nRT`. */
export function isWord(word: string): boolean {
  if (COMMON.has(word.toLowerCase())) return true;
  return /[aeiouy]|[^a-z]/i.test(word) && !FORMULA_WORDS.test(word.toLowerCase()) && !/[a-z][A-Z]/.test(word);
}

const PARTS = 'half third quarter fifth sixth seventh eighth ninth tenth'.split(' ');
/** What follows a number in words and changes it. */
const CHANGED =
  /^(?:(?:and|or|to|of|more|less|times|point|percent|hundred|thousand|million|billion|trillion|dozen|fourth|minus|plus|over|by|out|in|than|per)s?\b)/;

const EMPTY =
  /^none(?: exists?)?$|^(?:no|none|there (?:is|are) no) (?:real |integer |such )*(?:solutions?|numbers?|values?)(?: exists?)?$|^(?:the )?empty set$/;
const ALL = /^(?:all|any|every) (?:the )?reals?(?: numbers?)?(?: x)?$|^(?:the )?reals?(?: numbers)?$/;
const MISSING = /^(?:undefined|dne|does not exist|doesn't exist|do not exist|not defined|indeterminate)$/;

/** Letters, digits within words, and what joins words. */
const WORDS = /^(?=.*\p{L}{2})[\p{L}\p{M}\d'’.,!?&() -]+$/u;

/** Whether what a text says is said in words, not in a formula. */
export function isWords(text: string): boolean {
  if (!WORDS.test(text)) return false;
  const words = text.match(/[\p{L}\p{M}'’]+/gu) ?? [];
  return words.some((word) => word.length > 1 && isWord(word)) && !/[\d)]\s*\(|\)\s*\d|^\(.*,.*\)$/.test(text);
}

/** What words say: themselves in one form, or what a formula says, too. */
export type Meaning =
  | { readonly says: 'words' | 'date' | 'undefined'; readonly words: string }
  | { readonly says: 'number'; readonly value: string; readonly counts: string }
  | { readonly says: 'nothing' | 'reals' };

export function meaningOf(text: string): Meaning {
  const words = plainWords(text);
  const value = numberOf(words);
  if (value !== null) return { says: 'number', value: String(value), counts: '' };
  const counted = countOf(words);
  if (counted !== null) return counted;
  const set = SETS[/^(?:(?:all|any|every|set of|set of all) (?:the )?)?(.*?)s?$/.exec(words)?.[1] ?? ''];
  if (set !== undefined && /s$|^(?:any|every) /.test(words)) return { says: 'undefined', words: set };
  const date = dateOf(words);
  if (date !== null) return { says: 'date', words: date };
  if (EMPTY.test(words)) return { says: 'nothing' };
  if (ALL.test(words)) return { says: 'reals' };
  return MISSING.test(words) ? { says: 'undefined', words: 'undefined' } : { says: 'words', words };
}

/** `two thirds`, and `six apples` with what is counted. Null for anything else. */
function countOf(words: string): Extract<Meaning, { says: 'number' }> | null {
  const [, first = '', rest = ''] = /^([a-z]+(?:-[a-z]+)?)[ -]([a-z]+(?: [a-z]+)?)$/.exec(words) ?? [];
  const value = numberOf(first);
  if (value === null || CHANGED.test(rest)) return null;
  const part = PARTS.indexOf(rest === 'halves' ? 'half' : rest.replace(/s$/, ''));
  if (part >= 0) return { says: 'number', value: `\\frac{${value}}{${part + 2}}`, counts: '' };
  return words.startsWith(`${first} `) && NUMBERS.includes(first)
    ? { says: 'number', value: String(value), counts: rest }
    : null;
}

function numberOf(words: string): number | null {
  const small = NUMBERS.indexOf(words);
  if (small >= 0) return small;
  const [tens = '', ones, ...more] = words.split(/[- ]/);
  const [ten, one] = [TENS.indexOf(tens), ones === undefined ? 0 : NUMBERS.indexOf(ones)];
  return ten < 0 || more.length > 0 || one < 0 || one > 9 || (ones !== undefined && one === 0)
    ? null
    : 20 + 10 * ten + one;
}

/** Whether words are the whole of an answer: no number, no empty set, nothing that can be said in other words, too. */
export function saysNothingElse(text: string): boolean {
  return isWords(text) && meaningOf(text).says === 'words';
}

const plainWords = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’`]/g, "'")
    .replace(/[.,!?;:"]+/g, ' ')
    .replace(/\s*-\s*/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(?:(?:the|a|an) )+/, '');

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** One form for `May 3, 2021`, `3rd of May 2021` and `2021-05-03`; null for no date. */
export function dateOf(text: string): string | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (iso) return `date ${Number(iso[1])} ${Number(iso[2])} ${Number(iso[3])}`;
  const plain = text
    .toLowerCase()
    .replace(/[,.]/g, ' ')
    .replace(/\bof\b|\bthe\b/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const first = /^([a-z]{3,9}) (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}))?$/.exec(plain);
  const second = /^(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})(?: (\d{4}))?$/.exec(plain);
  const [month, day, year] = first ? first.slice(1) : second ? [second[2], second[1], second[3]] : [];
  const number = MONTHS.indexOf((month ?? '').slice(0, 3));
  const whole =
    /^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)$/;
  return month !== undefined && number >= 0 && whole.test(month) ? `date ${year ?? '?'} ${number + 1} ${day}` : null;
}
