/** `npm run check`: types, lint with the layer rules, format, dead code, unit tests. */
import { ROOT } from './setup/paths.mjs';
import { checkStages, finish, runStages, vitestStage } from './setup/stages.mjs';

const unit = vitestStage({ name: 'unit tests', root: ROOT, args: ['--project=unit'] });
finish(await runStages([...checkStages(ROOT), unit], { atOnce: 2 }));
