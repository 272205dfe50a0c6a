/** A model folder as we compute it, held against transformers: logits at every position of prompts, and greedy continuations. */
import * as tf from '@tensorflow/tfjs-core';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Compute } from '../../main/compute/compute.js';
import { RandomKey } from '../../main/lib/random.js';
import { TextGenerator } from '../../main/model/generate.js';
import type { LanguageModel } from '../../main/model/language-model.js';
import { hiddenStates, logitsOf } from '../../main/model/transformer.js';
import { openPeer } from './peer.js';

const NEW_TOKENS = 64;

export interface Agreement {
  readonly prompts: number;
  readonly positions: number;
  /** Over all positions and tokens. */
  readonly maxDifference: number;
  /** The largest logit by magnitude: what the difference is to be seen against. */
  readonly largestLogit: number;
  /** Continuations that are the same to the last token. */
  readonly identical: number;
  readonly differing: readonly { readonly prompt: number; readonly at: number }[];
}

interface Answer {
  readonly difference: number;
  readonly largest: number;
  readonly tokens: number[];
}

/** @throws where RZERO_PYTHON names no Python with transformers */
export async function agreementWith(
  folder: string,
  { compute, model, prompts }: { compute: Compute; model: LanguageModel; prompts: readonly string[] },
): Promise<Agreement> {
  const peer = await openPeer('agreement.py', [folder, String(availableParallelism())]);
  if (peer === null) throw new Error('RZERO_PYTHON must name a Python with transformers.');
  const scratch = mkdtempSync(join(tmpdir(), 'rzero-agreement-'));
  try {
    const { config, parameters, generation } = model;
    const ids = prompts.map((text) => model.tokenizer.encode(text));
    const [stop] = generation.eosTokenIds as readonly [number];
    const requests = ids.map((prompt) => ({ prompt, samples: 1, key: RandomKey.of(0) }));
    const sampling = { temperature: 0, topK: 0, topP: 1, maxNewTokens: NEW_TOKENS, stopTokens: [stop] };
    const greedy = await new TextGenerator(compute, config).generate(parameters, requests, sampling);
    const answers: Answer[] = [];
    for (const prompt of ids) {
      const logits = tf.tidy(() => {
        const hidden = hiddenStates(config, parameters.tensors, tf.tensor2d([prompt], undefined, 'int32'));
        return logitsOf(config, parameters.tensors, tf.reshape(hidden, [prompt.length, config.hiddenSize]));
      });
      const file = join(scratch, 'logits.bin');
      writeFileSync(file, new Uint8Array((await logits.data<'float32'>()).slice().buffer));
      logits.dispose();
      answers.push((await peer.ask({ prompt, stop, logits: file, maxNewTokens: NEW_TOKENS })) as Answer);
    }
    const differing = answers.flatMap(({ tokens }, prompt) => {
      const mine = greedy[prompt]?.[0]?.tokens ?? [];
      const at = tokens.findIndex((token, i) => token !== mine[i]);
      return at < 0 && mine.length === tokens.length ? [] : [{ prompt, at }];
    });
    return {
      prompts: prompts.length,
      positions: ids.reduce((sum, prompt) => sum + prompt.length, 0),
      maxDifference: Math.max(...answers.map((answer) => answer.difference)),
      largestLogit: Math.max(...answers.map((answer) => answer.largest)),
      identical: prompts.length - differing.length,
      differing,
    };
  } finally {
    peer.close();
    rmSync(scratch, { recursive: true });
  }
}
