/**
 * The probes of a run and the fingerprints of the weights it served last, in a file beside the exported weights, so that a
 * resumed run knows stale weights by their name too.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../lib/atomic-file.js';
import type { NamedPrint } from './fingerprint.js';

const schema = z.object({
  probes: z.array(z.array(z.number().int())),
  prints: z.array(z.object({ version: z.string(), values: z.array(z.number()) })),
});

/** Weights that are remembered. */
const REMEMBERED = 4;

export class Prints {
  private readonly path: string;
  private known: z.infer<typeof schema>;

  constructor(folder: string) {
    this.path = join(folder, 'fingerprints.json');
    try {
      this.known = schema.parse(JSON.parse(readFileSync(this.path, 'utf8')));
    } catch {
      this.known = { probes: [], prints: [] };
    }
  }

  /** Texts as token ids; made where there are none yet. */
  async probes(make: () => Promise<readonly (readonly number[])[]>): Promise<readonly (readonly number[])[]> {
    if (this.known.probes.length === 0) this.known = { probes: (await make()).map((probe) => [...probe]), prints: [] };
    return this.known.probes;
  }

  /** Newest first. */
  get before(): readonly NamedPrint[] {
    return this.known.prints;
  }

  async remember(print: NamedPrint): Promise<void> {
    const others = this.known.prints.filter(({ version }) => version !== print.version);
    const prints = [{ version: print.version, values: [...print.values] }, ...others].slice(0, REMEMBERED);
    this.known = { ...this.known, prints };
    await replaceFile(this.path, async (file) => void (await file.writeFile(JSON.stringify(this.known))));
  }
}
