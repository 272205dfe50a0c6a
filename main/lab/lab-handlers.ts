/** The lab behind the contract: what a window may do, in terms of the lab. */
import type { ApiHandlers } from './api-server.js';
import type { Lab } from './lab.js';
import { loadRecipe, shippedRecipes } from '../coevolution/recipe.js';
import { LabError } from '../lib/errors.js';

export function labHandlers(lab: Lab): ApiHandlers {
  return {
    calls: {
      'runs.list': () => lab.runs(),
      'runs.get': ({ run }) => lab.run(run),
      'runs.create': async ({ recipe, set, seed, name, backend }) => {
        // A page never names files of this machine.
        if (!shippedRecipes().includes(recipe)) throw new LabError('recipe', `There is no shipped recipe "${recipe}".`);
        const loaded = loadRecipe(recipe, { set, ...(seed !== null && { seed }) });
        const { id } = lab.createRun(loaded, { name: name ?? undefined });
        await lab.start(id, { backend });
        return lab.run(id);
      },
      'runs.resume': async ({ run, backend }) => {
        const { id } = lab.run(run);
        await lab.start(id, { backend });
        return lab.run(id);
      },
      'runs.pause': ({ run }) => {
        lab.pause(lab.run(run).id);
        return {};
      },
    },
    streams: {
      'runs.events': ({ run, after }, emit) => lab.subscribe(lab.run(run).id, emit, after),
    },
  };
}
