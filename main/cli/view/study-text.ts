/** A study for the terminal: its arms with what is there, and its table. */
import type { StudyArm, StudyInfo, StudyTable } from '../../../preload/contract/studies.js';
import type { StudyPlan } from '../../lab/studies/studies.js';
import type { NearRun } from '../../studies/near.js';
import { comparisonRows, mainRows } from '../../studies/words.js';
import { duration, NONE, percent, printable } from './format.js';
import { table, type Column } from './text.js';

const left = (title: string): Column => ({ title, align: 'left' });
const right = (title: string): Column => ({ title, align: 'right' });

export function armsText(info: StudyInfo): string[] {
  const rows = info.arms.map((arm) => [
    printable(arm.title),
    String(arm.seed),
    stateText(arm),
    duration(arm.seconds === 0 ? null : arm.seconds),
    arm.state === 'finished' ? NONE : duration(arm.likely),
    arm.run === null ? NONE : printable(arm.run),
    printable(arm.set.join(' ')) || NONE,
  ]);
  const head = [left('arm'), right('seed'), left('state'), right('took'), right('left, about')];
  return [
    `${info.title}: ${info.asks}`,
    `Recipe ${printable(info.recipe)}, model ${printable(info.model)}, seeds ${info.seeds.join(', ')}. Study ${info.id}`,
    '',
    ...table([...head, left('run'), left('differs in')], rows),
    '',
    summaryText(info),
    ...info.arms.flatMap((arm) =>
      arm.state === 'failed' ? [`${printable(arm.title)}, seed ${arm.seed} failed: ${printable(arm.error ?? '')}`] : [],
    ),
  ];
}

/** What --dry-run shows: the arms, runs that seem to be some and are not, and what the table will have. */
export function planText({ study, near, forecast }: StudyPlan): string[] {
  const { columns, comparisons, compared } = forecast;
  return [
    ...armsText(study),
    ...near.map((run) => nearText(run, study)),
    '',
    `The table will have: ${columns.map(printable).join(', ')}.`,
    ...(comparisons.length === 0
      ? []
      : [
          `Compared seed by seed, in ${compared.map(printable).join(', ')}:`,
          ...comparisons.map((comparison) => `  ${comparison}`),
        ]),
  ];
}

/** "Run nano-… (seed 0) is not R-Zero: evaluation.others differs." */
function nearText({ run, name, seed, arm, differs, because }: NearRun, { arms }: StudyInfo): string {
  const title = arms.find((other) => other.arm === arm)?.title ?? arm;
  const shown = differs.slice(0, SHOWN_DIFFERENCES).map(printable);
  const rest = differs.length - shown.length;
  const list = `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  const why = [...(differs.length > 0 ? [`${list} ${differs.length === 1 ? 'differs' : 'differ'}`] : []), ...because];
  const called = name === run ? '' : `${printable(name)}, `;
  return `Run ${printable(run)} (${called}seed ${seed}) is not ${printable(title)}: ${why.map(printable).join('; ')}.`;
}

const SHOWN_DIFFERENCES = 6;

function stateText({ state, done, made, run }: StudyArm): string {
  const progress = (state === 'running' || state === 'paused') && done > 0 ? ` ${percent(done, 0)}` : '';
  return `${state}${progress}${run !== null && !made ? ', made by hand' : ''}`;
}

/** "3 of 6 arms are there; about 14m 20s are left." */
export function summaryText({ arms }: StudyInfo): string {
  const open = arms.filter(({ state }) => state !== 'finished');
  const finished = arms.length - open.length;
  if (open.length === 0) return `All ${arms.length} arms are finished.`;
  const known = open.every(({ likely }) => likely !== null);
  const left = open.reduce((sum, { likely }) => sum + (likely ?? 0), 0);
  const time = known ? `about ${duration(left)} are left` : 'how long the others take is not known here yet';
  return `${finished} of ${arms.length} arms are finished; ${time}.`;
}

export function studyText(study: StudyTable): string[] {
  const main = mainRows(study);
  const differences = comparisonRows(study);
  return [
    ...table(
      main.head.map((title, i) => (i === 0 ? left(title) : right(title))),
      main.rows,
    ),
    ...(differences.rows.length === 0
      ? []
      : [
          '',
          ...table(
            differences.head.map((title, i) => (i === 0 ? left(title) : right(title))),
            differences.rows,
          ),
        ]),
    '',
    study.intervals,
    ...study.notes.map(printable),
  ];
}
