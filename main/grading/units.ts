/**
 * Money signs and simple units around a number. They are dropped, as the graders of the usual benchmarks do: a question
 * names its unit, and answers differ in whether they repeat it. For the same reason 50% reads as 50: who asks "what
 * percentage" takes both.
 */
const WORDS = `
  degree degrees deg radian radians rad percent percentage unit units
  mm cm dm km meter meters metre metres centimeter centimeters centimetre centimetres millimeter millimeters
  kilometer kilometers kilometre kilometres inch inches in ft foot feet yard yards yd mile miles mi
  mg kg gram grams kilogram kilograms ton tons tonne tonnes ounce ounces oz pound pounds lb lbs
  ml liter liters litre litres gallon gallons cup cups
  second seconds sec secs minute minutes min mins hour hours hr hrs day days week weeks month months year years
  mph kph hz newton newtons joule joules watt watts volt volts
  dollar dollars cent cents euro euros usd eur
  square sq cubic per
  point points people person students student ways way times time items item apples balls cards coins books
`;
const LONG = new Set(WORDS.trim().split(/\s+/));
/** These also name variables, so they count as units only after a space. */
const SHORT = new Set(['m', 'g', 's', 'h', 'l', 'L', 'N', 'J', 'W', 'V', 'K', 'C', 'F']);

const LAST_WORD = /^(.*?)(\s*)([A-Za-z]{1,20}(?:\/[A-Za-z]{1,20})?)(?:\s?\^\s?\{?-?[0-9]\}?|[\u00B2\u00B3])?$/;
const MAX_WORDS = 4;

function isUnit(word: string, spaced: boolean): boolean {
  return word.split('/').every((part) => LONG.has(part.toLowerCase()) || (spaced && SHORT.has(part)));
}

/** The text without units behind it and a money sign before it; unchanged where there are none. */
export function withoutUnits(text: string): string {
  let rest = text.replace(/^([+-]?)\s*[$\u20AC\u00A3\u00A5]\s*/, '$1').replace(/\s*%$/, '');
  for (let i = 0; i < MAX_WORDS; i++) {
    const match = LAST_WORD.exec(rest);
    if (!match || !isUnit(match[3] as string, match[2] !== '')) break;
    rest = match[1] as string;
  }
  return rest.trim();
}
