/** The tasks of the contract: generate text, look at logits, evaluate a model on a benchmark, check the record. */
import * as tf from '@tensorflow/tfjs-core';
import { examine } from '../compute/doctor.js';
import { openCompute, type PassedOver } from '../compute/open.js';
import { LabError } from '../lib/errors.js';
import { hiddenStates, logitsOf } from '../model/transformer.js';
import { Database } from '../store/database.js';
import { openModel } from './open-model.js';
import type { TaskHandlers } from './serve.js';
import { generateTask } from './task-generate.js';
import { evaluateTask } from './task-evaluate.js';
import { chatTask } from './chat/task-chat.js';
import { describeTask, saveTask } from './task-models.js';
import { foretellTask } from './task-foretell.js';
import { rolloutsTask } from './task-rollouts.js';

export const taskHandlers: TaskHandlers = {
  generate: generateTask,
  describe: describeTask,
  save: saveTask,
  evaluate: evaluateTask,
  rollouts: rolloutsTask,
  chat: chatTask,
  foretell: foretellTask,

  async check({ dataDir }) {
    const start = performance.now();
    const db = Database.open(dataDir, { mode: 'read' });
    try {
      db.check();
    } finally {
      db.close();
    }
    return { seconds: (performance.now() - start) / 1000 };
  },

  async logits(input) {
    await openCompute(input.backend);
    const { model } = await openModel(input);
    const { config, parameters } = model;
    checkTokens(input.tokens, config.vocabSize, config.maxPositions);
    // (1, T) → (T, V)
    const logits = tf.tidy(() => {
      const ids = tf.tensor2d([input.tokens], [1, input.tokens.length], 'int32');
      const hidden = hiddenStates(config, parameters.tensors, ids);
      return logitsOf(config, parameters.tensors, tf.reshape(hidden, [input.tokens.length, config.hiddenSize]));
    });
    const values = (await logits.data()) as Float32Array;
    logits.dispose();
    const V = config.vocabSize;
    return { logits: input.tokens.map((_, t) => values.slice(t * V, (t + 1) * V)) };
  },

  async backend(input) {
    let passedOver: readonly PassedOver[] = [];
    const compute = await openCompute(input.backend, { onReport: (report) => (passedOver = report.passedOver) });
    const { backend, description, usesHostMemory, lanes } = compute;
    return { backend, description, hostMemory: usesHostMemory, lanes, passedOver: [...passedOver] };
  },

  async doctor({ dataDir }) {
    const { machine, node, disks, backends, chosen, advice } = await examine({ dataDir });
    return { machine, node, disks: [...disks], backends: [...backends], chosen, advice: [...advice] };
  },
};

function checkTokens(tokens: readonly number[], vocabulary: number, positions: number): void {
  const wrong = tokens.find((id) => id >= vocabulary);
  if (wrong !== undefined) {
    throw new LabError('usage', `Token ${wrong} is outside the vocabulary: ids go from 0 to ${vocabulary - 1}.`);
  }
  if (tokens.length > positions) {
    throw new LabError('usage', `${tokens.length} tokens are too many: the model has ${positions} positions.`);
  }
}
