/** The routes of oracles: what they say is asked of the record; judges are the lab's. */
import { implement } from '@orpc/server';
import { oraclesContract, type JudgeJobState } from '../../../preload/contract/oracles.js';
import type { Lab } from '../lab.js';
import { Bell } from './bell.js';

/** A page is told so often at the most. */
const REST_MS = 200;

export function oraclesRouter(lab: Lab) {
  const os = implement(oraclesContract);
  const { judging } = lab;
  return os.router({
    overview: os.overview.handler(({ input }) => lab.ask('oracles.overview', input)),
    verdicts: os.verdicts.handler(({ input }) => lab.ask('oracles.verdicts', input)),
    plan: os.plan.handler(({ input }) => judging.plan({ ...input, run: lab.run(input.run).id })),
    start: os.start.handler(async ({ input }) => {
      await judging.start({ ...input, run: lab.run(input.run).id });
      return {};
    }),
    pause: os.pause.handler(({ input }) => {
      judging.pause(input.run);
      return {};
    }),
    resume: os.resume.handler(async ({ input }) => {
      await judging.resume(input.run);
      return {};
    }),
    dismiss: os.dismiss.handler(({ input }) => {
      judging.dismiss(input.run);
      return {};
    }),
    job: os.job.handler(({ input, signal }) => jobs(lab, input.run, signal)),
    keys: os.keys.handler(() => judging.keyPlaces()),
    hasKey: os.hasKey.handler(async ({ input }) => ({ present: await judging.hasKey(input.source) })),
    putKey: os.putKey.handler(async ({ input }) => {
      await judging.putKey(input.name, input.secret);
      return {};
    }),
    removeKey: os.removeKey.handler(async ({ input }) => ({ removed: await judging.removeKey(input.name) })),
  });
}

/** The newest state only: what a page has missed in between is in it. */
async function* jobs(
  lab: Lab,
  run: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ job: JudgeJobState | null }, void> {
  const bell = new Bell(signal);
  const leave = lab.judging.onChange((changed) => {
    if (changed === run) bell.ring();
  });
  try {
    yield { job: lab.judging.stateOf(run) };
    while (await bell.heard()) {
      yield { job: lab.judging.stateOf(run) };
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
  } finally {
    leave();
  }
}
