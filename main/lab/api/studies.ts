/** The routes of studies. Tables are made in the reading thread: a bootstrap over many questions keeps nobody waiting. */
import { setTimeout as sleep } from 'node:timers/promises';
import { implement } from '@orpc/server';
import { studiesContract, type StudyFamilyInfo, type StudyInfo } from '../../../preload/contract/studies.js';
import { loadRecipe } from '../../coevolution/recipe.js';
import { csvOf, markdownOf } from '../../studies/documents.js';
import { FAMILIES } from '../../studies/families.js';
import type { Lab } from '../lab.js';
import { chosenRecipe } from './recipes.js';

const LOOK_MS = 1500;

export function studiesRouter(lab: Lab) {
  const os = implement(studiesContract);
  const { studies } = lab;
  return os.router({
    families: os.families.handler(() => families()),
    list: os.list.handler(() => lab.ask('studies.list', {})),
    table: os.table.handler(({ input }) => lab.ask('studies.table', input)),
    document: os.document.handler(async ({ input: { study, format } }) => {
      const table = await lab.ask('studies.table', { study });
      const [ending, text] = format === 'csv' ? ['csv', csvOf(table)] : ['md', markdownOf(table)];
      return { name: `${study}.${ending}`, text };
    }),
    plan: os.plan.handler(async ({ input: { family, seeds, ...choice } }) => {
      const { study } = await studies.plan({ family, recipe: chosenRecipe(choice), seeds });
      return study;
    }),
    begin: os.begin.handler(({ input: { family, seeds, backend, keepCheckpoints, ...choice } }) =>
      studies.begin({ family, recipe: chosenRecipe(choice), seeds, backend, keepCheckpoints }),
    ),
    goOn: os.goOn.handler(({ input }) => studies.goOn(input.study)),
    pause: os.pause.handler(({ input }) => studies.pause(input.study)),
    remove: os.remove.handler(({ input }) => {
      studies.remove(input.study);
      return {};
    }),
    changes: os.changes.handler(({ signal }) => changes(lab, signal)),
  });
}

function families(): StudyFamilyInfo[] {
  const recipe = loadRecipe('nano');
  return FAMILIES.map(({ name, title, asks, equal, design }) => ({
    ...{ name, title, asks, equal },
    arms: design(recipe).arms.map((arm) => ({ arm: arm.name, title: arm.title, what: arm.what, set: [...arm.set] })),
  }));
}

/** At once, then whenever something of them is another; only while somebody listens. */
async function* changes(lab: Lab, signal: AbortSignal | undefined): AsyncGenerator<StudyInfo[], void> {
  let told = '';
  while (!signal?.aborted) {
    const now = await lab.ask('studies.list', {});
    const text = JSON.stringify(now);
    if (text !== told) yield now;
    told = text;
    await sleep(LOOK_MS, undefined, { ...(signal && { signal }), ref: false }).catch(() => undefined);
  }
}
