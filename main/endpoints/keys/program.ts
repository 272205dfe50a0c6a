/** A program of the system that keeps keys: a secret goes to it through its standard input and never as an argument. */
import { spawn } from 'node:child_process';

const LONGEST_MS = 60_000;

export interface Called {
  /** Null: the program is not there. */
  readonly code: number | null;
  readonly output: string;
}

/** What it says on its error output may repeat what it was given, so nobody hears it. */
export function callProgram(command: string, args: readonly string[], input = ''): Promise<Called> {
  return new Promise((resolve) => {
    const child = spawn(command, [...args], {
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: LONGEST_MS,
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', () => resolve({ code: null, output: '' }));
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8') }));
    // A program that ends without reading is known by its code.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
