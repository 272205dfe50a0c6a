/**
 * Our GRPO step against TRL's loss on the same rollouts, policy and reference: the shipped model and a copy that has been
 * moved away from it. Runs where RZERO_PYTHON names an interpreter with trl.
 */
import * as tf from '@tensorflow/tfjs-core';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openCompute } from '../../main/compute/open.js';
import { packageRoot } from '../../main/lib/package-root.js';
import { RandomKey } from '../../main/lib/random.js';
import { loadModelFolder, saveModelFolder } from '../../main/model/folder.js';
import { TextGenerator } from '../../main/model/generate.js';
import { Parameters } from '../../main/model/parameters.js';
import { GrpoTrainer } from '../../main/training/grpo.js';
import { grpoSchema, optimiserSchema } from '../../preload/contract/recipe-parts.js';

const PYTHON = process.env.RZERO_PYTHON;
const NANO = join(packageRoot(), 'resources/models/nano');
const CLIP = 0.2;
const KL = 0.05;
const folder = mkdtempSync(join(tmpdir(), 'rzero-trl-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!PYTHON)("TRL's GRPO loss", () => {
  // Catches another normaliser, mask, clipping side or KL estimator than the field's.
  it('is ours: loss, KL, clipped share and the norm of the gradient', async () => {
    const compute = await openCompute('auto');
    const reference = await loadModelFolder(NANO);
    const { config, tokenizer, parameters } = reference;
    const random = RandomKey.of(3, 'trl').stream();
    const policy = new Parameters(
      parameters.specs,
      parameters.tensors.map((tensor) => {
        const noise = Float32Array.from({ length: tensor.size }, () => 0.01 * random.normal());
        return tf.add(tensor, tf.tensor(noise, tensor.shape));
      }),
    );
    await saveModelFolder(join(folder, 'policy'), { ...reference, parameters: policy });

    const prompts = ['3+8-5', '12-4+9-1', '7', '40-18+3'].map((question) =>
      tokenizer.encode(`<bos><question>${question}</question>`),
    );
    const generated = await new TextGenerator(compute, config).generate(
      parameters, // written by the reference, so that ratios lie on both sides of the clip
      prompts.map((prompt, i) => ({ prompt, samples: 6, key: RandomKey.of(4, 'trl', i) })),
      { temperature: 1, topK: 0, topP: 1, maxNewTokens: 60, stopTokens: [2] },
    );
    const samples = generated.flatMap((group, i) =>
      group.map(({ tokens, logprobs }) => ({
        prompt: prompts[i] as number[],
        completion: tokens,
        advantage: random.normal(),
        oldLogProbs: Float32Array.from(logprobs),
      })),
    );
    const trainer = new GrpoTrainer({
      compute,
      config,
      parameters: policy,
      reference: parameters,
      optimiser: optimiserSchema.parse({ learning_rate: 1e-6 }),
      grpo: grpoSchema.parse({ clip: CLIP, kl: KL, micro_batch_tokens: 256 }),
      totalSteps: 1,
    });
    const ours = await trainer.step(samples);
    const job = {
      policy: join(folder, 'policy'),
      reference: NANO,
      clip: CLIP,
      kl: KL,
      samples: samples.map((sample) => ({ ...sample, oldLogProbs: Array.from(sample.oldLogProbs) })),
    };
    const out = execFileSync(PYTHON as string, [join(import.meta.dirname, 'trl_loss.py')], {
      input: JSON.stringify(job),
      env: { ...process.env, HF_HUB_OFFLINE: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const theirs = JSON.parse(out.toString().trim().split('\n').at(-1) as string) as {
      loss: number;
      gradientNorm: number;
      figures: Record<string, number>;
    };
    const near = (actual: number, expected: number): void =>
      expect(Math.abs(actual - expected) / Math.abs(expected)).toBeLessThan(1e-4);
    near(ours.loss, theirs.loss);
    near(ours.gradientNorm, theirs.gradientNorm);
    near(ours.kl, theirs.figures['kl'] as number);
    expect(ours.clippedFraction).toBeCloseTo(theirs.figures['clip_ratio/region_mean'] as number, 5);
    expect(ours.clippedFraction).toBeGreaterThan(0.02);
    trainer.dispose();
  });
});
