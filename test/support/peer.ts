/**
 * A peer to measure against: a Python process that answers each line of JSON with one. `RZERO_PYTHON` names a Python with
 * the peer's packages; without it only our own figures are taken.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../main/lib/package-root.js';

export interface Peer {
  ask(job: object): Promise<unknown>;
  close(): void;
}

/** The variables that name an interpreter: of the agreement tests, and of vLLM, which wants other versions. */
export type PythonName = 'RZERO_PYTHON' | 'RZERO_VLLM_PYTHON';

/** Starts test/bench/peers/SCRIPT, which first says that it is ready; null where no Python is named. */
export async function openPeer(
  script: string,
  parameters: readonly string[],
  python: PythonName = 'RZERO_PYTHON',
): Promise<Peer | null> {
  const interpreter = process.env[python];
  if (!interpreter) return null;
  const path = join(packageRoot(), 'test/bench/peers', script);
  const env = { ...process.env, HF_HUB_OFFLINE: '1' };
  const child = spawn(interpreter, [path, ...parameters], { stdio: ['pipe', 'pipe', 'inherit'], env });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    for (;;) {
      const line = await lines.next();
      if (line.done) throw new Error(`The peer ${script} ended early.`);
      // Libraries print to standard output too.
      if (line.value.startsWith('{')) return JSON.parse(line.value);
    }
  };
  await next();
  return {
    ask: async (job) => {
      child.stdin.write(`${JSON.stringify(job)}\n`);
      return next();
    },
    close: () => void child.stdin.end(),
  };
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] as number;
