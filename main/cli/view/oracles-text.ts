/** What the oracles of a run say, as tables of text. Pure. */
import type { Judge, OracleOverview, OraclePair } from '../../../preload/contract/oracles.js';
import { iterationName } from '../../../preload/contract/run-state.js';
import { decimal, estimate, grouped, NONE, printable } from './format.js';
import { table, type Column } from './text.js';

const left = (title: string): Column => ({ title, align: 'left' });
const right = (title: string): Column => ({ title, align: 'right' });

export function oraclesText(overview: OracleOverview): string[] {
  const sections = [accuracyLines(overview), agreementLines(overview), judgeLines(overview), answerLines(overview)];
  const shown = sections.filter((lines) => lines.length > 0);
  if (shown.length === 0) return ['No question has been kept yet, and nothing was judged.'];
  return shown.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]));
}

function namesOf({ oracles }: OracleOverview): (key: string) => string {
  const names = new Map(oracles.map(({ key, name }) => [key, printable(name)]));
  const twice = (name: string): boolean => [...names.values()].filter((other) => other === name).length > 1;
  return (key) => {
    const name = names.get(key) ?? key;
    return twice(name) ? `${name} (${key})` : name;
  };
}

function accuracyLines(overview: OracleOverview): string[] {
  const { accuracy } = overview;
  if (accuracy.length === 0) return ['Nobody knows yet which labels are right: see rzero judge --help.'];
  const name = namesOf(overview);
  const rows = accuracy.map((of) => [
    ...[String(of.iteration), name(of.oracle), estimate(of.estimate)],
    of.estimate === null ? NONE : `${grouped(of.estimate.n)} of ${grouped(of.frame)}`,
    ...[of.wrong, of.ambiguous, of.unsolvable, of.undecided].map((n) => grouped(n)),
  ]);
  const columns = [right('iteration'), left('oracle'), right('labels right'), right('judged of kept')];
  const counts = ['wrong', 'ambiguous', 'unsolvable', 'undecided'].map(right);
  return [
    'Pseudo-labels right, 95 % intervals (Wilson); undecided ones are in no share',
    ...table([...columns, ...counts], rows),
  ];
}

const NOTES: Readonly<Record<NonNullable<OraclePair['note']>, string>> = {
  vote: 'the vote calls every label right: κ is 0 or not defined, read the agreement',
  constant: 'one of them says the same of everything: κ is 0 by its definition',
  'one-category': 'both say the same of everything: κ is not defined',
  'all-agree': 'no disagreement: the interval of κ has no width, read that of the agreement',
  few: 'few questions: the interval is rough',
};

function kappaOf({ kappa, note }: OraclePair): string {
  if (kappa === null || note === 'vote') return NONE;
  const interval = note === 'constant' ? '' : ` [${decimal(kappa.low)}, ${decimal(kappa.high)}]`;
  return `${decimal(kappa.value)}${interval}`;
}

function agreementLines(overview: OracleOverview): string[] {
  const { agreement } = overview;
  if (agreement.length === 0) return [];
  const name = namesOf(overview);
  const rows = agreement.map((of) => [
    `${name(of.a)} – ${name(of.b)}`,
    grouped(of.n),
    estimate(of.observed),
    kappaOf(of),
    [
      ...(of.note === null ? [] : [NOTES[of.note]]),
      ...(of.chosen > 0 ? [`${grouped(of.chosen)} reviewed by choice, not drawn`] : []),
    ].join('; '),
  ]);
  return [
    "Agreement on whether a label is right; Cohen's κ",
    ...table([left('oracles'), right('n'), right('agree'), right('κ'), left('')], rows),
  ];
}

function judgeLines({ judges }: OracleOverview): string[] {
  if (judges.length === 0) return [];
  const rows = judges.map((judge) => [
    ...[`judge-${judge.id}`, printable(judge.model), printable(judge.host), judge.subject],
    `${judge.promptVersion} ${judge.promptHash.slice(0, 8)}`,
    ...[grouped(judge.judged), grouped(judge.undecided), tokensOf(judge)],
  ]);
  const columns = ['judge', 'model', 'endpoint', 'of', 'prompt'].map(left);
  return ['Judges', ...table([...columns, right('judged'), right('undecided'), right('tokens in / out')], rows)];
}

const tokensOf = ({ inputTokens, outputTokens }: Judge): string => `${grouped(inputTokens)} / ${grouped(outputTokens)}`;

function answerLines({ answers }: OracleOverview): string[] {
  if (answers.length === 0) return [];
  const rows = answers.map((of) => [
    iterationName(of.iteration),
    ...[printable(of.benchmark), `judge-${of.judge}`, estimate(of.rule), estimate(of.withJudge)],
    `${grouped(of.judgeRight)} of ${grouped(of.judged)}`,
    ...[grouped(of.misses), grouped(of.undecided)],
  ]);
  return [
    'Greedy answers: the rules alone, and with the misses judged again (only where every miss has a verdict)',
    ...table(
      [
        ...[right('iteration'), left('benchmark'), left('judge'), right('rules'), right('with judge')],
        ...[right('right of judged'), right('misses'), right('undecided')],
      ],
      rows,
    ),
  ];
}
