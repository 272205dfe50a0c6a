/** A model of the hub as it comes, for a page. */
import type { Fetching } from '../../../preload/contract/model-sources.js';
import type { Lab } from '../lab.js';
import { AddedModels } from '../models/added-models.js';
import { addHubModel, previewHubModel, type HubWish } from '../models/from-hub.js';
import { workStream } from './work-stream.js';

export function fetching(lab: Lab, wish: HubWish, signal: AbortSignal | undefined): AsyncGenerator<Fetching, void> {
  return workStream<Fetching>(async (tell, stopped) => {
    const check = (folder: string) => lab.task('describe', { model: folder }, { signal: stopped });
    const how = { signal: stopped, tell, check };
    const { plan } = await previewHubModel(wish, how);
    tell({ kind: 'done', model: await addHubModel(new AddedModels(lab.dataDir), plan, how) });
  }, signal);
}
