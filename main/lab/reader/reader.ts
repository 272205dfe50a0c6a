/** Whoever answers a window's questions to the record: this process, or a thread of its own. */
import type { ReadInput, ReadName, ReadOutput } from './reads.js';

export interface RecordReader {
  ask<K extends ReadName>(name: K, input: ReadInput<K>): Promise<ReadOutput<K>>;
  close(): Promise<void>;
}
