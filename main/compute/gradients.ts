/**
 * Gradients of tfjs-core 4.22 that are wrong where an input was broadcast: they have the shape of the output. Each is
 * wrapped, so that what it returns is summed over the axes along which the input was repeated.
 */
import { getGradient, registerGradient, reshape, sum, unregisterGradient } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Kernels of two inputs, `a` and `b`, both of which their gradients save. */
const BROADCASTING = ['Maximum', 'Minimum', 'SquaredDifference', 'BatchMatMul'] as const;

export function mendGradients(): void {
  for (const kernelName of BROADCASTING) {
    const original = getGradient(kernelName);
    unregisterGradient(kernelName);
    registerGradient({
      ...original,
      gradFunc: (dy, saved, attributes) => {
        const gradients = original.gradFunc(dy, saved, attributes);
        const [a, b] = saved as [Tensor, Tensor];
        return {
          a: () => sumTo((gradients['a'] as () => Tensor)(), a.shape),
          b: () => sumTo((gradients['b'] as () => Tensor)(), b.shape),
        };
      },
    });
  }
}

function sumTo(gradient: Tensor, shape: number[]): Tensor {
  const skip = gradient.rank - shape.length;
  const axes = gradient.shape.flatMap((length, axis) => (axis < skip || length !== shape[axis - skip] ? [axis] : []));
  return axes.length === 0 ? gradient : reshape(sum(gradient, axes), shape);
}
