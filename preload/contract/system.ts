/** Where the lab runs, what that machine can compute with and what it does now, what lies on its disk, and what went wrong. */
import { z } from 'zod';
import { iterationSchema } from './events.js';
import { cursorSchema, runStateSchema } from './runs.js';
import { call, nothing, stream, text, word } from './route.js';
import { tasks } from './tasks.js';

const count = z.number().int().min(0);
const bytes = z.number().min(0);
const run = { run: word.describe("the run's id") };

export const systemInfoSchema = z.strictObject({
  version: word,
  shell: z.enum(['desktop', 'server']).describe('who serves this page: the application, or `rzero serve`'),
  host: word.describe('name of the machine the lab runs on'),
  platform: word,
  architecture: word,
  node: word,
  dataDir: text,
  sample: word.nullable().describe('the run that was started because there was none, for the page to say so'),
});
export type SystemInfo = z.infer<typeof systemInfoSchema>;

const processSchema = z.strictObject({
  pid: count,
  kind: z.enum(['lab', 'run', 'task']),
  run: word.nullable(),
  title: text,
  memory: bytes.nullable().describe('resident, bytes; null where the system does not tell'),
  cores: z.number().min(0).nullable().describe('kept busy since the item before'),
});
export type LabProcess = z.infer<typeof processSchema>;

const gpuSchema = z.strictObject({
  name: text,
  utilisation: z.number().nullable().describe('share'),
  memoryUsed: bytes.nullable(),
  memoryTotal: bytes.nullable(),
  temperature: z.number().nullable().describe('degrees Celsius'),
});

export const machineLoadSchema = z.strictObject({
  time: z.number(),
  cores: count,
  busy: z.number().min(0).max(1).nullable().describe('share of all cores since the item before'),
  memory: z.strictObject({ total: bytes, available: bytes }),
  processes: z.array(processSchema).max(1000),
  gpus: z.array(gpuSchema).max(100),
});
export type MachineLoad = z.infer<typeof machineLoadSchema>;

const runDiskSchema = z.strictObject({
  run: word,
  name: text,
  state: runStateSchema,
  checkpoints: count,
  checkpointBytes: bytes,
  otherBytes: bytes.describe('whatever else lies in its folder'),
});
export type RunDisk = z.infer<typeof runDiskSchema>;

export const keepSchema = z.strictObject({
  last: count.max(1000).describe('newest checkpoints kept'),
  best: z.boolean(),
  iterations: z.boolean().describe('those at the ends of iterations'),
});
export type Keep = z.infer<typeof keepSchema>;

export const prunePlanSchema = z.strictObject({
  checkpoints: z
    .array(z.strictObject({ cursor: cursorSchema, kept: z.enum(['last', 'best', 'iteration']).nullable() }))
    .max(100_000)
    .describe('newest first; kept null: it would go'),
  bytes: bytes.describe('that would be freed'),
  problem: text.nullable().describe('why it would be refused now'),
});
export type PrunePlan = z.infer<typeof prunePlanSchema>;

const incidentSchema = z.strictObject({
  ...run,
  name: text,
  sequence: count,
  time: z.number(),
  kind: word.describe('failure, or the kind of the alarm'),
  message: text,
  remedy: text.nullable(),
  action: z.enum(['warn', 'pause', 'rollback']).nullable(),
  iteration: iterationSchema.nullable(),
  phase: word.nullable(),
  step: count.nullable(),
});
export type Incident = z.infer<typeof incidentSchema>;

/** Something of a run that a person who looks elsewhere wants to hear of. */
export const noticeSchema = z.strictObject({
  ...run,
  name: text,
  sequence: count,
  time: z.number(),
  about: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('iteration'), iteration: iterationSchema, score: z.number().nullable() }),
    z.strictObject({
      kind: z.literal('alarm'),
      alarm: word,
      message: text,
      action: z.enum(['warn', 'pause', 'rollback']),
    }),
    z.strictObject({ kind: z.literal('failure'), message: text, remedy: text.nullable() }),
    z.strictObject({ kind: z.literal('finished'), score: z.number().nullable() }),
  ]),
});
export type Notice = z.infer<typeof noticeSchema>;

export const systemQueries = {
  /** Alarms and failures of all runs, newest first. */
  incidents: {
    input: z.strictObject({
      limit: z.number().int().min(1).max(500).default(100),
      before: z.number().nullable().default(null).describe('Unix milliseconds'),
    }),
    output: z.array(incidentSchema).max(500),
  },
} as const;

export const systemContract = {
  info: call(nothing, systemInfoSchema),
  /** Measures every backend: about a minute of one core. Asked twice at once it measures once. */
  doctor: call(nothing, tasks.doctor.output),
  /** One item every two seconds for as long as somebody looks. */
  load: stream(nothing, machineLoadSchema),
  disk: call(
    nothing,
    z.strictObject({
      free: bytes.nullable(),
      database: bytes,
      runs: z.array(runDiskSchema).max(100_000),
    }),
  ),
  /** What `prune` would delete. */
  prunePlan: call(z.strictObject({ ...run, keep: keepSchema }), prunePlanSchema),
  /** Deletes checkpoints that `keep` does not name. Rows always stay. Refused while a process works on the run. */
  prune: call(z.strictObject({ ...run, keep: keepSchema }), z.strictObject({ checkpoints: count, bytes })),
  /** Reads every page of the record: seconds for a large one. */
  check: call(
    nothing,
    z.strictObject({ whole: z.boolean(), seconds: z.number(), problem: text.nullable(), remedy: text.nullable() }),
  ),
  incidents: call(systemQueries.incidents.input, systemQueries.incidents.output),
  /** What runs say, whichever process works on them, after `since`; a few at a time. */
  notices: stream(
    z.strictObject({ since: z.number().nullable().default(null).describe('Unix milliseconds; null: from now on') }),
    z.array(noticeSchema).max(500),
  ),
  /** What the program is built with. */
  licences: call(nothing, z.array(z.strictObject({ name: word, version: word, licence: text })).max(1000)),
};
