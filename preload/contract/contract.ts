/**
 * What a window (or a page in a browser) may ask of the lab: one file per domain, one line here. The serving end
 * (main/lab/api/router.ts) does not compile while a route has no handler.
 */
import type { ContractRouterClient } from '@orpc/contract';
import { chatContract } from './chat.js';
import { curriculumContract } from './curriculum.js';
import { domainsContract } from './domains.js';
import { evaluationsContract } from './evaluations.js';
import { metricsContract } from './metrics.js';
import { queueContract } from './queue.js';
import { modelsContract } from './models.js';
import { oraclesContract } from './oracles.js';
import { promptsContract } from './prompts.js';
import { questionsContract } from './questions.js';
import { recipesContract } from './recipes.js';
import { reviewsContract } from './reviews.js';
import { runsContract } from './runs.js';
import { settingsContract } from './settings.js';
import { studiesContract } from './studies.js';
import { systemContract } from './system.js';

export const contract = {
  runs: runsContract,
  recipes: recipesContract,
  system: systemContract,
  questions: questionsContract,
  metrics: metricsContract,
  curriculum: curriculumContract,
  evaluations: evaluationsContract,
  reviews: reviewsContract,
  queue: queueContract,
  settings: settingsContract,
  models: modelsContract,
  chat: chatContract,
  prompts: promptsContract,
  studies: studiesContract,
  domains: domainsContract,
  oracles: oraclesContract,
};

/** The lab as a page calls it: `api.runs.list({})`. */
export type LabApi = ContractRouterClient<typeof contract>;
