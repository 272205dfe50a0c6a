/**
 * Whether a recipe's rollout servers can be used, before there is a run: reached, serving the model, with a key that there is,
 * and with a command that somebody allowed. What weights they serve is looked at by the run. A form asks at every change of
 * any key: what was found is remembered for a few seconds.
 */
import type { Recipe } from '../../../preload/contract/recipe.js';
import type { RolloutsRecipe } from '../../../preload/contract/recipe-rollouts.js';
import { describeError } from '../../lib/errors.js';
import { Secret } from '../../lib/secret.js';
import { requireAllowed } from '../../rollouts/allowed.js';
import { RolloutServer } from '../../rollouts/server.js';
import type { Lab } from '../lab.js';

const PATIENCE_MS = 3000;
const REMEMBERED_MS = 5000;

interface Faults {
  readonly blockers: readonly string[];
  readonly warnings: readonly string[];
}

const NONE: Faults = { blockers: [], warnings: [] };
let last: { readonly key: string; readonly until: number; readonly faults: Promise<Faults> } | null = null;

export function rolloutFaults(
  lab: Pick<Lab, 'dataDir' | 'rolloutsKey'>,
  { rollouts }: Pick<Recipe, 'rollouts'>,
): Promise<Faults> {
  if (rollouts === null) return Promise.resolve(NONE);
  const key = JSON.stringify([lab.dataDir, rollouts]);
  const now = performance.now();
  if (last?.key !== key || last.until < now)
    last = { key, until: now + REMEMBERED_MS, faults: faultsOf(lab, rollouts) };
  return last.faults;
}

async function faultsOf(lab: Pick<Lab, 'dataDir' | 'rolloutsKey'>, rollouts: RolloutsRecipe): Promise<Faults> {
  try {
    requireAllowed(lab.dataDir, rollouts);
    const key = await lab.rolloutsKey(rollouts);
    const secret = key === null ? null : Secret.of(key, 'rollouts.key or RZERO_ROLLOUTS_KEY');
    const servers = rollouts.servers.map(
      (address) =>
        new RolloutServer({
          address,
          key: secret,
          allowHttp: rollouts.allow_http,
          timeoutMs: PATIENCE_MS,
          attempts: 1,
        }),
    );
    const faults = (await Promise.all(servers.map((server) => faultOf(server, rollouts)))).filter(
      (one) => one !== null,
    );
    const hosts = servers.map(({ host }) => host).join(', ');
    const warning = `What is sampled at ${hosts} is not repeatable bit for bit: the same seed gives another run.`;
    if (rollouts.fallback === 'local')
      return {
        blockers: [],
        warnings: [warning, ...faults.map((fault) => `${fault} Until it works, all is sampled here.`)],
      };
    return { blockers: faults, warnings: [warning] };
  } catch (error) {
    return { blockers: [describeError(error)], warnings: [] };
  }
}

async function faultOf(server: RolloutServer, { model }: RolloutsRecipe): Promise<string | null> {
  try {
    const models = await server.models(AbortSignal.timeout(2 * PATIENCE_MS));
    if (models.some(({ id }) => id === model)) return null;
    const served = models.map(({ id }) => id).join(', ') || 'nothing';
    return `The rollout server ${server.host} serves ${served}, not "${model}". Set rollouts.model to what it serves.`;
  } catch (error) {
    return describeError(error);
  }
}
