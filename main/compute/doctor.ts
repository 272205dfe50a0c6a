/** What this machine has and how fast each backend is on it, as data; the command line prints it. */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { packageRoot } from '../lib/package-root.js';
import { cacheDir, defaultDataDir } from '../lib/paths.js';
import { BACKENDS } from './compute.js';
import type { BackendName } from './compute.js';
import type { Measurement } from './measure.js';
import type { ProbeMessage } from './probe.js';
import { isSoftwareGpu } from './software-gpu.js';

export type BackendReport =
  /** `automatic` is false where the backend works, but is chosen only by name. */
  | { readonly backend: BackendName; readonly usable: true; readonly automatic: boolean; readonly figures: Measurement }
  | { readonly backend: BackendName; readonly usable: false; readonly reason: string; readonly remedy?: string };

export interface DoctorReport {
  readonly machine: {
    readonly system: string;
    readonly processor: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly freeMemoryBytes: number;
  };
  readonly node: string;
  readonly disks: readonly { readonly holds: string; readonly path: string; readonly freeBytes: number }[];
  readonly backends: readonly BackendReport[];
  /** What `--backend auto` takes. */
  readonly chosen: BackendName | null;
  readonly advice: readonly string[];
}

export interface ExamineOptions {
  readonly dataDir?: string;
  /** The built probe; default is the one of this package. */
  readonly probe?: string;
  /** A backend that has not answered by then is reported as hanging. */
  readonly timeoutMs?: number;
}

export async function examine(options: ExamineOptions = {}): Promise<DoctorReport> {
  const disks = await Promise.all([disk('runs', options.dataDir ?? defaultDataDir()), disk('cache', cacheDir())]);
  const backends: BackendReport[] = [];
  // One after another: side by side they would take the processor from each other.
  for (const backend of BACKENDS) backends.push(await probeBackend(backend, options));
  const machine = {
    system: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
  };
  const chosen = backends.find((report) => report.usable && report.automatic)?.backend ?? null;
  return { machine, node: process.version, disks, backends, chosen, advice: advise(backends, disks) };
}

/** What TensorFlow says whenever it is loaded. */
const CHATTER = /^(WARNING: All log messages|[IW]\d{4} )/;

function probeBackend(backend: BackendName, options: ExamineOptions): Promise<BackendReport> {
  const file = options.probe ?? join(packageRoot(), 'out', 'main', 'probe.js');
  const unusable = (reason: string, remedy?: string): BackendReport => ({ backend, usable: false, reason, remedy });
  if (!existsSync(file)) return Promise.resolve(unusable(`The probe ${file} is not built.`, 'Run `npm run build`.'));
  const timeoutMs = options.timeoutMs ?? 120_000;
  return new Promise((resolve) => {
    const child = fork(file, [backend], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
    let lastWords = '';
    const timer = setTimeout(() => {
      resolve(
        unusable(
          `It did not answer within ${timeoutMs / 1000} s.`,
          'Update the graphics driver, or choose another backend.',
        ),
      );
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stderr?.on('data', (chunk: Buffer) => (lastWords = (lastWords + chunk.toString()).slice(0, 4000)));
    child.on('message', (message: ProbeMessage) => {
      if (message.kind === 'unusable') resolve(unusable(message.reason, message.remedy));
      else
        resolve({
          backend,
          usable: true,
          automatic: !isSoftwareGpu(message.measurement.description),
          figures: message.measurement,
        });
    });
    child.on('error', (error) => resolve(unusable(error.message)));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const line = lastWords.split('\n').find((words) => words.trim() !== '' && !CHATTER.test(words)) ?? '';
      // After an answer this changes nothing: a promise is settled once.
      resolve(unusable(`Its process ended by ${signal ?? `exit code ${code}`}. ${line}`.trim()));
    });
  });
}

/** Free space where a folder is, or will be made. */
async function disk(holds: string, path: string): Promise<{ holds: string; path: string; freeBytes: number }> {
  let folder = path;
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  return { holds, path, freeBytes: bavail * bsize };
}

const LITTLE_DISK = 2 * 1024 ** 3;

function advise(backends: readonly BackendReport[], disks: DoctorReport['disks']): string[] {
  const advice: string[] = [];
  const [tensorflow] = backends;
  if (tensorflow && !tensorflow.usable)
    advice.push(`TensorFlow would be the fastest. ${tensorflow.remedy ?? tensorflow.reason}`);
  if (tensorflow?.usable && !tensorflow.figures.traces) {
    advice.push(
      'This TensorFlow binding cannot trace; `npm start` with a C++ compiler at hand builds one that can, twice as fast.',
    );
  }
  if (tensorflow?.usable && existsSync('/proc/driver/nvidia') && !tensorflow.figures.description.includes('GPU')) {
    advice.push(
      'There is an NVIDIA driver, but TensorFlow runs on the CPU: run `npm start` again to fetch its CUDA libraries.',
    );
  }
  if (!backends.some((report) => report.usable)) advice.push('No backend works: run `npm ci` and try again.');
  for (const { holds, path, freeBytes } of disks) {
    if (freeBytes < LITTLE_DISK)
      advice.push(`Less than 2 GiB are free for ${holds} in ${path}: free some, or set another folder.`);
  }
  return advice;
}
