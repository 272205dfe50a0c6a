/**
 * The order in which a researcher reads curves, what they are called and counted in. A metric that is not named here is shown
 * after the others, under its own name: whatever is recorded is there.
 */
import type { Phase } from '../../../preload/contract/events.js';
import type { Unit } from '../../charts/numbers.js';

export interface MetricWords {
  readonly title: string;
  /** The title inside a line of text. */
  readonly curve: string;
  readonly unit: Unit;
  /** One line: what the number is. */
  readonly about: string;
}

const KNOWN: Readonly<Record<string, Omit<MetricWords, 'curve'>>> = {
  reward: { title: 'Reward', unit: 'number', about: 'Mean reward of the rollouts of a step' },
  kl: { title: 'KL', unit: 'number', about: 'Divergence from the policy the phase began with, k3 estimate' },
  entropy: { title: 'Entropy', unit: 'number', about: 'Of the next token, nats' },
  clipped_fraction: {
    title: 'Clipped fraction',
    unit: 'share',
    about: 'Tokens whose gradient the clipping range cut off',
  },
  zero_variance_share: {
    title: 'Zero-variance groups',
    unit: 'share',
    about: 'Groups whose rollouts all earned the same: they teach nothing',
  },
  completion_length: { title: 'Completion length', unit: 'number', about: 'Mean tokens of a completion' },
  truncated_share: { title: 'Cut off', unit: 'share', about: 'Completions that ended at the token limit' },
  gradient_norm: { title: 'Gradient norm', unit: 'number', about: 'Before clipping' },
  learning_rate: { title: 'Learning rate', unit: 'number', about: 'Of the last update of a step' },
  tokens_per_second: {
    title: 'Tokens per second',
    unit: 'number',
    about: 'Tokens learnt from, by the seconds of the whole step, sampling included',
  },
  loss: {
    title: 'Loss',
    unit: 'number',
    about: 'Of the policy, KL term included; in fine-tuning the cross-entropy, nats a token of the completions',
  },
  held_out_loss: {
    title: 'Held-out loss',
    unit: 'number',
    about: 'Cross-entropy on the held-out share, nats a token of the completions',
  },
  held_out_loss_before: {
    title: 'Held-out loss before',
    unit: 'number',
    about: 'On the held-out share, before the first step',
  },
  filled_share: {
    title: 'Filled',
    unit: 'share',
    about: 'Of the positions that went through the model, those that were no padding',
  },
  trained_samples: { title: 'Samples learnt from', unit: 'count', about: 'Rollouts with an advantage' },
  trained_tokens: {
    title: 'Tokens learnt from',
    unit: 'count',
    about: 'Of rollouts with an advantage, or of completions',
  },
  uncertainty: { title: 'Uncertainty reward', unit: 'number', about: 'Highest where half of the votes agree' },
  repetition: { title: 'Repetition penalty', unit: 'number', about: 'Share of a step that says nearly the same' },
  valid_share: { title: 'Valid questions', unit: 'share', about: 'Well formed, of those written in a step' },
  distinct_share: { title: 'Distinct questions', unit: 'share', about: 'Of the valid ones' },
  clusters: { title: 'Clusters', unit: 'count', about: 'Groups of like questions in a step' },
  p_hat: { title: 'Agreement p̂', unit: 'share', about: 'Mean share of votes for the most common answer' },
  difficulty: { title: 'Difficulty', unit: 'number', about: 'As the domain measures it' },
  agreement: { title: 'Agreement with the label', unit: 'share', about: 'Rollouts that give the pseudo-label' },
  format_share: { title: 'Answers found', unit: 'share', about: 'Rollouts from which an answer could be read' },
};
const ORDER = Object.keys(KNOWN);

export function wordsOf(name: string): MetricWords {
  const words = name.replaceAll('_', ' ');
  const plain = { title: words.charAt(0).toUpperCase() + words.slice(1), unit: 'number' as const, about: words };
  const known = KNOWN[name] ?? plain;
  const curve = /^[A-Z]{2}/.test(known.title)
    ? known.title
    : known.title.charAt(0).toLowerCase() + known.title.slice(1);
  return { ...known, curve };
}

export interface MetricName {
  readonly phase: Phase;
  readonly name: string;
}
export const keyOf = ({ phase, name }: MetricName): string => `${phase} ${name}`;

/** Whose charts share cursor and zoom. */
export type Role = 'sft' | 'challenger' | 'solver';
export const roleOf = (phase: Phase): Role => (phase === 'challenger' || phase === 'sft' ? phase : 'solver');

/** One metric and who has it, Challenger first. */
export interface MetricPair {
  readonly name: string;
  readonly phases: readonly Phase[];
}

const place = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);

/** Metrics that both roles have come first, in reading order; then those of one role, then unknown ones by name. */
export function pairs(names: readonly MetricName[]): MetricPair[] {
  const byName = new Map<string, Phase[]>();
  for (const { name, phase } of names) byName.set(name, [...(byName.get(name) ?? []), phase]);
  return [...byName]
    .map(([name, phases]) => ({ name, phases }))
    .sort((a, b) => place(a.name) - place(b.name) || a.name.localeCompare(b.name, 'en'));
}

/** All words of the filter occur in the name or the title. */
export function fits({ name }: MetricPair, filter: string): boolean {
  const text = `${name} ${wordsOf(name).title}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
