/** All that the reading thread answers: what the record tells by itself, and figures that the lab makes of it. */
import type { Database } from '../../store/database.js';
import { READS as OF_THE_RECORD } from '../../store/queries/reads.js';
import { studiesTold, studyTableTold } from '../studies/told.js';

const READS = {
  ...OF_THE_RECORD,
  'studies.list': studiesTold,
  'studies.table': studyTableTold,
};

export type ReadName = keyof typeof READS;
export type ReadInput<K extends ReadName> = Parameters<(typeof READS)[K]>[1];
export type ReadOutput<K extends ReadName> = ReturnType<(typeof READS)[K]>;

export function read<K extends ReadName>(db: Database, name: K, input: ReadInput<K>): ReadOutput<K> {
  const query = READS[name] as (db: Database, input: ReadInput<K>) => ReadOutput<K>;
  return query(db, input);
}
