import { join } from 'node:path';
import { ESLint, Linter } from 'eslint';
import { parser } from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { layersRule } from './layers.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

function lint(file: string, code: string): string[] {
  const linter = new Linter({ cwd: ROOT });
  const config: Linter.Config = {
    files: ['**/*.ts'],
    languageOptions: { parser: parser as Linter.Parser },
    plugins: { rzero: { rules: { layers: layersRule } } },
    rules: { 'rzero/layers': ['error', { root: ROOT }] },
  };
  return linter.verify(code, config, { filename: join(ROOT, file) }).map(({ message }) => message);
}

describe('layer rule', () => {
  it.each([
    ['main/lib/a.ts', "import { x } from '../compute/compute.js';"],
    ['main/model/a.ts', "import type { Grpo } from '../training/grpo.js';"],
    ['main/training/a.ts', "export * from '../coevolution/loop.js';"],
    ['main/lab/a.ts', "const m = await import('../model/folder.js');"],
    ['main/lab/a.ts', "import { openCompute } from '../compute/open.js';"],
    ['main/cli/a.ts', "import { GrpoTrainer } from '../training/grpo.js';"],
    ['main/store/a.ts', "import { app } from 'electron';"],
    ['main/coevolution/rewards/a.ts', "import * as tf from '@tensorflow/tfjs-core';"],
    ['main/domains/math/a.ts', "import { readFileSync } from 'node:fs';"],
    ['main/grading/a.ts', "import { spawn } from 'node:child_process';"],
    ['main/grading/a.ts', "import { decide } from './algebra/decide.js';"],
    ['main/judging/a.ts', "import { decide } from '../grading/algebra/decide.js';"],
    ['main/coevolution/a.ts', "import { Judge } from '../judging/judge.js';"],
    ['renderer/a.ts', "import { Lab } from '../main/lab/lab.js';"],
    ['renderer/a.ts', "import { join } from 'node:path';"],
    ['preload/contract/a.ts', "import yaml from 'yaml';"],
    ['preload/index.ts', "import { oc } from '@orpc/contract';"],
    ['main/server/a.ts', "import { Database } from '../store/database.js';"],
    ['main/server/a.ts', "import { openLab } from '../cli/open-lab.js';"],
    ['main/lab/a.ts', "import { startLabServer } from '../server/lab-server.js';"],
    ['main/oracles/a.ts', "import { loop } from '../coevolution/loop.js';"],
    ['main/engine/a.ts', "import { Judge } from '../oracles/judge.js';"],
    ['main/coevolution/a.ts', "import { Judge } from '../oracles/judge.js';"],
    ['main/lab/a.ts', "import { domainOf } from '../domains/index.js';"],
    ['main/lab/a.ts', "import { evaluate } from '../benchmarks/evaluate.js';"],
    ['main/benchmarks/sets/a.ts', "import { taskOf } from '../task.js';"],
    ['main/tables/a.ts', "import { readSet } from '../benchmarks/sets/read-set.js';"],
    ['main/domains/a.ts', "import { readDomain } from '../coevolution/domain-folder.js';"],
    ['main/coevolution/domain-folder.ts', "import { domainOf } from '../domains/index.js';"],
    ['main/domains/prompts.ts', "import { extractFinalAnswer } from '../grading/extract.js';"],
    ['main/hub/a.ts', "import { describeModelFolder } from '../model/folder.js';"],
    ['main/model/a.ts', "import { modelFolder } from '../hub/model-place.js';"],
    ['main/studies/a.ts', "import { Lab } from '../lab/lab.js';"],
    ['main/studies/a.ts', "import { openModel } from '../engine/open-model.js';"],
    ['main/store/a.ts', "import { familyOf } from '../studies/families.js';"],
    ['preload/contract/a.ts', "import { LabError } from '../../main/lib/errors.js';"],
  ])('%s may not say: %s', (file, code) => {
    expect(lint(file, code)).toHaveLength(1);
  });

  it.each([
    ['main/judging/entry.ts', "import { decide } from '../grading/algebra/decide.js';"],
    ['main/training/a.ts', "import type { UpdateMetrics } from '../coevolution/executor.js';"],
    ['main/coevolution/a.ts', "import { x } from '../training/grpo.js';"],
    ['main/desktop/a.ts', "import { app } from 'electron';"],
    ['main/index.ts', "import { app } from 'electron';"],
    ['main/cli/a.ts', "import { startLabServer } from '../server/lab-server.js';"],
    ['main/lab/api/a.ts', "import { readRun } from '../../store/runs.js';"],
    ['preload/contract/a.ts', "import { oc } from '@orpc/contract';"],
    ['renderer/a.ts', "import type { RunEvent } from '../preload/contract/events.js';"],
    ['main/lab/a.ts', "import { findBenchmark } from '../benchmarks/find.js';"],
    ['main/studies/a.ts', "import { readRun } from '../store/runs.js';"],
    ['main/engine/a.ts', "import { identityOf } from '../studies/identity.js';"],
    ['main/lab/a.ts', "import { Judge } from '../oracles/judge.js';"],
    ['main/oracles/a.ts', "import { findRun } from '../store/runs.js';"],
    ['main/lab/a.ts', "import { withPrompts } from '../domains/prompts.js';"],
    ['main/lab/a.ts', "import { readDomain } from '../coevolution/domain-folder.js';"],
    ['main/cli/a.ts', "import { domainOf } from '../domains/index.js';"],
    ['main/domains/index.ts', "import { withPrompts } from './prompts.js';"],
    ['main/lab/a.test.ts', "import { openCompute } from '../compute/open.js';"],
  ])('%s may say: %s', (file, code) => {
    expect(lint(file, code)).toEqual([]);
  });

  // Would catch a lint configuration in which the rule is there but off.
  it('is switched on for every folder', async () => {
    const eslint = new ESLint({ cwd: ROOT });
    for (const file of ['main/lab/a.ts', 'renderer/a.vue', 'preload/contract/a.ts', 'main/index.ts']) {
      const config = (await eslint.calculateConfigForFile(join(ROOT, file))) as { rules: Record<string, unknown[]> };
      expect(config.rules['rzero/layers']?.[0]).toBe(2);
    }
  });
});
