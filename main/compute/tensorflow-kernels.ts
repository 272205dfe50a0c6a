/**
 * Kernels of tfjs-node that are replaced. Its GatherV2 reads the indices back to check them, which stalls a GPU and
 * cannot be traced; TensorFlow checks them itself on the CPU (on a GPU an index out of range gives zeros).
 */
import { registerKernel, scalar, unregisterKernel } from '@tensorflow/tfjs-core';
import type { GatherV2Attrs, TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeBackend } from './binding.js';

export function replaceKernels(): void {
  unregisterKernel('GatherV2', 'tensorflow');
  registerKernel({
    kernelName: 'GatherV2',
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { x, indices } = inputs as { x: TensorInfo; indices: TensorInfo };
      const { axis, batchDims } = attrs as unknown as GatherV2Attrs;
      const node = backend as NodeBackend;
      const axisTensor = scalar(axis, 'int32');
      const attributes = [{ name: 'batch_dims', type: node.binding.TF_ATTR_INT, value: batchDims }];
      const result = node.executeSingleOutput('GatherV2', attributes, [x, indices, axisTensor]);
      axisTensor.dispose();
      return result;
    },
  });
}
