/**
 * The answer of a simple word problem, read sentence by sentence: one count that begins somewhere, grows and shrinks, and may
 * be shared out at the end. Verbs say which way it goes (Hosseini et al. 2014). Whatever is not understood to the last
 * sentence has no answer here: null, never a guess.
 */
const NUMBER = String.raw`(?<n>\d{1,6})`;
const WHO = String.raw`(?<who>[A-Z][a-z]+)`;
/** What stands behind a number: `more apples`, `of the apples`, `of them`, `more`, nothing. */
const THING = String.raw`(?: more)?(?: of(?: the| his| her| these)?)?(?: them| (?!(?:are|arrive|come|break|leave|to)\b)(?<thing>[a-z]+))?`;
const GAINS = 'buys|finds|gets|receives|picks|collects|makes|bakes|earns|wins|adds|brings(?: in)?|puts in';
const LOSSES = 'loses|sells|eats|uses|breaks|drops|spends|throws away|takes (?:away|out)|removes|gives away';

interface Count {
  value: number;
  readonly owner: string | null;
  readonly thing: string;
  shared: boolean;
}

type Found = Readonly<Record<string, string | undefined>>;

/** What a sentence does to the count; false where it is about something else. */
type Effect = (count: Count, found: Found) => boolean;

const BEGINNINGS: readonly RegExp[] = [
  rule(`${WHO} (?:has|had) ${NUMBER} (?<thing>[a-z]+)`),
  rule(`there (?:are|were) ${NUMBER} (?<thing>[a-z]+) (?:in|on|at) (?:the|a) [a-z]+`),
  rule(`the [a-z]+ (?:starts with|has) ${NUMBER} (?<thing>[a-z]+)`),
  rule(`${WHO} (?:has|had) (?<k>\\d{1,4}) [a-z]+ (?:with|of) ${NUMBER} (?<thing>[a-z]+)(?: in each(?: [a-z]+)?)?`),
  rule(`the [a-z]+ has (?<k>\\d{1,4}) [a-z]+, and each [a-z]+ holds ${NUMBER} (?<thing>[a-z]+)`),
  rule(`in the [a-z]+ stand (?<k>\\d{1,4}) [a-z]+ of ${NUMBER} (?<thing>[a-z]+)`),
];

const grow: Effect = (count, { n }) => ((count.value += Number(n)), true);
const shrink: Effect = (count, { n }) => ((count.value -= Number(n)), count.value >= 0);
/** Of a person's things only what that person does counts; in a place, what anybody does. */
const byOwner =
  (effect: Effect): Effect =>
  (count, found) =>
    (count.owner === null || isOwner(count, found['who'])) && effect(count, found);

const CHANGES: readonly (readonly [RegExp, Effect])[] = [
  [rule(`${WHO} gives (?<to>[A-Z][a-z]+|him|her|them) ${NUMBER}${THING}`), given],
  [rule(`${WHO} gives ${NUMBER}${THING} to (?:(?<to>[A-Z][a-z]+)|(?:his|her|a) [a-z]+)`), given],
  [rule(`${WHO} (?:${GAINS}) ${NUMBER}${THING}`), byOwner(grow)],
  [rule(`${WHO} (?:${LOSSES}) ${NUMBER}${THING}`), byOwner(shrink)],
  [rule(`(?:then )?${NUMBER}${THING} (?:are added|arrive|come)`), grow],
  [rule(`(?:then )?${NUMBER}${THING} (?:are thrown (?:out|away)|are sold|break|leave)`), shrink],
  [
    rule(
      `(?:${WHO} shares|the) (?:(?:the|all|his|her|these) )?(?<thing>[a-z]+)(?: are packed)? equally (?:among|between|with|into) (?<k>\\d{1,4}) [a-z]+`,
    ),
    divided,
  ],
];

const TOTAL = rule(
  'how many (?<thing>[a-z]+) (?:does (?<who>[A-Z][a-z]+|he|she) have|are (?:left|there|in the [a-z]+)).*',
);
const EACH = rule('how many (?<thing>[a-z]+) (?:does each [a-z]+ (?:get|have|receive)|are in each [a-z]+)');

/** @returns the answer as digits, or null where the text is not wholly understood */
export function readWordProblem(text: string): string | null {
  const sentences = text.trim().split(/(?<=[.?!])\s+/);
  const question = sentences.pop() ?? '';
  const [first = '', ...changes] = sentences;
  const count = begun(first);
  if (count === null || !question.endsWith('?')) return null;
  for (const sentence of changes) {
    const done = CHANGES.some(([pattern, effect]) => {
      const found = pattern.exec(sentence)?.groups;
      return found !== undefined && !count.shared && sameThing(count, found) && effect(count, found);
    });
    if (!done) return null;
  }
  const asked = (count.shared ? EACH : TOTAL).exec(question)?.groups;
  if (asked === undefined || !sameThing(count, asked)) return null;
  if (asked['who'] !== undefined && !isOwner(count, asked['who'])) return null;
  return String(count.value);
}

function begun(sentence: string): Count | null {
  for (const pattern of BEGINNINGS) {
    const found = pattern.exec(sentence)?.groups;
    if (!found) continue;
    const value = Number(found['k'] ?? 1) * Number(found['n']);
    return { value, owner: found['who'] ?? null, thing: found['thing'] as string, shared: false };
  }
  return null;
}

function given(count: Count, { who, to, n }: Found): boolean {
  if (count.owner === null || who === to) return false;
  if (who === count.owner) return shrink(count, { n });
  return isOwner(count, to) && grow(count, { n });
}

function divided(count: Count, { who, k }: Found): boolean {
  const parts = Number(k);
  if ((who !== undefined && !isOwner(count, who)) || parts === 0 || count.value % parts !== 0) return false;
  count.value /= parts;
  count.shared = true;
  return true;
}

const isOwner = ({ owner }: Count, who: string | undefined): boolean =>
  owner !== null && (who === owner || /^(?:he|she|him|her|they|them)$/i.test(who ?? ''));

const sameThing = ({ thing }: Count, { thing: other }: Found): boolean => other === undefined || other === thing;

/** A whole sentence, its first letter large or small. */
function rule(pattern: string): RegExp {
  const first = pattern[0] as string;
  const either = /[a-z]/.test(first) ? `[${first}${first.toUpperCase()}]${pattern.slice(1)}` : pattern;
  return new RegExp(`^(?:${either.replace(/\(\?:then \)\?/, '(?:[Tt]hen )?').replace('|the)', '|[Tt]he)')})[.?!]$`);
}
