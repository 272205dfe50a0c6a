/** How likely a text is to a model, token by token: for comparing what another program computes with the same weights. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from './config.js';
import { hiddenStates, logitsOf } from './transformer.js';

/** Log-probability of each token but the first, given those before it: tokens (T) → (T − 1). */
export async function sequenceLogProbs(
  config: ModelConfig,
  parameters: readonly tf.Tensor[],
  tokens: readonly number[],
): Promise<Float32Array> {
  if (tokens.length < 2) return new Float32Array();
  const scores = tf.tidy(() => {
    const ids = tf.tensor2d([tokens.slice(0, -1)], [1, tokens.length - 1], 'int32');
    const hidden = tf.reshape(hiddenStates(config, parameters, ids), [tokens.length - 1, config.hiddenSize]);
    // log softmax at the token that came: its logit less the logarithm of the sum, (T − 1, V) → (T − 1)
    const logits = logitsOf(config, parameters, hidden);
    const next = tf.tensor2d(
      tokens.slice(1).map((token, t) => [t, token]),
      undefined,
      'int32',
    );
    return tf.sub(tf.gatherND(logits, next), tf.logSumExp(logits, 1));
  });
  try {
    return (await scores.data()) as Float32Array;
  } finally {
    scores.dispose();
  }
}
