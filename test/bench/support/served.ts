/** The built `rzero serve` as a child process, with its address; and the time of processors that a process has taken. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../main/lib/package-root.js';

const PROGRAM = join(packageRoot(), 'out/main/cli.js');
/** Of Linux, on every processor that Node runs on. */
const TICKS_PER_SECOND = 100;

export interface Served {
  readonly pid: number;
  /** With the token in its fragment. */
  readonly url: string;
  stop(): Promise<void>;
}

export async function serve(dataDir: string): Promise<Served> {
  if (!existsSync(PROGRAM)) throw new Error(`There is no ${PROGRAM}; npm run build makes it.`);
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0', '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await printedUrl(child);
  return {
    pid: child.pid ?? 0,
    url,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

function printedUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const url = /http:\/\/\S+/.exec(said)?.[0];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`rzero serve ended with ${code}: ${said}`)));
  });
}

/** Seconds of one core, of the process alone: its engine is a process of its own. */
export function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
