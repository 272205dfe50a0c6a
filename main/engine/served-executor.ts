/** Both roles here, with some of their sampling at servers: the executor of a recipe with `rollouts`. */
import { join } from 'node:path';
import type { EventBody } from '../../preload/contract/events.js';
import { ROLLOUT_WORK, type RolloutsRecipe } from '../../preload/contract/recipe-rollouts.js';
import type { Executor, Learner, Snapshot } from '../coevolution/executor.js';
import { LabError } from '../lib/errors.js';
import { Secret } from '../lib/secret.js';
import { requireAllowed } from '../rollouts/allowed.js';
import { RolloutServer } from '../rollouts/server.js';
import { Serving } from '../rollouts/serving.js';
import type { LocalExecutor } from './local-executor.js';
import { ServedPolicy } from './served-policy.js';

export interface ServedOptions {
  readonly recipe: RolloutsRecipe;
  readonly dataDir: string;
  readonly runId: string;
  /** Null: none. */
  readonly key: string | null;
  readonly emit: (event: EventBody) => void;
}

export class ServedExecutor implements Executor {
  readonly challenger: ServedPolicy;
  readonly solver: ServedPolicy;
  private readonly hosts: readonly string[];

  /** @throws LabError('usage') for a server that cannot be asked so, or a command that nobody has allowed */
  constructor(
    private readonly local: LocalExecutor,
    private readonly options: ServedOptions,
  ) {
    const { recipe, dataDir, runId, key, emit } = options;
    requireAllowed(dataDir, recipe);
    const servers = serversOf(recipe, key);
    this.hosts = servers.map(({ host }) => host);
    const parent = recipe.weights.folder ?? join(dataDir, 'rollouts');
    const say = (message: string, level: 'info' | 'warn'): void => emit({ type: 'log', level, message });
    const serving = new Serving({
      ...{ recipe, servers, say },
      folder: join(parent, runId),
      serverFolder: recipe.weights.server_folder
        ? `${recipe.weights.server_folder.replace(/[\\/]$/, '')}/${runId}`
        : join(parent, runId),
    });
    const by = { recipe, servers, serving, say };
    this.solver = new ServedPolicy(local.solver, by);
    this.challenger = local.challenger === local.solver ? this.solver : new ServedPolicy(local.challenger, by);
  }

  get learner(): Learner {
    return this.local.learner;
  }

  /** What the record says of it. */
  tell(): void {
    const { recipe, emit } = this.options;
    const work = ROLLOUT_WORK.filter((one) => recipe.work[one]).join(', ') || 'nothing';
    const message = `rollouts at ${this.hosts.join(', ')} (${work}): not bit-repeatable`;
    emit({ type: 'log', level: 'warn', message });
  }

  snapshot(): Snapshot {
    return this.local.snapshot();
  }

  restore(parts: ReadonlyMap<string, string>, state: unknown): Promise<void> {
    return this.local.restore(parts, state);
  }

  dispose(): void {
    this.local.dispose();
  }
}

/** @throws LabError('usage') */
export function serversOf(recipe: RolloutsRecipe, key: string | null): RolloutServer[] {
  const secret = key === null ? null : Secret.of(key, 'rollouts.key or RZERO_ROLLOUTS_KEY');
  const servers = recipe.servers.map(
    (address) =>
      new RolloutServer({
        ...{ address, key: secret, allowHttp: recipe.allow_http, attempts: recipe.attempts },
        timeoutMs: recipe.timeout_seconds * 1000,
      }),
  );
  const bases = servers.map(({ endpoint }) => endpoint.base);
  const twice = bases.find((base, i) => bases.indexOf(base) !== i);
  if (twice !== undefined) throw new LabError('usage', `rollouts.servers names ${twice} twice.`);
  return servers;
}
