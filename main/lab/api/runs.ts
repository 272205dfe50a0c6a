/** The routes of runs, in terms of the lab. */
import { implement } from '@orpc/server';
import { runsContract, type RunInfo } from '../../../preload/contract/runs.js';
import { LabError } from '../../lib/errors.js';
import type { Lab } from '../lab.js';
import { findCards } from '../machine/gpu.js';
import { BackendProbe } from '../preflight/backend-probe.js';
import { Foreteller } from '../preflight/foreteller.js';
import { preflight } from '../preflight/preflight.js';
import { createMany, duplicate } from './new-runs.js';
import { chosenRecipe } from './recipes.js';
import { runChanges, runEvents } from './streams.js';

export function runsRouter(lab: Lab) {
  const os = implement(runsContract);
  const probe = new BackendProbe(lab);
  const foreteller = new Foreteller(lab);
  /** Only a whole id: a page that removes a run must not hit the one whose name begins alike. */
  const exact = (id: string): RunInfo => {
    const info = lab.run(id);
    if (info.id !== id) throw new LabError('not-found', `There is no run with the id "${id}".`);
    return info;
  };
  return os.router({
    list: os.list.handler(() => lab.runs()),
    get: os.get.handler(({ input }) => exact(input.run)),
    create: os.create.handler(async ({ input }) => {
      const recipe = chosenRecipe(input);
      const { id } = lab.createRun(recipe, { name: input.name ?? undefined, later: !input.start });
      if (input.start) await lab.start(id, { backend: input.backend });
      return lab.run(id);
    }),
    createMany: os.createMany.handler(({ input }) => createMany(lab, input)),
    duplicate: os.duplicate.handler(({ input }) => duplicate(lab, exact(input.run).id, input)),
    recipes: os.recipes.handler(({ input: { runs } }) =>
      runs.map((run) => ({ run, recipe: lab.recipeOf(exact(run).id) })),
    ),
    preflight: os.preflight.handler(({ input: { backend, runs, measure, ...choice }, signal }) =>
      preflight(
        lab,
        { probe, foreteller, cards: findCards },
        { recipe: chosenRecipe(choice), backend, runs, measure, signal },
      ),
    ),
    archive: os.archive.handler(({ input }) => lab.annotate(exact(input.run).id, { archived: true })),
    unarchive: os.unarchive.handler(({ input }) => lab.annotate(exact(input.run).id, { archived: false })),
    resume: os.resume.handler(async ({ input }) => {
      const { id } = exact(input.run);
      await lab.start(id, { backend: input.backend });
      return lab.run(id);
    }),
    pause: os.pause.handler(({ input }) => {
      lab.pause(exact(input.run).id, input.at);
      return {};
    }),
    carryOn: os.carryOn.handler(({ input }) => {
      lab.carryOn(exact(input.run).id);
      return {};
    }),
    useReviews: os.useReviews.handler(({ input }) => lab.useReviews(exact(input.run).id, input.use)),
    checkpoints: os.checkpoints.handler(({ input }) => lab.checkpoints(exact(input.run).id)),
    stop: os.stop.handler(({ input }) => {
      const { id, name } = exact(input.run);
      if (lab.stop(id)) return {};
      throw new LabError('usage', `Run ${name} has no engine in this process.`, {
        remedy: 'Where another process works on it, pause it.',
      });
    }),
    fork: os.fork.handler(({ input: { run, checkpoint, name, seed, set } }) =>
      lab.fork(exact(run).id, { checkpoint, name: name ?? undefined, seed: seed ?? undefined, set }),
    ),
    rename: os.rename.handler(({ input }) => lab.annotate(exact(input.run).id, { name: input.name })),
    annotate: os.annotate.handler(({ input: { run, notes, tags } }) => lab.annotate(exact(run).id, { notes, tags })),
    remove: os.remove.handler(async ({ input }) => {
      await lab.remove(exact(input.run).id);
      return {};
    }),
    events: os.events.handler(({ input, lastEventId, signal }) =>
      runEvents(
        lab,
        { run: exact(input.run).id, after: sequenceOf(lastEventId) ?? input.after, brief: input.brief },
        signal,
      ),
    ),
    changes: os.changes.handler(({ signal }) => runChanges(lab, signal)),
  });
}

function sequenceOf(eventId: string | undefined): number | null {
  if (eventId === undefined) return null;
  const sequence = Number(eventId);
  if (!/^\d+$/.test(eventId) || !Number.isSafeInteger(sequence)) {
    throw new LabError('usage', `runs.events: "${eventId}" is not the id of an event.`);
  }
  return sequence;
}
