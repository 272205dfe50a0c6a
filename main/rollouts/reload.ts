/**
 * How a server gets new weights. vLLM (0.16, seen on its server): `POST /collective_rpc` with `reload_weights` and a folder,
 * there with VLLM_SERVER_DEV_MODE=1; then `POST /reset_prefix_cache`, without which answers would mix keys and values of the
 * old weights in, unseen by a check. It ends itself where the folder cannot be read. Else a program of the user's, without a shell.
 */
import { spawn } from 'node:child_process';
import type { RolloutsRecipe } from '../../preload/contract/recipe-rollouts.js';
import type { Failure } from '../endpoints/failure.js';
import { isFailed, type RolloutServer } from './server.js';
import { RolloutsUnavailable } from './unavailable.js';

export interface Delivery {
  /** As the server names it. */
  readonly folder: string;
  readonly version: string;
}

/** Variables of the environment that hold keys: not for programs that a recipe names. */
const KEYS = /^RZERO_.*KEY$/;

/** @throws RolloutsUnavailable, or the signal's reason */
export async function reload(
  server: RolloutServer,
  delivery: Delivery,
  { weights, signal }: { readonly weights: RolloutsRecipe['weights']; readonly signal: AbortSignal },
): Promise<void> {
  if (weights.reload === 'vllm') await reloadVllm(server, delivery, signal);
  if (weights.reload === 'command') await runCommand(server, delivery, { weights, signal });
}

async function reloadVllm(server: RolloutServer, { folder }: Delivery, signal: AbortSignal): Promise<void> {
  const message = server.beside('/collective_rpc', { method: 'reload_weights', kwargs: { weights_path: folder } });
  const reply = await server.try({ message, read: () => true, signal });
  if (isFailed(reply)) throw refused(server, reply, folder);
  await forgetPrefixes(server, signal);
}

function refused(server: RolloutServer, failure: Failure, folder: string): RolloutsUnavailable {
  if (failure.kind === 'not-found')
    return new RolloutsUnavailable(
      `The rollout server ${server.host} offers no reload of weights.`,
      'Start vLLM with VLLM_SERVER_DEV_MODE=1, or set rollouts.weights.reload to command; then go on with rzero resume.',
    );
  return new RolloutsUnavailable(
    `The rollout server ${server.host} could not reload the weights from ${folder}: ${failure.message}.`,
    'Look whether it sees that folder (rollouts.weights.server_folder); vLLM ends when it does not: start it again, then go on with rzero resume.',
  );
}

/** @throws RolloutsUnavailable, or the signal's reason */
export async function forgetPrefixes(server: RolloutServer, signal: AbortSignal): Promise<void> {
  await server.ask({ message: server.beside('/reset_prefix_cache'), read: () => true, signal });
}

/** @throws RolloutsUnavailable with what it said last, or the signal's reason */
function runCommand(
  server: RolloutServer,
  { folder, version }: Delivery,
  { weights, signal }: { readonly weights: RolloutsRecipe['weights']; readonly signal: AbortSignal },
): Promise<void> {
  const values: Readonly<Record<string, string>> = { folder, version, server: server.endpoint.base };
  const [program, ...args] = weights.command.map((part) =>
    part.replace(/\{(folder|version|server)\}/g, (whole, name: string) => values[name] ?? whole),
  ) as [string, ...string[]];
  const failed = (why: string): RolloutsUnavailable =>
    new RolloutsUnavailable(
      `The command of rollouts.weights.command (${program}) ${why}`,
      'Run it by hand with the same arguments; then go on with rzero resume.',
    );
  return new Promise((resolve, reject) => {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !KEYS.test(name)));
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
      shell: false,
      timeout: weights.timeout_seconds * 1000,
      signal,
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
    child.on('error', (error) => {
      if (signal.aborted) reject(signal.reason as Error);
      else reject(failed(`could not be started: ${error.message}.`));
    });
    // Not `close`: a server that it started in the background may keep its output open.
    child.on('exit', (code, killed) => {
      if (code === 0) return resolve();
      const how = killed
        ? `was ended (${killed}), perhaps after ${weights.timeout_seconds} s`
        : `ended with code ${code}`;
      reject(failed(`${how}. It said: ${said.trim().split('\n').slice(-5).join(' ') || 'nothing'}`));
    });
  });
}
