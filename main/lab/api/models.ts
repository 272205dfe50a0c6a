/** The routes of models: references become places of this machine here, and nowhere else. */
import { join } from 'node:path';
import { implement } from '@orpc/server';
import {
  modelsContract,
  type Evaluating,
  type ModelAsk,
  type ModelRef,
  type Writing,
} from '../../../preload/contract/models.js';
import type { TaskInput } from '../../../preload/contract/tasks.js';
import { benchmarksHere } from '../../benchmarks/find.js';
import { shippedRecipes } from '../../coevolution/recipe.js';
import { LabError } from '../../lib/errors.js';
import { baseOfRun } from '../../store/run-origin.js';
import { findRun } from '../../store/runs.js';
import type { Lab } from '../lab.js';
import { modelCard } from '../models/model-card.js';
import { AddedModels } from '../models/added-models.js';
import { previewHubModel } from '../models/from-hub.js';
import { inspectModel } from '../models/inspect.js';
import { shippedModels } from '../models/listed.js';
import { chosenRecipe } from './recipes.js';
import { fetching } from './fetch-stream.js';
import { taskStream } from './task-stream.js';

export type Place = Pick<TaskInput<'generate'>, 'model' | 'checkpoint' | 'role'>;

export function modelsRouter(lab: Lab) {
  const os = implement(modelsContract);
  const added = new AddedModels(lab.dataDir);
  const at = (model: ModelRef): Place => placeOf(lab, added, model);
  return os.router({
    list: os.list.handler(async () => ({
      shipped: shippedModels(),
      folders: added.folders(),
      hub: added.hub(),
      runs: await lab.ask('models.runs', {}),
      benchmarks: benchmarksHere(),
      recipes: shippedRecipes(),
    })),
    describe: os.describe.handler(({ input, signal }) => {
      const { model } = input;
      // A run keeps the shape of the model it began with.
      const base = model.kind === 'run' ? lab.write((db) => baseOfRun(db, findRun(db, model.run))) : at(model).model;
      return lab.task('describe', { model: base }, { signal });
    }),
    add: os.add.handler(async ({ input, signal }) => {
      const folder = AddedModels.place(input.folder);
      await lab.task('describe', { model: folder }, { signal });
      return added.addFolder(folder);
    }),
    preview: os.preview.handler(async ({ input, signal }) => (await previewHubModel(input, { signal })).preview),
    fetch: os.fetch.handler(({ input, signal }) => fetching(lab, input, signal)),
    inspect: os.inspect.handler(({ input: { model }, signal }) => {
      const base = model.kind === 'run' ? lab.write((db) => baseOfRun(db, findRun(db, model.run))) : at(model).model;
      return inspectModel(lab, base, { signal });
    }),
    remove: os.remove.handler(({ input }) => ({ freed: added.remove(input.id, input.deleteFiles) })),
    write: os.write.handler(({ input: { model, ask, ...how }, signal }) =>
      writing(lab, { ...at(model), ...how, ask: withRecipe(ask) }, signal),
    ),
    evaluate: os.evaluate.handler(({ input: { model, benchmark, recipe, ...how }, signal }) =>
      evaluating(
        lab,
        {
          ...{ ...at(model), ...how, benchmarks: [benchmarkOf(lab, model, benchmark)], out: null },
          recipe: recipe && chosenRecipe({ recipe, set: [], seed: null }),
        },
        signal,
      ),
    ),
    save: os.save.handler(({ input: { model, name, as }, signal }) => {
      const folder = join(lab.dataDir, 'exports', name);
      return lab.task('save', { ...at(model), folder, as, card: modelCard(lab, { model, name, as }) }, { signal });
    }),
  });
}

export function placeOf(lab: Lab, added: AddedModels, model: ModelRef): Place {
  switch (model.kind) {
    case 'shipped':
      if (!shippedModels().includes(model.name)) {
        throw new LabError('not-found', `There is no model "${model.name}" among those that ship.`, {
          remedy: `There are: ${shippedModels().join(', ')}.`,
        });
      }
      return { model: `builtin:${model.name}`, checkpoint: 'last', role: 'solver' };
    case 'folder':
    case 'hub':
      return { model: added.find(model.id).folder, checkpoint: 'last', role: 'solver' };
    case 'run':
      return { model: exact(lab, model.run), checkpoint: model.checkpoint, role: model.role };
  }
}

function exact(lab: Lab, id: string): string {
  const info = lab.run(id);
  if (info.id === id) return id;
  throw new LabError('not-found', `There is no run with the id "${id}".`);
}

/** A file may be a benchmark only where the recipe of a run names it. */
function benchmarkOf(lab: Lab, model: ModelRef, name: string | null): string {
  if (name !== null) {
    const here = benchmarksHere();
    if (here.includes(name)) return name;
    throw new LabError('not-found', `There is no benchmark "${name}" on the lab's machine.`, {
      remedy: `There are: ${here.join(', ')}.`,
    });
  }
  if (model.kind === 'run') return lab.write((db) => findRun(db, model.run).recipe.evaluation.benchmark);
  throw new LabError('usage', 'Only a run has a benchmark of its own.', { remedy: 'Name a benchmark.' });
}

function withRecipe(ask: ModelAsk): TaskInput<'generate'>['ask'] {
  if (ask.kind === 'text') return ask;
  const recipe = ask.recipe && chosenRecipe({ recipe: ask.recipe, set: [], seed: null });
  return { ...ask, recipe };
}

async function* writing(
  lab: Lab,
  input: Omit<TaskInput<'generate'>, 'dataDir'>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Writing, void> {
  for await (const news of taskStream(lab, { name: 'generate', input }, signal)) {
    if (news.kind === 'partial') yield { kind: 'partial', samples: news.partial };
    else if (news.kind === 'done') yield news;
  }
}

async function* evaluating(
  lab: Lab,
  input: Omit<TaskInput<'evaluate'>, 'dataDir'>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Evaluating, void> {
  for await (const news of taskStream(lab, { name: 'evaluate', input }, signal)) {
    if (news.kind === 'progress' || news.kind === 'done') yield news;
  }
}
