/** Models of the hub on their way into the list: looked at, fetched with speed and rest told, then added. */
import type { Fetching, HubPreview } from '../../../preload/contract/model-sources.js';
import { fetchModel, freeSpace, missingBytes } from '../../hub/fetch-model.js';
import { planModel, type ModelPlan } from '../../hub/plan-model.js';
import { pagePath } from '../../hub/repository.js';
import { PATIENCE, type Patience } from '../../hub/retry.js';
import { Speed } from '../../hub/speed.js';
import { hubSettings } from '../../hub/settings.js';
import { LabError } from '../../lib/errors.js';
import { aboutFolder } from './about.js';
import type { AddedModels } from './added-models.js';

export interface HubWish {
  readonly repository: string;
  readonly revision: string;
}

export interface HubWork {
  readonly signal?: AbortSignal | undefined;
  /** For tests. */
  readonly patience?: Patience;
  /** Looks at the folder before it is put on the list; throws where it cannot be used. */
  readonly check?: (folder: string) => Promise<unknown>;
  readonly tell?: (news: Exclude<Fetching, { kind: 'done' }>) => void;
}

export async function previewHubModel(
  wish: HubWish,
  work: HubWork = {},
): Promise<{ plan: ModelPlan; preview: HubPreview }> {
  const settings = hubSettings();
  const { repository: id, revision } = wish;
  // Whoever looks waits for it: a hub that cannot be reached is told soon.
  const patience = work.patience ?? { ...PATIENCE, tries: 3 };
  const plan = await planModel(settings, { kind: 'model', id, revision }, how({ ...work, patience }));
  const about = aboutFolder(plan.folder);
  if (about === null) {
    throw new LabError('model', `${id}: config.json does not tell the size of the model.`, {
      remedy: 'Take another repository or revision.',
    });
  }
  const { commit } = plan.repository;
  const files = plan.files.map(({ path, bytes, here }) => ({ path, bytes, here }));
  const preview = {
    ...{ repository: id, revision, commit, files },
    about: { ...about, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) },
    missing: missingBytes(plan.files),
    free: await freeSpace(settings.cache),
    cache: settings.cache,
    page: settings.endpoint + pagePath({ kind: 'model', id }),
  };
  return { plan, preview };
}

/** Fetches what a plan names and puts it on the list. */
export async function addHubModel(
  models: AddedModels,
  plan: ModelPlan,
  work: HubWork,
): Promise<ReturnType<AddedModels['addHub']>> {
  const speed = new Speed();
  const folder = await fetchModel(hubSettings(), plan, {
    ...how(work),
    onProgress: ({ done, total, fetched, file }) => {
      const bytesPerSecond = speed.at(fetched);
      const secondsLeft = bytesPerSecond ? Math.ceil((total - done) / bytesPerSecond) : null;
      work.tell?.({ kind: 'progress', file, done, total, bytesPerSecond, secondsLeft });
    },
  });
  await work.check?.(folder);
  const { id, revision, commit } = plan.repository;
  return models.addHub({ repository: id, revision, commit });
}

function how({ signal, tell, patience = PATIENCE }: HubWork) {
  return {
    patience,
    signal,
    onWait: (why: string, ms: number) => tell?.({ kind: 'waiting', why, seconds: Math.ceil(ms / 1000) }),
  };
}
