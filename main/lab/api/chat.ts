/** The routes of models that are tried. */
import { implement } from '@orpc/server';
import { chatContract } from '../../../preload/contract/chat.js';
import type { ModelRef } from '../../../preload/contract/models.js';
import type { Lab } from '../lab.js';
import { AddedModels } from '../models/added-models.js';
import { placeOf } from './models.js';

export function chatRouter(lab: Lab) {
  const os = implement(chatContract);
  const added = new AddedModels(lab.dataDir);
  return os.router({
    ask: os.ask.handler(({ input: { model, backend, ...question }, signal }) =>
      lab.chats.ask(
        { input: { ...placeOf(lab, added, model), backend }, version: versionOf(lab, model) },
        question,
        signal,
      ),
    ),
    release: os.release.handler(() => ({ released: lab.chats.release() })),
  });
}

/** A run at work has other weights under the same name with every checkpoint. */
function versionOf(lab: Lab, model: ModelRef): string {
  if (model.kind !== 'run') return '';
  const wanted = lab.checkpoints(model.run).find(({ best }) => model.checkpoint === 'last' || best);
  return String(wanted?.checkpoint ?? 'none');
}
