/**
 * The whole contract, served: one line per domain. A domain or route of the contract without a handler does not compile.
 */
import { implement } from '@orpc/server';
import { contract } from '../../../preload/contract/contract.js';
import type { SystemInfo } from '../../../preload/contract/system.js';
import type { Lab } from '../lab.js';
import { chatRouter } from './chat.js';
import { curriculumRouter } from './curriculum.js';
import { domainsRouter } from './domains.js';
import { evaluationsRouter } from './evaluations.js';
import { handlerOf, type ContractHandler } from './handler.js';
import { metricsRouter } from './metrics.js';
import { queueRouter } from './queue.js';
import { modelsRouter } from './models.js';
import { oraclesRouter } from './oracles.js';
import { promptsRouter } from './prompts.js';
import { questionsRouter } from './questions.js';
import { recipesRouter } from './recipes.js';
import { reviewsRouter } from './reviews.js';
import { runsRouter } from './runs.js';
import { settingsRouter } from './settings.js';
import { studiesRouter } from './studies.js';
import { systemRouter } from './system.js';

/** @param shell who serves the page, which tells people where the lab runs */
export function contractHandler(lab: Lab, shell: SystemInfo['shell']): ContractHandler {
  // Whoever shows the lab to people also works through its queue.
  lab.queue.drive();
  lab.studies.drive();
  return handlerOf(
    implement(contract).router({
      runs: runsRouter(lab),
      recipes: recipesRouter(),
      system: systemRouter(lab, shell),
      questions: questionsRouter(lab),
      metrics: metricsRouter(lab),
      curriculum: curriculumRouter(lab),
      evaluations: evaluationsRouter(lab),
      reviews: reviewsRouter(lab),
      queue: queueRouter(lab),
      settings: settingsRouter(lab),
      models: modelsRouter(lab),
      chat: chatRouter(lab),
      prompts: promptsRouter(),
      studies: studiesRouter(lab),
      domains: domainsRouter(),
      oracles: oraclesRouter(lab),
    }),
  );
}
