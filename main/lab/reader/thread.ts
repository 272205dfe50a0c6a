/**
 * The thread that reads: its own connection to the record, one question after another. A long look at a million points
 * keeps no window and no engine waiting; WAL lets it read while others write.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { LabError } from '../../lib/errors.js';
import { Database } from '../../store/database.js';
import { read } from './reads.js';
import type { Question, Reply } from './messages.js';

const { dataDir } = workerData as { readonly dataDir: string };
let db: Database | undefined;

function answer({ id, name, input }: Question): Reply {
  try {
    db ??= Database.open(dataDir, { existing: true });
    return { id, output: read(db, name, input as never) };
  } catch (error) {
    const { code, message, remedy } =
      error instanceof LabError
        ? error
        : new LabError('internal', error instanceof Error ? error.message : String(error));
    return { id, code, message, remedy };
  }
}

parentPort?.on('message', (question: Question | null) => {
  if (question) return parentPort?.postMessage(answer(question));
  db?.close();
  parentPort?.close();
});
