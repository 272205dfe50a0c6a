/**
 * One frame of the live view, as rows of text: header, the loop with the present phase, progress, the figures that matter,
 * small plots, alarms. Pure: state, size and time in, rows out; painting them is `painter.ts`.
 */
import { PHASES, type Phase } from '../../../preload/contract/events.js';
import {
  metricSeries,
  NOT_ZERO_DATA,
  PHASE_TITLES,
  phaseEta,
  runEta,
  type RunView,
} from '../../../preload/contract/run-state.js';
import { colours, type Colours } from './colours.js';
import { decimal, duration, grouped, NONE, percent, printable } from './format.js';
import { bar, sparkline } from './plots.js';
import { clip, pad } from './text.js';

export interface FrameOptions {
  readonly columns: number;
  readonly colour: boolean;
  readonly now: number;
  /** Ctrl-C was pressed once. */
  readonly pausing?: boolean;
}

function paintPhase(c: Colours, phase: Phase): (text: string) => string {
  if (phase === 'challenger' || phase === 'curriculum') return c.challenger;
  return phase === 'solver' ? c.solver : c.strong;
}

function header(view: RunView, c: Colours): string[] {
  const name = printable(view.name === '' ? view.run : view.name);
  const mark = view.zeroData ? '' : `  ${c.warn(NOT_ZERO_DATA)}`;
  // Before the run has said anything only its id is known.
  const what = view.recipe === '' ? 'starting' : `recipe ${printable(view.recipe)}, seed ${view.seed}`;
  return [`${c.strong('R-Zero Lab')}  ${name}  ${c.faint(what)}${mark}`, c.faint(printable(view.backend))];
}

const BEFORE: readonly Phase[] = ['sft', 'baseline'];

/** What comes before the loop is shown while it lasts; a run without iterations is nothing else. */
function shownPhases({ progress, iterations }: RunView): readonly Phase[] {
  if (!progress) return PHASES.slice(BEFORE.length);
  if (iterations === 0) return BEFORE;
  return PHASES.slice(Math.min(PHASES.indexOf(progress.phase), BEFORE.length));
}

/** The loop as it stands: what is done, what is at work (named), what is to come. */
function loop(view: RunView, c: Colours, narrow: boolean): string {
  const present = view.progress;
  const shown = shownPhases(view);
  const at = present ? shown.indexOf(present.phase) : -1;
  const parts = shown.map((phase, i) => {
    const title = narrow ? PHASE_TITLES[phase].slice(0, 4) : PHASE_TITLES[phase];
    if (i === at) return paintPhase(c, phase)(`▶ ${title}`);
    return i < at || view.state === 'finished' ? c.good(`✓ ${title}`) : c.faint(`· ${title}`);
  });
  const count = view.iterations > 0 && present ? `iteration ${present.iteration}/${view.iterations}  ` : '';
  return `${count}${parts.join(c.faint(narrow ? ' ' : '  →  '))}`;
}

function progressRow(view: RunView, c: Colours, { columns, now }: FrameOptions): string {
  const { progress } = view;
  if (!progress) return c.faint('preparing');
  const share = progress.total > 0 ? progress.done / progress.total : 0;
  const count = `${Math.floor(progress.done)}/${progress.total}`;
  const all = runEta(view, now);
  const eta = `${duration(phaseEta(progress, now))} left${all === null ? '' : `, run ${duration(all)}`}`;
  const speed = progress.tokensPerSecond === null ? '' : `  ${grouped(progress.tokensPerSecond)} tokens/s`;
  const width = Math.max(8, Math.min(40, columns - count.length - eta.length - speed.length - 10));
  return `${paintPhase(c, progress.phase)(bar(share, width))} ${count}  ${c.faint(eta)}${speed}`;
}

function figures(view: RunView): string {
  const step = view.steps.at(-1);
  const funnel = view.funnels.at(-1)?.funnel;
  const parts = [
    step?.metrics['reward'] === undefined ? null : `reward ${decimal(step.metrics['reward'], 3)}`,
    lastOf(view, 'challenger', 'valid_share', (v) => `valid ${percent(v, 0)}`),
    funnel && funnel.generated > 0
      ? `kept ${percent(funnel.kept / funnel.generated, 0)} (${grouped(funnel.kept)})`
      : null,
    funnel?.labelAccuracy ? `labels right ${percent(funnel.labelAccuracy.value)}` : null,
    step?.metrics['entropy'] === undefined ? null : `entropy ${decimal(step.metrics['entropy'])}`,
    step?.metrics['kl'] === undefined ? null : `KL ${decimal(step.metrics['kl'], 3)}`,
  ];
  return parts.filter((part) => part !== null).join('   ');
}

function lastOf(view: RunView, phase: Phase, metric: string, format: (value: number) => string): string | null {
  const value = metricSeries(view, phase, metric).at(-1);
  return value === undefined ? null : format(value);
}

interface Plot {
  readonly title: string;
  readonly values: readonly number[];
  readonly format: (value: number) => string;
  readonly paint: (text: string) => string;
}

function plots(view: RunView, c: Colours, columns: number): string[] {
  // From the summaries: what a guard looks at is evaluated too, and is not the headline.
  const heldOut = view.summaries.flatMap(({ evaluation }) =>
    evaluation ? [(evaluation.mean ?? evaluation.greedy).value] : [],
  );
  const labels = view.funnels.flatMap(({ funnel }) => (funnel.labelAccuracy ? [funnel.labelAccuracy.value] : []));
  const rows: Plot[] = [
    {
      title: 'Challenger reward',
      values: metricSeries(view, 'challenger', 'reward'),
      format: (v) => decimal(v, 3),
      paint: c.challenger,
    },
    {
      title: 'Solver reward',
      values: metricSeries(view, 'solver', 'reward'),
      format: (v) => decimal(v, 3),
      paint: c.solver,
    },
    { title: 'Held-out accuracy', values: heldOut, format: (v) => percent(v), paint: c.good },
    { title: 'Label accuracy', values: labels, format: (v) => percent(v), paint: c.warn },
  ];
  const width = Math.max(4, Math.min(60, columns - 44));
  return rows
    .filter((row) => row.values.length > 0)
    .map(({ title, values, format, paint }) => {
      const [first, last] = [values[0], values.at(-1)];
      const span =
        first === undefined || last === undefined
          ? NONE
          : values.length === 1
            ? format(first)
            : `${format(first)} → ${format(last)}`;
      return `${pad(title, 18)} ${paint(sparkline(values, width))}  ${span}`;
    });
}

function notices(view: RunView, c: Colours, pausing: boolean): string[] {
  const rows = view.alarms.slice(-3).map((alarm) => {
    const place = `${alarm.iteration}/${alarm.phase}${alarm.step === null ? '' : `/${alarm.step}`}`;
    return c.warn(`! ${place}  ${printable(alarm.message)}`);
  });
  if (view.alarms.length > 3) rows.unshift(c.faint(`! ${view.alarms.length - 3} earlier alarms`));
  if (view.lastLog !== null) rows.push(c.warn(printable(view.lastLog)));
  if (pausing && view.state === 'running')
    rows.push(c.strong('Pausing at the next safe point. Ctrl-C again stops at once.'));
  if (view.state === 'failed' && view.error) rows.push(c.bad(printable(`Failed: ${view.error.message}`)));
  if (view.state === 'paused') rows.push(c.strong(`Paused: ${printable(view.pauseReason ?? '')}`));
  return rows;
}

export function frame(view: RunView, options: FrameOptions): string[] {
  const c = colours(options.colour);
  const narrow = options.columns < 76;
  const figureRow = figures(view);
  const drawn = plots(view, c, options.columns);
  const rows = [
    ...header(view, c),
    '',
    loop(view, c, narrow),
    ...(view.state === 'finished' ? [] : [progressRow(view, c, options)]),
    ...(figureRow === '' ? [] : [figureRow]),
    ...(drawn.length > 0 ? ['', ...drawn] : []),
  ];
  const told = notices(view, c, options.pausing ?? false);
  return [...rows, ...(told.length > 0 ? ['', ...told] : [])].map((row) => clip(row, options.columns));
}
