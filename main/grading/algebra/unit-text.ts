/** Units, money and counted things behind or before a number: told apart by what they measure, never converted. */

/** One name for the names of a unit; and the units that measure the same. */
const SAME: readonly string[] = [
  'cm centimeter centimetre', 'mm millimeter millimetre', 'm meter metre', 'km kilometer kilometre', "in inch inches ''",
  "ft foot feet '", 'yd yard', 'mi mile', 'g gram', 'kg kilogram', 'mg milligram', 'lb lbs pound', 'oz ounce', 't ton tonne',
  'l liter litre', 'ml milliliter millilitre', 's sec second', 'ms millisecond', 'min minute', 'h hr hour', 'day', 'week', 'month', 'year yr',
  '$ dollar usd us$', '€ euro eur', '£ gbp', '¥ yen', '₹ rs rupee', 'cent ¢', '% percent percentage', 'degree deg °', 'radian rad', 'mph mi/h', 'km/h kph kmh', 'm/s',
  'unit', 'square^2 sq^2', 'cubic^3', 'n newton', 'j joule', 'w watt', 'v volt', 'k kelvin', 'hz hertz',
]; // prettier-ignore
const NAME_OF = new Map(
  SAME.flatMap((line) => line.split(' ').map((name, _, [first]) => [name, first as string] as const)),
);
const MEASURES: readonly string[] = [
  'mm cm m km in ft yd mi',
  'mg g kg lb oz t',
  'l ml',
  's min h day week month year',
  'cent $',
  'degree radian',
  'm/s km/h mph',
];

/** `square centimeters` and `cm^2` in one hand. Empty for none, and for the unit that says nothing. */
export function unitName(text: string): string {
  let plain = text
    .toLowerCase()
    .replace(/[{}\\]/g, '')
    .replace(/\s*\^\s*/g, '^')
    .replace(/ (?:per|an?) /g, '/')
    .replace(/\./g, '')
    .trim();
  const power = /(?:^|\s)(?:square|sq)\s/.test(`${plain} `)
    ? '^2'
    : /(?:^|\s)(?:cubic|cu)\s/.test(`${plain} `)
      ? '^3'
      : '';
  plain = plain
    .replace(/(?:^|\s)(?:square|sq|cubic|cu)(?=\s|$)/g, ' ')
    .trim()
    .replace(/²/g, '^2')
    .replace(/³/g, '^3');
  const parts = plain.split('/').map((part) => {
    const [word = '', exponent = ''] = part.trim().split('^');
    const singular = NAME_OF.get(word) ?? NAME_OF.get(word.replace(/s$/, '')) ?? word.replace(/(?<=[a-z]{2})s$/, '');
    return exponent === '' ? singular : `${singular}^${exponent}`;
  });
  const whole = parts.join('/');
  const name = `${NAME_OF.get(whole) ?? whole}${power}`;
  return name === 'unit' || name.startsWith('unit^') ? '' : name;
}

export type UnitRelation = 'same' | 'left out' | 'other' | 'convertible';

/** `$/lb` beside `$`. */
const isPrice = (a: string, b: string): boolean => /^[$€£¥]/.test(a) && a.startsWith(`${b}/`);

/** Whether two quantities can be compared by their numbers. */
export function compareUnits(a: string, b: string): UnitRelation {
  if (a === b) return 'same';
  if (a === '' || b === '' || isPrice(a, b) || isPrice(b, a)) return 'left out';
  const [left, right] = [a.replace(/\^\d$/, ''), b.replace(/\^\d$/, '')];
  const sameMeasure = MEASURES.some((line) => line.split(' ').includes(left) && line.split(' ').includes(right));
  const samePower = a.slice(left.length) === b.slice(right.length);
  if (sameMeasure && samePower) return 'convertible';
  return 'other';
}

const MONEY = /^([+-]?)\s*(US\$|\$|€|£|¥|₹|USD|EUR|Rs\.?)\s*(?=[\d.\\+-])/;
/** Words behind a number, or short names of units; not a letter that stands directly behind it, which is a variable. */
const BEHIND =
  /^(.*?[\d)}\].]|.*\\pi)(?:\s+((?:square |sq\.? |cubic )?[a-zA-Z]{1,20}(?:(?: per | an? |\/)[a-zA-Z]{1,20})?(?:\s?\^\s?\{?-?\d\}?|[²³])?(?: [a-zA-Z]{2,20}){0,3})|\s?(°|%|¢|€|£|'{1,2}|(?:cm|mm|km|kg|mg|ml|ft|mph|hrs?|mins?|sec)(?:\s?\^\s?\{?\d\}?|[²³])?))$/;
/** Behind a formula that ends in a letter only the long names of units. */
const BEHIND_LETTERS = new RegExp(
  String.raw`^(.*(?<![a-zA-Z])[a-zA-Z])\s+((?:square |cubic )?(?:${[...NAME_OF.keys()].filter((name) => /^[a-z]{2,}$/.test(name) && name !== 'in').join('|')})s?(?:\s?\^\s?\{?\d\}?|[²³])?)$`,
);
const NOT_UNITS =
  /^(?:or|and|mod|pmod|e|i|x|y|z|n|k|t|a|b|c|d|p|q|r|u|w|if|for|choose)$|\b(?:or|and|if|for|where|when)\b/;

export interface Quantity {
  readonly value: string;
  readonly unit: string;
  readonly percent: boolean;
}

/** `N m^2/kg^2`: several units, with powers, after a number. */
const POWERED = String.raw`[a-zA-Z]{1,3}(?:\s?\^\s?\{?-?\d\}?)?`;
const COMPOUND = new RegExp(String.raw`^(.*[\d)}\].])\s+(${POWERED}(?:(?:\s*\/\s*|\s*\\cdot\s*|\s+)${POWERED})+)$`);
const SI = /^(?:[mgshlLNJWVKFCAT]|Pa|Hz|mol|eV|kg|cm|mm|km|nm|erg|rad|kPa|kJ|kW|keV|MeV)$/;

function compoundOf(text: string): Quantity | null {
  const [, value = '', units = ''] = COMPOUND.exec(text) ?? [];
  const names = units.replace(/\^\s?\{?-?\d\}?|\\cdot/g, ' ').match(/[a-zA-Z]+/g) ?? [];
  if (names.length < 2 || !names.every((name) => SI.test(name))) return null;
  const plain = units
    .replace(/\s*\/\s*/g, '/')
    .replace(/\s*\^\s*/g, '^')
    .replace(/\s*\\cdot\s*|\s+/g, '·');
  return { value: value.trim(), unit: unitName(plain), percent: false };
}

/** `$3/lb` and `$3 per pound`. */
function priceOf(value: string, money: string, of: string): Quantity {
  return { value: value.trim(), unit: `${unitName(money)}/${unitName(of)}`, percent: false };
}

/** The unit of a quantity, and what is left. */
export function quantityOf(text: string): Quantity {
  const money = MONEY.exec(text);
  const rest = money ? `${money[1] ?? ''}${text.slice(money[0].length)}` : text;
  const percent = /^(.*?)\s*(?:\\?%|\s(?:percent|percentage)(?: points?)?)$/.exec(rest);
  if (percent?.[1]) return { value: percent[1].trim(), unit: '', percent: true };
  const compound = money ? null : compoundOf(rest);
  if (compound) return compound;
  const share = money ? /^(.*[\d)}])\s*(?:\/|\bper\b|\ba\b|\ban\b)\s*([a-zA-Z]{2,20})$/.exec(rest) : null;
  if (money && share) return priceOf(share[1] as string, money[2] ?? '', share[2] as string);
  const letters = BEHIND_LETTERS.exec(rest);
  const behind = letters && !/(?<![\\a-zA-Z])[a-zA-Z]{2}/.test(letters[1] ?? '') ? letters : BEHIND.exec(rest);
  const name = (behind?.[2] ?? behind?.[3] ?? '').trim();
  if (behind?.[1] && !NOT_UNITS.test(name)) {
    const unit = unitName(name);
    const known =
      name.replace(/\W.*$/, '').length === 1
        ? /^[mgshlLNJWVKF](?:\s?\^\s?\{?[23]\}?)?$|[/°¢]/.test(name)
        : unit === '' || name.length > 2 || SI.test(name) || NAME_OF.has(unit.replace(/\^\d$/, ''));
    if (known) return { value: behind[1].trim(), unit: money ? unitName(money[2] ?? '') : unit, percent: false };
  }
  return { value: rest.trim(), unit: money ? unitName(money[2] ?? '') : '', percent: false };
}
