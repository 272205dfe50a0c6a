/** The part of tfjs-node's native binding that is used here, and what the laboratory's build of it adds. */
import type { KernelBackend, Tensor, TypedArray } from '@tensorflow/tfjs-core';

export interface TensorMetadata {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: boolean | number | string | readonly number[] | readonly boolean[] | null | undefined;
}

export interface Binding {
  createTensor(shape: number[], dtype: number, values: TypedArray): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  executeOp(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorMetadata[];
  getNumOfTensors(): number;
  isUsingGpuDevice(): boolean;
  /** Makes a TensorFlow function of a GraphDef. Outputs are `node:index`. Only in the laboratory's own build. */
  addFunction?(
    name: string,
    graphDef: Buffer,
    inputs: readonly string[],
    outputs: readonly string[],
    inLanes?: boolean,
  ): void;
  removeFunction?(name: string): void;
  /** While a step is recorded: ops recorded from now on wait for these handles; for none, with an empty list. */
  waitFor?(ids: readonly number[]): void;
  /** Threads that each run a function of their own, added with `inLanes`. Only in the laboratory's own build. */
  openLanes?(count: number): boolean;
  executeInLanes?(
    names: readonly string[],
    inputs: readonly (readonly number[])[],
    outputs: readonly number[],
  ): TensorMetadata[][];

  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_BOOL: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_Version: string;
}

/** What tfjs-node keeps for each tensor. `values` are host values not yet handed to TensorFlow. */
export interface TensorRecord {
  shape: number[];
  dtype: number;
  id: number;
  values: TypedArray | null;
  refCount: number;
}

/** tfjs-node's backend object, as far as tracing looks into it. */
export interface NodeBackend extends KernelBackend {
  binding: Binding;
  readonly tensorMap: { get(dataId: object): TensorRecord; set(dataId: object, record: TensorRecord): void };
  getInputTensorIds(tensors: readonly { dataId: object }[]): number[];
  readSync(dataId: object): TypedArray;
  executeSingleOutput(op: string, attributes: readonly OpAttribute[], inputs: readonly { dataId: object }[]): Tensor;
}
