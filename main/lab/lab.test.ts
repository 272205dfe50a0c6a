/** The lab with an engine process that behaves badly in every way an engine can. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../preload/contract/events.js';
import { parseRecipe } from '../coevolution/recipe.js';
import { LabError } from '../lib/errors.js';
import { childScript } from '../../test/support/child-script.js';
import { Lab } from './lab.js';
import { NodeEngineLauncher } from './node-engine.js';
import { openRecords } from './store-records.js';

const FAKE = await childScript(join(import.meta.dirname, '../../test/support/fake-engine.ts'));
const RECIPE = parseRecipe(
  {
    name: 'tiny',
    model: 'builtin:nano',
    domain: 'chains',
    challenger: {
      sampling: { max_new_tokens: 8 },
      vote_sampling: { max_new_tokens: 8 },
      optimiser: { learning_rate: 0.1 },
    },
    curriculum: { sampling: { max_new_tokens: 8 }, vote_sampling: { max_new_tokens: 8 } },
    solver: { sampling: { max_new_tokens: 8 }, optimiser: { learning_rate: 0.1 } },
    evaluation: { benchmark: 'chains-test', sampling: { max_new_tokens: 8 } },
  },
  { source: 'test' },
);

let dataDir: string;
const labs: Lab[] = [];

function openLab(): Lab {
  const lab = new Lab({
    dataDir,
    records: openRecords(dataDir),
    launcher: new NodeEngineLauncher(FAKE.path),
    pollMs: 20,
  });
  labs.push(lab);
  return lab;
}

function behave(how: string, from = 0): void {
  process.env.RZERO_FAKE = how;
  process.env.RZERO_FAKE_FROM = String(from);
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'rzero-lab-'));
});

afterEach(async () => {
  delete process.env.RZERO_FAKE;
  delete process.env.RZERO_FAKE_FROM;
  for (const lab of labs.splice(0)) await lab.close();
  rmSync(dataDir, { recursive: true, force: true });
});

afterAll(() => FAKE.remove());

describe('Lab', () => {
  it('runs an engine to the end and forwards its events in order', async () => {
    behave('finish');
    const lab = openLab();
    const { id } = lab.createRun(RECIPE, { name: 'one', seed: 5 });
    expect(lab.run('one')).toMatchObject({ id, seed: 5, state: 'created' });
    const events: RunEvent[] = [];
    lab.subscribe(id, (event) => events.push(event));
    await lab.start(id, { backend: 'wasm' });
    expect(await lab.ended(id)).toEqual({ outcome: 'finished', reason: null, error: null });
    expect(events.map((e) => e.type)).toEqual(['run.started', 'phase.started', 'step.finished', 'run.finished']);
    expect(events.map((e) => e.sequence)).toEqual([0, 1, 2, 3]);
    expect(events[0]).toMatchObject({ backend: 'wasm' });
    expect(lab.holds(id)).toBe(false);
  });

  // Would catch: "in use by this process" for somebody who resumes as soon as the page says paused; the process is not gone then.
  it('resumes at once after the event that tells of the pause', async () => {
    behave('wait');
    const lab = openLab();
    const { id } = lab.createRun(RECIPE);
    const resumed = new Promise<void>((resolve, reject) => {
      lab.subscribe(id, (event) => {
        if (event.type !== 'run.paused') return;
        behave('finish', event.sequence + 1);
        lab.start(id).then(resolve, reject);
      });
    });
    await lab.start(id);
    lab.pause(id);
    await resumed;
    expect((await lab.ended(id)).outcome).toBe('finished');
  });

  it('pauses at the wish of its holder', async () => {
    behave('wait');
    const lab = openLab();
    const { id } = lab.createRun(RECIPE);
    const types: string[] = [];
    lab.subscribe(id, (event) => types.push(event.type));
    await lab.start(id);
    await until(() => types.includes('step.finished'));
    lab.pause(id);
    expect((await lab.ended(id)).outcome).toBe('paused');
    expect(types.at(-1)).toBe('run.paused');
  });

  it('obeys a pause that comes before the engine is ready', async () => {
    behave('wait');
    const lab = openLab();
    const { id } = lab.createRun(RECIPE);
    const started = lab.start(id);
    lab.pause(id);
    await started;
    expect((await lab.ended(id)).outcome).toBe('paused');
  });

  it('reports a crash as run.failed, keeps the run resumable and starts the engine again', async () => {
    behave('crash', 0);
    const lab = openLab();
    const { id } = lab.createRun(RECIPE);
    const events: RunEvent[] = [];
    lab.subscribe(id, (event) => events.push(event));
    await lab.start(id);
    const end = await lab.ended(id);
    expect(end).toMatchObject({ outcome: 'failed', error: { code: 'engine' } });
    expect(end.error?.message).toMatch(/signal SIGKILL.*out of luck/);
    expect(events.at(-1)).toMatchObject({ type: 'run.failed', code: 'engine' });
    expect(lab.run(id)).toMatchObject({ state: 'failed' });
    expect(lab.run(id).error).toMatch(/ended unexpectedly/);

    behave('finish', lab.lastSequence(id) + 1);
    await lab.start(id);
    expect((await lab.ended(id)).outcome).toBe('finished');
    expect(events.at(-1)?.type).toBe('run.finished');
  });

  it('rejects the start where the process dies before it has taken the run', async () => {
    behave('early');
    const lab = openLab();
    const { id } = lab.createRun(RECIPE);
    await expect(lab.start(id)).rejects.toMatchObject({ code: 'engine' });
    expect(lab.history(id).map((e) => e.type)).toEqual(['run.failed']);
  });

  it('ends an engine that breaks the contract, instead of trusting it', async () => {
    behave('nonsense');
    const lab = openLab();
    const { id } = lab.createRun(RECIPE);
    await lab.start(id);
    expect((await lab.ended(id)).error?.message).toMatch(/does not know/);
  });

  it('records the error an engine reports, with code and remedy', async () => {
    behave('fail');
    const lab = openLab();
    const { id } = lab.createRun(RECIPE);
    await lab.start(id);
    await lab.ended(id);
    expect(lab.history(id).at(-1)).toMatchObject({ type: 'run.failed', code: 'disk', remedy: 'Make room.' });
  });

  it('stops at once when told so, and calls the run paused', async () => {
    behave('wait');
    const lab = openLab();
    const { id } = lab.createRun(RECIPE);
    await lab.start(id);
    lab.stop(id);
    expect((await lab.ended(id)).outcome).toBe('killed');
    expect(lab.run(id).state).toBe('paused');
    expect(lab.history(id).at(-1)).toMatchObject({ type: 'run.paused', reason: 'stopped at once' });
  });

  it('refuses a second engine for the same run', async () => {
    behave('wait');
    const lab = openLab();
    const { id } = lab.createRun(RECIPE);
    await lab.start(id);
    await expect(lab.start(id)).rejects.toMatchObject({ code: 'busy' });
  });

  it('refuses to pause what does not run', () => {
    const lab = openLab();
    const { id } = lab.createRun(RECIPE);
    expect(() => lab.pause(id)).toThrow(LabError);
  });

  it('shows events that another process records, without a gap, to a viewer that comes late', async () => {
    const [owner, viewer] = [openLab(), openLab()];
    const { id } = owner.createRun(RECIPE);
    const seen: number[] = [];
    behave('fail');
    await owner.start(id);
    await owner.ended(id);
    viewer.subscribe(id, (event) => seen.push(event.sequence));
    expect(seen).toEqual(owner.history(id).map((e) => e.sequence));
    behave('early');
    await owner.start(id).catch(() => undefined);
    await owner.ended(id);
    await until(() => seen.length === owner.history(id).length);
    expect(seen).toEqual(owner.history(id).map((e) => e.sequence));
  });

  it('pauses its engines when it is closed', async () => {
    behave('wait');
    const lab = openLab();
    const { id } = lab.createRun(RECIPE);
    const types: string[] = [];
    lab.subscribe(id, (event) => types.push(event.type));
    await lab.start(id);
    await lab.close();
    expect(types.at(-1)).toBe('run.paused');
  });
});
