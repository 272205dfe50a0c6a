/**
 * What a Qwen3 or Llama decoder, GRPO and AdamW ask of a backend: each kernel once or more, in the shapes and dtypes
 * that are used, with a reference in double precision. Where `differentiable` names inputs, the gradient suite takes
 * the same reference and differences it.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { RandomKey } from '../../lib/random.js';
import type { BackendName } from '../compute.js';
import type { Reference } from './reference.js';
import { sizeOf } from './reference.js';

export interface Input extends Reference {
  readonly dtype: 'float32' | 'int32' | 'bool';
}

export interface Case {
  readonly name: string;
  readonly inputs: readonly Input[];
  readonly run: (inputs: Tensor[]) => Tensor | Tensor[];
  readonly reference: (inputs: readonly Reference[]) => Reference | Reference[];
  readonly differentiable?: readonly number[];
  /** Where a backend is known to be less exact than float32 allows. */
  readonly tolerance?: Partial<Record<BackendName, number>>;
}

/** Float inputs in [low, high), the same in every run. */
export function floats(name: string, shape: readonly number[], low = -2, high = 2): Input {
  const stream = RandomKey.of(1, name, ...shape).stream();
  // Rounded to float32, so that the reference and the backend start from the same numbers.
  const data = Array.from({ length: sizeOf(shape) }, () => Math.fround(low + (high - low) * stream.uniform()));
  return { shape, data, dtype: 'float32' };
}

export const integers = (shape: readonly number[], data: readonly number[]): Input => ({ shape, data, dtype: 'int32' });
export const booleans = (shape: readonly number[], data: readonly number[]): Input => ({ shape, data, dtype: 'bool' });

export const toTensor = ({ shape, data, dtype }: Input): Tensor => tf.tensor([...data], [...shape], dtype);
