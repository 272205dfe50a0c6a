/** Works through a study in this process, shows what runs, and writes the table at the end. */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BackendChoice } from '../../preload/contract/runs.js';
import type { StudyInfo, StudyTable } from '../../preload/contract/studies.js';
import type { Lab } from '../lab/lab.js';
import type { StudyWish } from '../lab/studies/studies.js';
import { LabError } from '../lib/errors.js';
import { csvOf, markdownOf } from '../studies/documents.js';
import { FAMILIES } from '../studies/families.js';
import { openLab } from './open-lab.js';
import { RunsInTerminal } from './runs-in-terminal.js';
import { armsText, planText, studyText, summaryText } from './view/study-text.js';
import { table } from './view/text.js';

export interface StudyCommand {
  readonly wish: StudyWish;
  readonly only: 'plan' | 'status' | null;
  readonly backend: BackendChoice;
  readonly keepCheckpoints?: boolean;
  readonly out?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
}

const LOOK_MS = 300;
const say = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

export async function runStudy(command: StudyCommand): Promise<0 | 1> {
  const { wish, only, backend, keepCheckpoints = false, json = false } = command;
  const lab = openLab(command.dataDir);
  try {
    if (only !== null) {
      const planned = await lab.studies.plan({ ...wish, backend });
      const { study, near, forecast } = planned;
      if (only === 'plan') say(json ? [JSON.stringify({ ...study, near, forecast })] : planText(planned));
      else if (!json) say(armsText(study));
      if (only === 'status') write(planned, command);
      return 0;
    }
    const begun = await lab.studies.begin({ ...wish, backend, keepCheckpoints });
    if (!json) say([...armsText(begun), '']);
    const paused = await workThrough(lab, begun, json);
    const info = lab.studies.info(begun.id);
    if (paused && !json) say(['', `Paused. ${summaryText(info)} The same command goes on.`, '']);
    write(lab.studies.table(begun.id), command);
    return info.arms.some(({ state }) => state === 'failed' || state === 'blocked') ? 1 : 0;
  } finally {
    await lab.close();
  }
}

/** Until no arm is left, or a signal has paused the study; says whether it was paused. */
async function workThrough(lab: Lab, { id, title }: StudyInfo, quiet: boolean): Promise<boolean> {
  const terminal = quiet ? null : new RunsInTerminal(lab, () => undefined);
  terminal?.watch();
  const signals = listen(lab, id, () => terminal?.pausing());
  lab.queue.drive();
  lab.studies.drive();
  const told = new Set<string>();
  try {
    for (;;) {
      const info = lab.studies.info(id);
      for (const arm of info.arms)
        if (['running', 'finished', 'failed'].includes(arm.state) && !told.has(`${arm.arm} ${arm.seed} ${arm.state}`)) {
          told.add(`${arm.arm} ${arm.seed} ${arm.state}`);
          terminal?.say(`${title}: ${arm.title}, seed ${arm.seed}: ${arm.state}`);
        }
      const atWork = info.arms.some(({ run, state }) => state === 'running' || (run !== null && lab.holds(run)));
      if (!info.going && !atWork) return signals.asked();
      if (lab.working.length === 0 && !lab.queue.state.going) {
        // A run was paused in another window, or by an alarm: nothing goes on by itself.
        terminal?.say(info.reason ?? 'The queue of runs holds.');
        return true;
      }
      await sleep(LOOK_MS);
    }
  } finally {
    signals.leave();
    terminal?.close();
  }
}

/** The first signal pauses the study, a second Ctrl-C ends its engine at once. */
function listen(lab: Lab, id: string, pausing: () => void): { asked: () => boolean; leave: () => void } {
  let asked = false;
  const gentle = (): void => {
    if (asked) return;
    asked = true;
    pausing();
    try {
      lab.studies.pause(id);
    } catch {
      // The record is locked, or the run ends just now: the engines are told directly.
      void lab.settle();
    }
  };
  const interrupt = (): void => (asked ? lab.stopAll() : gentle());
  const listeners = [['SIGINT', interrupt] as const, ['SIGTERM', gentle] as const, ['SIGHUP', gentle] as const];
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return {
    asked: () => asked,
    leave: () => {
      for (const [signal, listener] of listeners) process.off(signal, listener);
    },
  };
}

function write(study: StudyTable, { json, out }: StudyCommand): void {
  if (out !== undefined) {
    const text = out.endsWith('.md') ? markdownOf(study) : out.endsWith('.csv') ? csvOf(study) : JSON.stringify(study);
    try {
      writeFileSync(out, text);
    } catch (cause) {
      throw new LabError('disk', `The table cannot be written to ${out}.`, {
        cause,
        remedy: 'The study is whole: give another --out with --status.',
      });
    }
  }
  if (json) say([JSON.stringify(study)]);
  else say(['', ...studyText(study), ...(out === undefined ? [] : [`Written to ${out}.`])]);
}

/** The families there are, and the studies of the record. */
export async function listStudies(dataDir: string | undefined, json: boolean): Promise<void> {
  const lab = openLab(dataDir);
  try {
    const studies = lab.studies.list();
    if (json) return say([JSON.stringify(studies)]);
    const left = (title: string): { title: string; align: 'left' } => ({ title, align: 'left' });
    const families = FAMILIES.map(({ name, asks }) => [name, asks]);
    say(table([left('study'), left('what it asks')], families));
    if (studies.length === 0) return;
    const rows = studies.map((s) => [
      s.id,
      s.recipe,
      s.seeds.join(', '),
      s.going ? 'going' : 'at rest',
      summaryText(s),
    ]);
    say(['', ...table(['begun', 'recipe', 'seeds', '', ''].map(left), rows)]);
  } finally {
    await lab.close();
  }
}
