/**
 * Models, System, Prompts and Settings worked as a person works them, over a record with real checkpoint files. One
 * application has the real engine, for what a model writes; the other one whose engine never answers, for what stops it.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyDomain } from '../../main/coevolution/domain-copy.js';
import { Database } from '../../main/store/database.js';
import { insertEvents } from '../../main/store/events.js';
import { RunRecorder } from '../../main/store/record.js';
import { createRun, setRunState, type RunRow } from '../../main/store/runs.js';
import type { EventBody } from '../../preload/contract/events.js';
import { builtPage, openApp, type App } from '../support/app.js';
import { violations } from '../support/axe.js';
import { childScript, type ChildScript } from '../support/child-script.js';
import { CHROMIUM, WHY_SKIPPED } from '../support/chromium.js';
import { fakeFile, testRecipe } from '../support/store-fixtures.js';

const ROOT = join(import.meta.dirname, '../..');

/** A run with three checkpoints, of which the middle one is wanted by nobody. */
async function makeRun(dataDir: string): Promise<RunRow> {
  const db = Database.open(dataDir);
  const run = createRun(db, { recipe: testRecipe(), name: 'trial' });
  const recorder = RunRecorder.open(db, run);
  for (const [seq, phase] of [
    [1, 'evaluation'],
    [2, 'solver'],
    [3, 'solver'],
  ] as const) {
    const files = { solver: fakeFile(`${seq}`), challenger: fakeFile('same') };
    const marks = { endsIteration: phase === 'evaluation', best: phase === 'evaluation' };
    await recorder.save(
      { seq, cursor: { iteration: 1, phase, step: seq }, state: {}, files, ...marks },
      () => undefined,
    );
  }
  const place = { iteration: 1, phase: 'solver', step: 3 } as const;
  const alarm = {
    type: 'alarm',
    ...place,
    kind: 'kl',
    message: 'KL is 2.',
    value: 2,
    limit: 1,
    action: 'pause',
  } as const;
  insertEvents(db, run.number, 3, [{ run: run.id, sequence: 0, time: Date.now(), ...alarm }]);
  recorder.close('paused');
  db.close();
  return run;
}

describe.skipIf(CHROMIUM === null)(`the rooms of the bench in a browser${WHY_SKIPPED}`, () => {
  let real: App;
  let silent: App;
  let run: RunRow;
  const folders: string[] = [];
  const scripts: ChildScript[] = [];
  const folder = (name: string): string => {
    const made = mkdtempSync(join(tmpdir(), `rzero-${name}-`));
    folders.push(made);
    return made;
  };

  beforeAll(async () => {
    const page = await builtPage('bench');
    const [engine, fake] = [
      await childScript(join(ROOT, 'main/engine/entry.ts')),
      await childScript(join(ROOT, 'test/support/fake-engine.ts')),
    ];
    scripts.push(engine, fake);
    const dataDir = folder('bench');
    run = await makeRun(dataDir);
    real = await openApp({ dataDir, page, engine: engine.path });
    silent = await openApp({ dataDir: folder('silent'), page, engine: fake.path });
  }, 180_000);
  afterAll(async () => {
    await real.close();
    await silent.close();
    for (const script of scripts) script.remove();
    for (const made of folders) rmSync(made, { recursive: true, force: true });
  });

  /** What is done with the chosen model. */
  const view = (page: Page, name: string): Promise<void> =>
    page.getByRole('group', { name: 'What to do with it' }).getByText(name, { exact: true }).click();
  async function clean(app: App, page: Page): Promise<void> {
    expect(await violations(page)).toEqual([]);
    expect(app.wrong).toEqual([]);
  }

  it('would catch a measurement that is lost, or begun twice, because one looked into another room meanwhile', async () => {
    const page = await silent.open('models');
    await view(page, 'Measure');
    const measure = page.getByRole('region', { name: 'Evaluate' });
    await measure.getByRole('button', { name: 'Measure' }).click();
    await measure.getByText('Loading the model …').waitFor();
    await page.getByRole('link', { name: 'System', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'System' }).waitFor();
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    await measure.getByText('Loading the model …').waitFor();
    expect(await measure.getByRole('button', { name: 'Measure' }).count()).toBe(0);
    await measure.getByRole('button', { name: 'Stop' }).click();
    await measure.getByRole('button', { name: 'Measure' }).waitFor();
    expect(await measure.getByRole('alert').count()).toBe(0);
    await page.context().close();
  });

  it('would catch a model that cannot be tried, or whose answer, tokens and probabilities are not shown', async () => {
    const page = await real.open('models');
    await view(page, 'By a recipe');
    await page.getByLabel("Question, put into the Solver's prompt").fill('3+8-5');
    await page.getByLabel('Samples', { exact: true }).fill('2');
    await page.getByLabel('Temperature').fill('0');
    await page.getByRole('button', { name: 'Let it write' }).click();
    await page.getByText(/^2 samples, \d+ tokens/).waitFor({ timeout: 120_000 });
    const first = page.getByRole('listitem').filter({ hasText: 'Sample 1' });
    expect(await first.innerText()).toContain('3+8=11-5=6#6');
    expect(await first.innerText()).toContain('✓ right');
    await first.getByRole('group', { name: /tokens, read with the arrow keys/ }).press('End');
    expect(await first.getByRole('status').innerText()).toMatch(
      /^Token (\d+) of \1, id 2: probability [<>]?\s?[\d.]+ %/,
    );
    await first.getByText('Tokens as a table').click();
    await first.getByRole('row').nth(10).waitFor();
    await clean(real, page);
    await page.context().close();
  });

  it('would catch a score shown without the way it was asked for, or one of cut-off answers without a warning', async () => {
    const page = await real.open('models');
    await view(page, 'Measure');
    const measure = page.getByRole('region', { name: 'Evaluate' });
    await measure.getByLabel('Benchmark').selectOption('chains-oneway');
    await measure.getByLabel('Asked as in the recipe').selectOption('nano-rewrite');
    await measure.getByLabel('Tokens an answer, at most').fill('2');
    await measure.getByRole('button', { name: 'Measure' }).click();
    await measure
      .getByText(/recipe nano-rewrite \(as asked for\), domain chains, at most 2 tokens/)
      .waitFor({ timeout: 120_000 });
    expect(await measure.getByRole('alert').innerText()).toMatch(/100\.0 % were cut off.*longer answers/);
    await measure.getByText('The first prompt').click();
    await measure.getByText(/^<bos><question>/).waitFor();
    await clean(real, page);
    await page.context().close();
  });

  it('would catch a model folder taken unseen, and one refused without a reason', async () => {
    const other = folder('model');
    writeFileSync(
      join(other, 'config.json'),
      JSON.stringify({ architectures: ['GPT2LMHeadModel'], model_type: 'gpt2' }),
    );
    const page = await real.open('models');
    const path = page.getByLabel(/^Add a folder of the lab's machine/);
    const add = async (text: string): Promise<void> => {
      await path.fill(text);
      await page.getByRole('button', { name: 'Add', exact: true }).click();
    };
    await add(other);
    await page.getByText(/The architecture GPT2LMHeadModel, model_type "gpt2" is not supported/).waitFor();
    expect(await page.getByRole('alert').innerText()).toMatch(/Qwen3ForCausalLM.*LlamaForCausalLM/);
    await add(join(ROOT, 'resources/models/nano'));
    await page.getByRole('button', { name: 'Remove nano' }).waitFor();
    await view(page, 'Save');
    await page.getByLabel(/Name, under "exports"/).fill('my-nano');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText(/Written to/).waitFor({ timeout: 120_000 });
    const saved = join(real.lab.dataDir, 'exports', 'my-nano');
    expect(['config.json', 'model.safetensors', 'README.md'].map((name) => existsSync(join(saved, name)))).toEqual([
      true,
      true,
      true,
    ]);
    await page.getByRole('button', { name: 'Remove nano' }).click();
    await page.getByRole('button', { name: 'Take it off the list' }).click();
    await page.getByText('None added yet.').first().waitFor();
    await clean(real, page);
    await page.context().close();
  });

  it('would catch a model at work that cannot be stopped, or whose process stays', async () => {
    const page = await silent.open('models');
    await view(page, 'By a recipe');
    await page.getByRole('button', { name: 'Let it write' }).click();
    await page.getByText('Loading the model …').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped.').waitFor();
    // Facts are asked of an engine as well, which here never answers: that one is left.
    await expect.poll(() => silent.lab.processes().length, { timeout: 30_000 }).toBeLessThanOrEqual(1);
    await page.context().close();
  });

  it('would catch prompts that are tried or saved with a wrong placeholder, and right ones that do not reach the model', async () => {
    const page = await real.open('prompts');
    // A click meets nothing where the page moves in the moment of it: a person looks, and clicks again.
    const solver = page.getByRole('radio', { name: 'Solver' });
    const chosen = async (): Promise<boolean> => {
      await page.getByRole('group', { name: 'Role' }).getByText('Solver').click();
      return solver.isChecked();
    };
    await expect.poll(chosen, { timeout: 30_000 }).toBe(true);
    const prompt = page.getByLabel('What it is asked');
    await prompt.fill('<bos><question>{{qestion}}</question>');
    await page.getByText(/\{\{qestion\}\} is not a placeholder here/).waitFor();
    expect(await page.getByRole('button', { name: 'Let it answer' }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Save as YAML' }).isDisabled()).toBe(true);
    await clean(real, page);
    await prompt.fill('<bos><question>9+{{question}}</question>');
    await page.getByText('Differences from the shipped text').click();
    expect(await page.locator('ins').innerText()).toContain('9+');
    await page.getByLabel('Question to answer').fill('1+1');
    await page.getByRole('button', { name: 'Let it answer' }).click();
    await page.getByText(/^4 samples, \d+ tokens/).waitFor({ timeout: 120_000 });
    await page.getByText(/The prompt as the model was given it/).click();
    await page.getByText('<bos><question>9+1+1</question>').waitFor();
    await clean(real, page);
    await page.getByRole('button', { name: 'New run with these prompts' }).click();
    await page.getByRole('heading', { name: 'New run' }).waitFor();
    // The form of the new run has taken the recipe over, with these prompts in it.
    const values = (): Promise<string[]> =>
      page
        .locator('main input, main textarea')
        .evaluateAll((fields) => fields.map((field) => (field as unknown as { value: string }).value));
    await expect.poll(values, { timeout: 30_000 }).toContain('<bos><question>9+{{question}}</question>');
    await page.context().close();
  });

  it('would catch a domain that cannot be chosen, a folder whose faults are kept back, and prompts that say nothing of its topic', async () => {
    const own = join(folder('domain'), 'lighthouses');
    copyDomain('short-facts', own);
    writeFileSync(join(own, 'topics.txt'), 'lenses\nlightships\n');
    const yaml = readFileSync(join(own, 'domain.yaml'), 'utf8');
    const page = await real.open('prompts');
    const domain = page.getByLabel('Domain');
    await domain.selectOption('short-facts');
    await page.getByText(/^50, one drawn for each question/).waitFor();
    await page.getByLabel('What it is asked').fill('Ask.');
    await page.getByText(/lacks \{\{topic\}\}: the Challenger would not be told/).waitFor();
    expect(await page.getByRole('button', { name: 'Save as YAML' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Take the shipped text back' }).last().click();
    await domain.selectOption('a folder of your own');
    writeFileSync(join(own, 'domain.yaml'), yaml.replace('form: tags', 'form: tag'));
    await page.getByLabel('Path').fill(own);
    await page.getByRole('button', { name: 'Open it' }).first().click();
    await page.getByText(/domain\.yaml, line \d+: question\.form is "tag"/).waitFor();
    writeFileSync(join(own, 'domain.yaml'), yaml);
    await page.getByRole('button', { name: 'Open it' }).first().click();
    await page.getByText(/^2, one drawn for each question/).waitFor();
    await clean(real, page);
    await page.getByRole('button', { name: 'New run with these prompts' }).click();
    await page.getByRole('heading', { name: 'New run' }).waitFor();
    // The form takes the path beside the names of those that ship.
    const chosen = page.getByRole('combobox', { name: /^Domain/ });
    expect(await chosen.locator('option').allTextContents()).toEqual(
      expect.arrayContaining(['chains', 'math', 'multiple-choice', 'short-facts', 'a folder of your own']),
    );
    await expect.poll(() => page.getByRole('textbox', { name: /^Domain/ }).inputValue()).toBe(own);
    await page.context().close();
  });

  it('would catch a load that is not shown, a record that is not checked, and checkpoints deleted unasked or kept', async () => {
    const page = await real.open('system');
    await page.getByRole('row', { name: /^Lab this lab/ }).waitFor();
    await page.getByText('Far from its start').waitFor();
    await page.getByRole('button', { name: 'Check the record' }).click();
    await page.getByText(/The record is whole/).waitFor({ timeout: 120_000 });
    const checkpoints = join(real.lab.dataDir, 'runs', run.id, 'checkpoints');
    const middle = join(checkpoints, '00000002', 'solver.safetensors');
    expect(existsSync(middle)).toBe(true);
    await page.getByRole('button', { name: 'Prune trial' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/1 of 3 checkpoints would go/).waitFor();
    expect(existsSync(middle)).toBe(true);
    await clean(real, page);
    await dialog.getByLabel('newest checkpoints').fill('0');
    await dialog.getByText(/without its newest checkpoint its work would be lost/).waitFor();
    expect(await dialog.getByRole('button', { name: /^Delete/ }).isDisabled()).toBe(true);
    await dialog.getByLabel('newest checkpoints').fill('1');
    await dialog.getByText(/1 of 3 checkpoints would go/).waitFor();
    await dialog.getByRole('button', { name: 'Delete 1 checkpoint' }).click();
    await page.getByText(/1 checkpoints? deleted/).waitFor();
    expect(existsSync(middle)).toBe(false);
    // The Challenger's weights of the first checkpoint are those of the last one, too.
    expect(existsSync(join(checkpoints, '00000001', 'challenger.safetensors'))).toBe(true);
    await clean(real, page);
    await page.context().close();
  });

  it('would catch a setting that is not kept, or that another page does not hear of', async () => {
    const [page, other] = [await silent.open('settings'), await silent.open('settings', { colorScheme: 'dark' })];
    await page.getByLabel('Compute with').selectOption('wasm');
    await page.getByLabel('An iteration is done').uncheck();
    await expect.poll(() => other.getByLabel('Compute with').inputValue()).toBe('wasm');
    await expect.poll(() => other.getByLabel('An iteration is done').isChecked()).toBe(false);
    const file = JSON.parse(readFileSync(join(silent.lab.dataDir, 'settings.json'), 'utf8')) as unknown;
    expect(file).toMatchObject({ backend: 'wasm', notify: { iteration: false, alarm: true } });
    await page.getByLabel('Name of the reviewer').fill('Ada');
    await page.getByLabel('Name of the reviewer').press('Tab');
    await page.reload();
    expect(await page.getByLabel('Name of the reviewer').inputValue()).toBe('Ada');
    await page.getByText(/it is made with these/).click();
    await page.getByRole('row', { name: /^vue \d/ }).waitFor();
    await clean(silent, page);
    await clean(silent, other);
    await page.context().close();
    await other.context().close();
  });

  it('would catch a failure that a hidden page does not tell, and one told to a page that is looked at', async () => {
    const { dataDir } = silent.lab;
    const page = await silent.open('settings', { permissions: ['notifications'] });
    // The page of a test is never really hidden: it is told that it is.
    await page.evaluate(() => {
      const world = globalThis as unknown as Record<string, unknown> & { document: object };
      const shown: string[] = [];
      class Recorder {
        static permission = 'granted';
        constructor(title: string) {
          shown.push(title);
        }
      }
      Object.assign(world, { Notification: Recorder, shown, away: false });
      Object.defineProperty(world.document, 'hidden', { get: () => world['away'] });
    });
    const look = (away: boolean): Promise<unknown> =>
      page.evaluate((to) => {
        const world = globalThis as unknown as Record<string, unknown> & {
          document: { dispatchEvent(e: object): void };
        };
        world['away'] = to;
        world.document.dispatchEvent(new Event('visibilitychange'));
      }, away);
    const shown = (): Promise<string[]> => page.evaluate(() => (globalThis as unknown as { shown: string[] }).shown);
    mkdirSync(dataDir, { recursive: true });
    const db = Database.open(dataDir);
    const made = createRun(db, { recipe: testRecipe(), name: 'night' });
    let sequence = 0;
    const fail = (message: string): void => {
      const body: EventBody = { type: 'run.failed', code: 'disk', message, remedy: null };
      insertEvents(db, made.number, 0, [{ run: made.id, sequence: sequence++, time: Date.now(), ...body }]);
      setRunState(db, made.number, 'failed', message);
    };
    fail('seen');
    await look(true);
    // Until the page is listening nothing is told; each is another failure, so one of them is heard.
    await expect
      .poll(
        async () => {
          fail(`unseen ${sequence}`);
          return (await shown()).length;
        },
        { timeout: 30_000, interval: 500 },
      )
      .toBeGreaterThan(0);
    expect(new Set(await shown())).toEqual(new Set(['night has failed']));
    await look(false);
    const before = (await shown()).length;
    fail('seen again');
    await page.getByText('At this screen').waitFor();
    expect((await shown()).length).toBe(before);
    db.close();
    await page.context().close();
  });
});
