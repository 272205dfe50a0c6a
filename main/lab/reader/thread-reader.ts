/**
 * Asks a reading thread, which is started with the first question. Where it dies, everything it still owed fails with a
 * clear error, and the next question starts another.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { LabError } from '../../lib/errors.js';
import { packageRoot } from '../../lib/package-root.js';
import type { ReadInput, ReadName, ReadOutput } from './reads.js';
import type { Question, Reply } from './messages.js';
import type { RecordReader } from './reader.js';

interface Waiting {
  resolve(output: unknown): void;
  reject(error: LabError): void;
}

export class ThreadReader implements RecordReader {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;
  private closed = false;

  /** @param file the built thread program; default is the one of this package */
  constructor(
    private readonly dataDir: string,
    private readonly file: string = join(packageRoot(), 'out', 'main', 'reader.js'),
  ) {}

  ask<K extends ReadName>(name: K, input: ReadInput<K>): Promise<ReadOutput<K>> {
    if (this.closed) return Promise.reject(new LabError('busy', 'The lab is closing.'));
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: (output) => resolve(output as ReadOutput<K>), reject });
      const question: Question = { id, name, input };
      (this.worker ??= this.start()).postMessage(question);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    const { worker } = this;
    if (!worker) return;
    const gone = new Promise((resolve) => worker.once('exit', resolve));
    // Now somebody waits: a process with nothing else to do would end here, with code 13 and what follows undone.
    worker.ref();
    worker.postMessage(null);
    await gone;
  }

  private start(): Worker {
    const worker = new Worker(this.file, { workerData: { dataDir: this.dataDir } });
    // Nobody waits for a thread that only waits itself.
    worker.unref();
    worker.on('message', (reply: Reply) => this.settle(reply));
    let why = 'it ended';
    worker.on('error', (error) => (why = error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => {
      if (this.worker === worker) this.worker = undefined;
      for (const [id, { reject }] of this.waiting) {
        this.waiting.delete(id);
        reject(new LabError('database', `The record could not be read: ${why}.`, { remedy: 'Ask again.' }));
      }
    });
    return worker;
  }

  private settle(reply: Reply): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if ('output' in reply) return waiting?.resolve(reply.output);
    const { code, message, remedy } = reply;
    waiting?.reject(new LabError(code, message, remedy === undefined ? {} : { remedy }));
  }
}
