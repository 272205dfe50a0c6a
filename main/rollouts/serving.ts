/**
 * Keeps the servers at the weights that are to be sampled from: exports them, tells the servers, and believes none of them
 * before its fingerprint is that of the weights here. A server that is right already (a run that goes on) is left as it is.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RolloutsRecipe } from '../../preload/contract/recipe-rollouts.js';
import { SYSTEM_CLOCK, type Clock } from '../endpoints/pace.js';
import { compare, type Comparison, type Print } from './fingerprint.js';
import { readScores, scoreBody } from './completions.js';
import { Prints } from './prints.js';
import { forgetPrefixes, reload, type Delivery } from './reload.js';
import type { RolloutServer } from './server.js';
import { RolloutsUnavailable } from './unavailable.js';

/** Weights of a role as serving needs them. */
export interface ServedWeights {
  /** Names them within the run: `solver-12`. */
  readonly version: string;
  /** Writes them as a Hugging Face folder, whole or not at all. */
  export(folder: string): Promise<void>;
  /** Log-probability of each token but the first of each sequence, (T − 1) each. */
  score(sequences: readonly (readonly number[])[]): Promise<Float32Array[]>;
  /** Texts of the run to be compared by, as token ids. */
  probes(): Promise<number[][]>;
}

export interface ServingOptions {
  readonly recipe: RolloutsRecipe;
  readonly servers: readonly RolloutServer[];
  /** Of this run alone. */
  readonly folder: string;
  /** The same as the servers name it. */
  readonly serverFolder: string;
  /** What people should know. */
  readonly say: (message: string, level: 'info' | 'warn') => void;
  readonly clock?: Clock;
}

const POLL_MS = 1000;

export class Serving {
  private readonly prints: Prints;
  private served: string | null = null;
  private exporting: { readonly version: string; readonly done: Promise<void> } | null = null;
  private saidUntold = false;
  /** Tokens of prompt and completion that all servers take; null: they do not tell. */
  maxLength: number | null = null;

  constructor(private readonly options: ServingOptions) {
    this.prints = new Prints(options.folder);
  }

  /** @throws RolloutsUnavailable, or the signal's reason */
  async ensure(weights: ServedWeights, signal: AbortSignal): Promise<void> {
    if (this.served === weights.version) return;
    this.served = null;
    const { servers } = this.options;
    await Promise.all(servers.map((server) => this.requireModel(server, signal)));
    const probes = await this.prints.probes(() => weights.probes());
    const wanted = (await weights.score(probes)).flatMap((scores) => [...scores]);
    await Promise.all(servers.map((server) => this.bring(server, { weights, probes, wanted, signal })));
    await this.prints.remember({ version: weights.version, values: wanted });
    this.served = weights.version;
  }

  private async requireModel(server: RolloutServer, signal: AbortSignal): Promise<void> {
    const { model } = this.options.recipe;
    const models = await server.models(signal);
    const found = models.find(({ id }) => id === model);
    if (!found)
      throw new RolloutsUnavailable(
        `The rollout server ${server.host} serves ${models.map(({ id }) => id).join(', ') || 'nothing'}, not "${model}".`,
        'Set rollouts.model to what it serves, or start it with --served-model-name; then go on with rzero resume.',
      );
    if (found.maxLength !== null) this.maxLength = Math.min(this.maxLength ?? found.maxLength, found.maxLength);
  }

  private async bring(
    server: RolloutServer,
    {
      weights,
      probes,
      wanted,
      signal,
    }: {
      weights: ServedWeights;
      probes: readonly (readonly number[])[];
      wanted: Print;
      signal: AbortSignal;
    },
  ): Promise<void> {
    const { recipe } = this.options;
    const look = async (): Promise<Comparison> =>
      this.compared(await scoresAt(server, { model: recipe.model, probes, signal }), wanted);
    if ((await look()).kind === 'same') {
      if (recipe.weights.reload === 'vllm')
        await server.try({ message: server.beside('/reset_prefix_cache'), read: () => true, signal });
      return;
    }
    const delivery = await this.deliver(weights);
    const until = (this.options.clock ?? SYSTEM_CLOCK).now() + recipe.weights.timeout_seconds * 1000;
    await reload(server, delivery, { weights: recipe.weights, signal });
    const patient = recipe.weights.reload !== 'vllm';
    const found = await this.settled(server, look, { until, patient, signal });
    if (found.kind !== 'same') throw this.wrong(server, found, delivery);
    if (patient) await forgetPrefixes(server, signal).catch(() => signal.throwIfAborted());
    this.sayUntold(found, weights.version);
  }

  /** Once; or, where weights take their time, until they are there. */
  private async settled(
    server: RolloutServer,
    look: () => Promise<Comparison>,
    { until, patient, signal }: { until: number; patient: boolean; signal: AbortSignal },
  ): Promise<Comparison> {
    const clock = this.options.clock ?? SYSTEM_CLOCK;
    for (;;) {
      const late = !patient || clock.now() >= until;
      try {
        // A server that starts anew cannot be reached at first.
        if (!late) await server.models(signal, 1);
        const found = await look();
        if (found.kind === 'same' || late) return found;
      } catch (error) {
        signal.throwIfAborted();
        if (late) throw error;
      }
      await clock.wait(POLL_MS, signal);
    }
  }

  private compared(served: Print, wanted: Print): Comparison {
    return compare(served, { wanted, before: this.prints.before, tolerance: this.options.recipe.check.tolerance });
  }

  /** Exported once, whoever is to have it. */
  private async deliver(weights: ServedWeights): Promise<Delivery> {
    const { folder, serverFolder, recipe } = this.options;
    if (this.exporting?.version !== weights.version) {
      // What a killed process left under this name may be other weights.
      const done = weights.export(join(folder, weights.version)).then(() => prune(folder, recipe.weights.keep));
      this.exporting = { version: weights.version, done };
    }
    await this.exporting.done;
    const slash = serverFolder.includes('\\') && !serverFolder.includes('/') ? '\\' : '/';
    return { folder: `${serverFolder}${slash}${weights.version}`, version: weights.version };
  }

  private wrong(server: RolloutServer, found: Comparison, { folder, version }: Delivery): RolloutsUnavailable {
    const { tolerance } = this.options.recipe.check;
    if (found.kind === 'stale')
      return new RolloutsUnavailable(
        `The rollout server ${server.host} still serves the weights ${found.version}, not ${version}.`,
        `Have it load ${folder}; then go on with rzero resume.`,
      );
    const by =
      found.kind === 'other'
        ? `${found.largest.toPrecision(3)} nats at most, ${found.mean.toPrecision(3)} in the mean`
        : '';
    return new RolloutsUnavailable(
      `The rollout server ${server.host} does not serve the weights ${version}: its log-probabilities differ by ${by} (${tolerance} is allowed).`,
      `Look whether it has loaded ${folder}, and with which --dtype: a server in bfloat16 needs rollouts.check.tolerance of about 0.3. Then go on with rzero resume.`,
    );
  }

  private sayUntold(found: Comparison, version: string): void {
    if (found.kind !== 'same' || found.told || this.saidUntold) return;
    this.saidUntold = true;
    this.options.say(
      `The rollout servers' rounding is larger than the difference between ${version} and the weights before: their fingerprint cannot tell stale weights.`,
      'warn',
    );
  }
}

async function prune(folder: string, keep: number): Promise<void> {
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const dated = await Promise.all(
    names.map(async ({ name }) => ({ name, time: (await stat(join(folder, name)).catch(() => null))?.mtimeMs ?? 0 })),
  );
  dated.sort((a, b) => b.time - a.time);
  for (const { name } of dated.slice(keep)) await rm(join(folder, name), { recursive: true, force: true });
}

/**
 * The log-probabilities that a server gives to texts, one after the other; it is not changed by that.
 * @throws RolloutsUnavailable, or the signal's reason
 */
export async function scoresAt(
  server: RolloutServer,
  { model, probes, signal }: { model: string; probes: readonly (readonly number[])[]; signal: AbortSignal },
): Promise<number[]> {
  const scores: number[] = [];
  for (const probe of probes) {
    const message = server.completions(scoreBody(model, probe));
    scores.push(...(await server.ask({ message, read: (value) => readScores(value, probe), signal })));
  }
  return scores;
}
