/** A question to the person at the terminal, answered with y or n. */
import type { LabError } from '../lib/errors.js';

/** @param unasked thrown where nobody is there to answer */
export async function confirmed(question: string, unasked: LabError): Promise<boolean> {
  if (!process.stdin.isTTY) throw unasked;
  const { createInterface } = await import('node:readline/promises');
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim());
  } finally {
    asking.close();
  }
}
