/** The record of runs in the data directory's database, as the lab uses it. */
import type { EventBody, RunEvent } from '../../preload/contract/events.js';
import { readDomain } from '../coevolution/domain-folder.js';
import { Database } from '../store/database.js';
import { insertEvents, nextEventSequence, readBriefEvents, readEvents } from '../store/events.js';
import { removeRun } from '../store/remove-run.js';
import { clearRequests, requestPause } from '../store/requests.js';
import { switchReviews } from '../store/review-use.js';
import { domainOfRun } from '../store/run-domains.js';
import { RunLock } from '../store/run-lock.js';
import { annotateRun } from '../store/run-notes.js';
import { runStamps } from '../store/run-stamps.js';
import { createRun, findRun, listRuns, readRun, runInfo, setRunState } from '../store/runs.js';
import { fork } from './fork.js';
import type { RunRecords } from './records.js';

export function openRecords(dataDir: string, options: { readonly existing?: boolean } = {}): RunRecords {
  const db = Database.open(dataDir, options);
  return {
    createRun: (recipe, { name, seed, domainOf: other }) => {
      const kept = other === undefined ? null : domainOfRun(db, findRun(db, other).number);
      const domain = kept ?? readDomain(recipe.domain);
      return runInfo(db, createRun(db, { recipe: { ...recipe, seed }, domain, name }));
    },
    listRuns: () => listRuns(db),
    findRun: (query) => runInfo(db, findRun(db, query)),
    recipeOf: (runId) => findRun(db, runId).recipe,
    stamps: () => runStamps(db),
    eventsAfter: (runId, after, limit) => readEvents(db, findRun(db, runId).number, { after, limit }),
    briefEvents: (runId, range) => readBriefEvents(db, findRun(db, runId).number, range),
    lastSequence: (runId) => nextEventSequence(db, findRun(db, runId).number) - 1,
    appendEvent: (runId, body, said) => append(db, { runId, body, said }),
    requestPause: (runId, place) => requestPause(db, findRun(db, runId).number, place),
    clearRequests: (runId) => clearRequests(db, findRun(db, runId).number),
    useReviews: (runId, use) => {
      switchReviews(db, findRun(db, runId), use);
      return runInfo(db, findRun(db, runId));
    },
    fork: async (runId, choice) => runInfo(db, await fork(db, findRun(db, runId), choice)),
    annotate: (runId, notes) => {
      annotateRun(db, findRun(db, runId).number, notes);
      return runInfo(db, findRun(db, runId));
    },
    remove: (runId) => removeRun(db, findRun(db, runId)),
    use: (work) => work(db),
    close: () => db.close(),
  };
}

/** Under the run's lock, so that no process that has taken the run meanwhile is written over. */
function append(
  db: Database,
  { runId, body, said }: { readonly runId: string; readonly body: EventBody; readonly said: number },
): RunEvent {
  const { number } = findRun(db, runId);
  const lock = RunLock.take(db, number, runId);
  try {
    return db.transaction(() => {
      const sequence = Math.max(nextEventSequence(db, number), said + 1);
      const event: RunEvent = { run: runId, sequence, time: Date.now(), ...body };
      insertEvents(db, number, readRun(db, number).seq, [event]);
      if (body.type === 'run.failed') setRunState(db, number, 'failed', body.message);
      if (body.type === 'run.paused') setRunState(db, number, 'paused');
      return event;
    });
  } finally {
    lock.release();
  }
}
