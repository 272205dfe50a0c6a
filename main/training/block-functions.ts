/** The compiled functions of one block that all layers of a model share, for batches with prompts and for those without. */
import * as tf from '@tensorflow/tfjs-core';
import type { CompiledStep, Compute } from '../compute/compute.js';
import { keeping, PLAIN, recalling } from '../model/block-ops.js';
import { branchBlock, type BranchBlockOptions, branchContext, contextFrom, contextTensors } from '../model/branches.js';
import type { ModelConfig } from '../model/config.js';
import { drops, type Dropout } from '../model/dropout.js';
import { trainedPlaces } from './places.js';
import { shared } from './shared-steps.js';

export interface BlockFunctions {
  /** positions, segments and, with prompts, their lengths and the owners → the context's tensors. */
  readonly context: CompiledStep;
  /** x, context, the layer's weights, while adapters with dropout learn the layer's seed → y. */
  readonly forward: CompiledStep;
  /** The same → y, and what is kept. */
  readonly forwardKeeping: CompiledStep;
  /** x, dy, context, the layer's weights, gradients so far of those that are trained, the seed, kept → dx, the gradients. */
  readonly backward: CompiledStep;
}

/** Tensors of a context. */
const SIZE = { withPrompts: 5, without: 3 };
/** Dear operations up to the last one whose result the backward pass asks for: all but the product with `down`. */
const KEPT = { withPrompts: 5, without: 4 };

export function blockFunctions(compute: Compute, c: ModelConfig, prompts: boolean): BlockFunctions {
  const kind = prompts ? 'withPrompts' : 'without';
  const size = SIZE[kind];
  const step = (name: string, run: (inputs: readonly tf.Tensor[]) => tf.Tensor[]): CompiledStep =>
    shared(compute, c, `block.${name}${prompts ? '.prompts' : ''}`, run);
  const { layer: all, trained } = trainedPlaces(c);
  // A seed stands behind what is always there; scoring has none.
  const dropoutOf = (seed: tf.Tensor | undefined): Dropout | undefined =>
    c.lora && seed ? { rate: c.lora.dropout, seed: seed as tf.Tensor1D } : undefined;
  const read = ([x, ...rest]: readonly tf.Tensor[]): [tf.Tensor2D, tf.Tensor[], BranchBlockOptions] => [
    x as tf.Tensor2D,
    rest.slice(size, size + all),
    { context: contextFrom(rest.slice(0, size)), dropout: dropoutOf(rest[size + all]) },
  ];
  return {
    context: step('context', ([positions, segments, promptLengths = null, owner = null]) =>
      contextTensors(
        branchContext(c, { positions: positions as tf.Tensor, segments: segments as tf.Tensor, promptLengths, owner }),
      ),
    ),
    forward: step('forward', (inputs) => {
      const [x, tensors, options] = read(inputs);
      return [branchBlock(c, x, tensors, options)];
    }),
    forwardKeeping: step('forward.keeping', (inputs) => {
      const [x, tensors, options] = read(inputs);
      const kept: tf.Tensor[] = [];
      return [branchBlock(c, x, tensors, { ...options, ops: keeping(kept, KEPT[kind]) }), ...kept];
    }),
    backward: step('backward', ([x, dy, ...rest]) => {
      const context = contextFrom(rest.slice(0, size));
      const tensors = rest.slice(size, size + all);
      const accumulated = rest.slice(size + all, size + all + trained);
      const behind = rest.slice(size + all + trained);
      const dropout = drops(c) ? dropoutOf(behind.shift()) : undefined;
      const kept = behind;
      const frozen = tensors.slice(0, all - trained);
      const run = (...args: tf.Tensor[]): tf.Tensor => {
        const [input, ...weights] = args as [tf.Tensor2D, ...tf.Tensor[]];
        const ops = kept.length > 0 ? recalling(kept) : PLAIN;
        return branchBlock(c, input, [...frozen, ...weights], { context, ops, dropout });
      };
      const inputs = [x as tf.Tensor, ...tensors.slice(all - trained)];
      const [dx, ...own] = tf.grads(run)(inputs, dy) as [tf.Tensor, ...tf.Tensor[]];
      return [dx, ...own.map((gradient, i) => tf.add(gradient, accumulated[i] as tf.Tensor))];
    }),
  };
}
