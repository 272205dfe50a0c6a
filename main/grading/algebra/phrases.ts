/** Words that stand around an answer and say nothing of it: "the answer is", "about", "(units)", the ending of an ordinal. */
import { withoutUnits } from '../units.js';
import { meaningOf } from '../words.js';

const PHRASES: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:(?:so|thus|hence|therefore),?\s+)?(?:the\s+)?(?:(?:final|correct)\s+)?(?:answer|ans\.?)\s*(?:is|:|=)\s*:?\s*(?=\S)/i,
    '',
  ],
  [/^answer\s+(?=[-\d$\\(])/i, ''],
  [
    /^(?:approximately|approx\.?|about|roughly|around|exactly|equals?|only|just|(?:a\s+)?total(?:\s+of)?|(?:the\s+)?(?:result|value)(?:\s+is)?)\s*:?\s+(?=[-\d\\$(.])/i,
    '',
  ],
  [
    /^(?:(?:so|thus|hence|therefore|then|finally|clearly|yes|sure|okay|ok|well|it's|it is|we (?:get|have)|this gives),?\s+)+(?=[-\d$\\(]|[a-zA-Z]\s*=)/i,
    '',
  ],
  [/^(?:A:|=)\s*(?=[-\d$\\(])/, ''],
  // "The area is 72"; what is compared stays.
  [
    /^(?!.*\b(?:not|least|most|more|less|fewer|than|between|or|if|when|where|there)\b)[a-zA-Z][a-zA-Z ]{2,40} (?:is|are|was|equals)\s*:?\s+(?=[-\d\\$(])/i,
    '',
  ],
  [/^([-+]?\d+)\s*\^?\s*\{?\s*(?:st|nd|rd|th)\s*\}?(?=$|\s(?!of\b))/, '$1'],
  [/(?<=[\d}\])])\s*\(\s*(?:approximately|approx\.?|rounded|exactly)\s*\)$/i, ''],
];

/** Powers of ten. */
const SCALES: Readonly<Record<string, number>> = { hundred: 2, thousand: 3, million: 6, billion: 9, trillion: 12 };

const SCALED = /(?<=\d)\s*(hundred|thousand|million|billion|trillion)(?![a-z])/g;

/** A tidied answer without them. */
export function withoutPhrases(text: string): string {
  let plain = text;
  for (const [pattern, by] of PHRASES) plain = plain.replace(pattern, by);
  plain = plain.replace(SCALED, (_, name: string) => `\\cdot 10^{${SCALES[name]}}`);
  // 5 (five).
  const [, digits = '', spelt = ''] = /^(\d+)\s*\(([a-z]+(?:-[a-z]+)?)\)$/i.exec(plain) ?? [];
  const meaning = spelt === '' ? null : meaningOf(spelt);
  if (meaning?.says === 'number' && meaning.value === digits) return digits;
  // 25 (units), 25 (cm); not 3 (mod 7).
  const [, before = '', unit = ''] = /^(.*[\d}\]])\s*\(\s*([a-zA-Z][a-zA-Z ]*)\)$/.exec(plain) ?? [];
  return unit !== '' && withoutUnits(` ${unit}`) === '' ? `${before} ${unit.trim()}` : plain;
}

const LABELS = new Set(
  `page year day week month hour minute room step level grade question problem exercise chapter number door box house row column
   figure case term position place student player team bus route building floor game round class group bag card age stage
   option statement line side car machine person child`.split(/\s+/),
);

/** `page 12` and `Day 5`: a number and what it counts. Null for anything else. */
export function labelled(text: string): { readonly label: string; readonly value: string } | null {
  const [, label = '', value = ''] =
    /^(?:the\s+)?([a-zA-Z]{3,10})\s*(?:#|no\.)?\s*(-?\d[\d,]*(?:\.\d+)?)$/.exec(text) ?? [];
  return LABELS.has(label.toLowerCase()) ? { label: label.toLowerCase(), value: value.replaceAll(',', '') } : null;
}
