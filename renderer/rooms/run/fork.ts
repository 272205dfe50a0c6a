/** What the fork dialog says of a checkpoint, and what it makes of what is typed. Pure. */
import { PHASE_TITLES } from '../../../preload/contract/run-state.js';
import type { Checkpoint } from '../../../preload/contract/steering.js';
import { clockText } from '../../charts/numbers.js';

export function checkpointWords(point: Checkpoint): { readonly place: string; readonly about: string } {
  const { iteration, phase, step, time, bytes, latest, best, endsIteration } = point;
  const place = endsIteration
    ? iteration <= 0
      ? `${PHASE_TITLES.baseline}${iteration < 0 ? ' before fine-tuning' : ''}, measured`
      : `End of iteration ${iteration}`
    : `${iteration > 0 ? `Iteration ${iteration}, ` : ''}${PHASE_TITLES[phase]}, ${step} ${step === 1 ? 'unit' : 'units'} done`;
  const about = [
    latest ? 'newest' : null,
    best ? 'best on the guard benchmark' : null,
    time === null ? null : clockText(time),
    `${(bytes / 1e6).toFixed(1)} MB`,
  ];
  return { place, about: about.filter((part) => part !== null).join(' · ') };
}

/** Letters the lab takes of one change. */
const LINE = 1000;

/** One a line; empty lines do not count. */
export function assignments(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** What the lab would refuse without being able to name the line; null where each is an assignment. */
export function assignmentFault(text: string): string | null {
  const fault = assignments(text).find((line) => line.indexOf('=') <= 0 || line.length > LINE);
  if (fault === undefined) return null;
  const shown = fault.length > 40 ? `${fault.slice(0, 40)} …` : fault;
  return fault.length > LINE
    ? `“${shown}” is longer than ${LINE} letters: make a new run from a recipe instead.`
    : `“${shown}” is no key.path=value.`;
}

/** Null where nothing is typed, undefined where it is no seed. */
export function seedOf(text: string): number | null | undefined {
  const typed = text.trim();
  if (typed === '') return null;
  const seed = Number(typed);
  return /^\d+$/.test(typed) && Number.isSafeInteger(seed) ? seed : undefined;
}
