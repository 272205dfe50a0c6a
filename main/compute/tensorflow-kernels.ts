/**
 * Kernels of tfjs-node that are replaced.
 *
 * - GatherV2 reads the indices back to check them, which stalls a GPU and cannot be traced; TensorFlow checks them
 *   itself on the CPU (on a GPU an index out of range gives zeros).
 * - BatchMatMul is used even for two plain matrices. TensorFlow's MatMul needs a half to a third of its time there
 *   while they are small (256 × 96 × 96: 62 µs against 176), for it keeps what oneDNN has prepared.
 */
import { registerKernel, scalar, unregisterKernel } from '@tensorflow/tfjs-core';
import type { BatchMatMulAttrs, GatherV2Attrs, TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeBackend } from './binding.js';

export function replaceKernels(): void {
  replaceGather();
  replaceMatMul();
}

function replaceMatMul(): void {
  unregisterKernel('BatchMatMul', 'tensorflow');
  registerKernel({
    kernelName: 'BatchMatMul',
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
      const { transposeA, transposeB } = attrs as unknown as BatchMatMulAttrs;
      const node = backend as NodeBackend;
      const plain = a.shape.length === 2 && b.shape.length === 2;
      const [op, first, second] = plain
        ? (['MatMul', 'transpose_a', 'transpose_b'] as const)
        : (['BatchMatMulV2', 'adj_x', 'adj_y'] as const);
      const { TF_ATTR_BOOL, TF_ATTR_TYPE, TF_FLOAT } = node.binding;
      const attributes = [
        { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
        { name: first, type: TF_ATTR_BOOL, value: transposeA },
        { name: second, type: TF_ATTR_BOOL, value: transposeB },
      ];
      return node.executeSingleOutput(op, attributes, [a, b]);
    },
  });
}

function replaceGather(): void {
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
