/**
 * Records what a step does on tfjs-node's backend: every kernel ends in `binding.executeOp`, so a binding that notes
 * each call sees the forward pass and tfjs's own backward pass alike. The step really runs while it is recorded (shapes
 * come from its results); what it computes is thrown away by the caller.
 *
 * A tensor the step closes over is frozen: small ones become constants, large ones inputs that the trace owns.
 */
import { engine } from '@tensorflow/tfjs-core';
import type { Tensor, TypedArray } from '@tensorflow/tfjs-core';
import { LabError } from '../lib/errors.js';
import type { Binding, NodeBackend, OpAttribute, TensorMetadata } from './binding.js';
import { constant, DataType, placeholder } from './graph-def.js';
import type { Constant, GraphNode } from './graph-def.js';

/** Host arrays and captured tensors up to this many bytes are written into the graph. */
const CONSTANT_BYTES = 65_536;
/** Arrays of one repeated value (tfjs's zeros and ones) from this size on are filled by TensorFlow. */
const FILL_BYTES = 1_024;

/** From this size on, a result computed a second time is taken for recomputation that saves memory. */
const RECOMPUTED_BYTES = 262_144;
/** Ops whose output is their input's buffer (Cast, where tfjs casts to the type that is there already). */
const FREE_OPS = new Set(['Reshape', 'ExpandDims', 'Identity', 'Cast']);

interface Value {
  readonly reference: string;
  readonly dtype: number;
}

export interface Recording {
  readonly nodes: GraphNode[];
  /** Names of the placeholders of the step's inputs, in order. */
  readonly inputs: string[];
  readonly outputs: string[];
  /** Handles owned by this recording, to be passed after the inputs. */
  readonly captured: { readonly name: string; readonly id: number }[];
}

export class Recorder {
  private readonly native: Binding;
  private readonly values = new Map<number, Value>();
  private readonly constants = new Map<string, string>();
  /** Names of nodes by what they compute. */
  private readonly known = new Map<string, string>();
  /** Nodes that those recorded from now on wait for. */
  private awaited: readonly string[] = [];
  private bytes = 0;
  private ops = 0;
  readonly recording: Recording = { nodes: [], inputs: [], outputs: [], captured: [] };

  constructor(
    private readonly backend: NodeBackend,
    private readonly stepName: string,
  ) {
    this.native = backend.binding;
  }

  /** Runs `body` with the backend recording. Whatever happens, the backend is itself again afterwards. */
  during(body: () => void): void {
    const { backend, native } = this;
    const lookUp = backend.getInputTensorIds.bind(backend);
    backend.binding = Object.create(native, {
      executeOp: { value: this.executeOp },
      createTensor: { value: this.createTensor },
      waitFor: { value: this.waitFor },
    }) as Binding;
    backend.getInputTensorIds = (tensors) => {
      const ids = lookUp(tensors);
      for (let i = 0; i < ids.length; i++) this.capture(ids[i] as number, tensors[i] as Tensor);
      return ids;
    };
    backend.readSync = (dataId) => {
      const { values } = backend.tensorMap.get(dataId);
      if (values) return values;
      throw new LabError('internal', `The step '${this.stepName}' reads a tensor back while it is traced.`, {
        remedy: 'Return the tensor and read it outside the step.',
      });
    };
    try {
      body();
    } finally {
      backend.binding = native;
      // The methods of the class show again.
      Reflect.deleteProperty(backend, 'getInputTensorIds');
      Reflect.deleteProperty(backend, 'readSync');
    }
  }

  /** A step's input: a copy of the handle, so that a tensor passed twice, or also closed over, stays two values. */
  input(tensor: Tensor): Tensor {
    const [id] = this.backend.getInputTensorIds([tensor]) as [number];
    const [copy] = this.native.executeOp('Identity', [], [id], 1) as [TensorMetadata];
    const name = `x${this.recording.inputs.length}`;
    this.recording.inputs.push(name);
    this.recording.nodes.push(placeholder(name, copy.dtype, copy.shape));
    this.values.set(copy.id, { reference: `${name}:0`, dtype: copy.dtype });
    return wrap(this.backend, copy, tensor);
  }

  /** Outputs are nodes of their own, even where the step returns an input, a constant, or one tensor twice. */
  output(tensor: Tensor): void {
    const [id] = this.backend.getInputTensorIds([tensor]) as [number];
    const value = this.values.get(id) as Value;
    const taken = this.recording.outputs.includes(value.reference) || !value.reference.startsWith('n');
    const reference = taken ? this.add('Identity', [], [value]) + ':0' : value.reference;
    this.recording.outputs.push(reference);
  }

  /** Lets go of what was captured, when a trace fails or is forgotten. */
  release(): void {
    for (const { id } of this.recording.captured) this.native.deleteTensor(id);
    this.recording.captured.length = 0;
  }

  private readonly executeOp = (
    op: string,
    attributes: readonly OpAttribute[],
    ids: readonly number[],
    count: number,
  ): TensorMetadata[] => {
    if (op === 'Multinomial') {
      throw new LabError('internal', `The step '${this.stepName}' draws random numbers while it is traced.`, {
        remedy: 'Draw them outside the step and pass them in.',
      });
    }
    const results = isInPlace(op)
      ? this.executeOnCopy(op, attributes, { ids, count })
      : this.native.executeOp(op, attributes, ids, count);
    const inputs = ids.map((id) => this.values.get(id) as Value);
    const name = this.node(op, attributes, inputs, results);
    results.forEach((result, port) => {
      this.values.set(result.id, { reference: `${name}:${port}`, dtype: result.dtype });
    });
    return results;
  };

  /** The step runs while it is recorded, but what it writes into is the caller's: the replay has yet to find it as it was. */
  private executeOnCopy(
    op: string,
    attributes: readonly OpAttribute[],
    { ids, count }: { ids: readonly number[]; count: number },
  ): TensorMetadata[] {
    const [target, ...rest] = ids as [number, ...number[]];
    const [copy] = this.native.executeOp('DeepCopy', [], [target], 1) as [TensorMetadata];
    try {
      return this.native.executeOp(op, attributes, [copy.id, ...rest], count);
    } finally {
      this.native.deleteTensor(copy.id);
    }
  }

  /** What an op of this recording puts out in the mean: a measure of how much work one is. */
  get meanOutputBytes(): number {
    return this.bytes / Math.max(1, this.ops);
  }

  /**
   * A node for an op, or an equal one that is there. TensorFlow would merge equal nodes itself, and with them a forward
   * pass and its recomputation, whose results would then be kept after all. So a large node that equals an earlier one
   * gets an attribute that makes it different (TensorFlow ignores those whose names begin with an underscore).
   */
  private node(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly Value[],
    results: TensorMetadata[],
  ): string {
    const bytes = results.reduce((sum, { shape }) => sum + 4 * shape.reduce((size, length) => size * length, 1), 0);
    this.bytes += bytes;
    this.ops++;
    const key = `${op}(${inputs.map(({ reference }) => reference).join()})${JSON.stringify(attributes)}`;
    const known = this.known.get(key);
    // Updates in place are the only ops that do more than compute.
    if (known === undefined || isInPlace(op)) {
      const name = this.add(op, attributes, inputs);
      this.known.set(key, name);
      return name;
    }
    if (bytes < RECOMPUTED_BYTES || (FREE_OPS.has(op) && !isWidening(op, inputs))) return known;
    const serial = { name: '_recomputed', type: this.native.TF_ATTR_INT, value: this.recording.nodes.length };
    return this.add(op, [...attributes, serial], inputs);
  }

  private readonly createTensor = (shape: number[], dtype: number, values: TypedArray): number => {
    const id = this.native.createTensor(shape, dtype, values);
    this.values.set(id, { reference: this.constantOf(id, dtype, shape, values), dtype });
    return id;
  };

  private readonly waitFor = (ids: readonly number[]): void => {
    this.awaited = ids.flatMap((id) => {
      const [name] = (this.values.get(id)?.reference ?? '').split(':') as [string];
      return name.startsWith('n') ? [name] : [];
    });
  };

  private add(op: string, attributes: readonly OpAttribute[], inputs: readonly Value[]): string {
    const name = `n${this.recording.nodes.length}`;
    this.recording.nodes.push({
      name,
      op,
      inputs: inputs.map((value) => value.reference),
      inputTypes: inputs.map((value) => value.dtype),
      attributes,
      ...(this.awaited.length > 0 && { after: this.awaited }),
    });
    return name;
  }

  private capture(id: number, { dataId }: { dataId?: object }): void {
    // tfjs-node's 64-bit scalars have no data id; createTensor has seen them.
    if (this.values.has(id) || !dataId) return;
    const { dtype, shape } = this.backend.tensorMap.get(dataId);
    const size = shape.reduce((product, length) => product * length, dtype === DataType.bool ? 1 : 4);
    const reference =
      size <= CONSTANT_BYTES && dtype !== DataType.bfloat16
        ? this.constantOf(id, dtype, shape, this.native.tensorDataSync(id))
        : this.ownHandle(id, dtype, shape);
    this.values.set(id, { reference, dtype });
  }

  private ownHandle(id: number, dtype: number, shape: readonly number[]): string {
    const [own] = this.native.executeOp('Identity', [], [id], 1) as [TensorMetadata];
    const name = `c${this.recording.captured.length}`;
    this.recording.captured.push({ name, id: own.id });
    this.recording.nodes.push(placeholder(name, dtype, shape));
    return `${name}:0`;
  }

  private constantOf(id: number, dtype: number, shape: readonly number[], values: TypedArray): string {
    if (values.byteLength >= FILL_BYTES && dtype !== DataType.int64 && isUniform(values)) {
      const dims = this.constant({
        dtype: DataType.int32,
        shape: [shape.length],
        bytes: bytesOf(Int32Array.from(shape)),
      });
      const fill = this.constant({ dtype, shape: [], bytes: bytesOf(values.slice(0, 1)) });
      return `${this.add(
        'Fill',
        [],
        [
          { reference: dims, dtype: DataType.int32 },
          { reference: fill, dtype },
        ],
      )}:0`;
    }
    if (values.byteLength > CONSTANT_BYTES) return this.ownHandle(id, dtype, shape);
    return this.constant({ dtype, shape: [...shape], bytes: bytesOf(values.slice()) });
  }

  private constant(value: Constant): string {
    const key = `${value.dtype}|${value.shape.join()}|${Buffer.from(value.bytes.buffer).toString('latin1')}`;
    const known = this.constants.get(key);
    if (known) return known;
    const name = `k${this.constants.size}`;
    this.recording.nodes.push(constant(name, value));
    this.constants.set(key, `${name}:0`);
    return `${name}:0`;
  }
}

/** A tensor of tfjs over a handle of TensorFlow. */
function wrap(backend: NodeBackend, handle: TensorMetadata, like: Tensor): Tensor {
  const dataId = {};
  backend.tensorMap.set(dataId, { shape: like.shape, dtype: handle.dtype, id: handle.id, values: null, refCount: 1 });
  return engine().makeTensorFromTensorInfo({ dataId, shape: like.shape, dtype: like.dtype }, backend);
}

function bytesOf(values: TypedArray): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** By bits, so that arrays of NaN count and 0 does not equal −0. */
function isUniform(values: TypedArray): boolean {
  const bits =
    values instanceof Float32Array ? new Int32Array(values.buffer, values.byteOffset, values.length) : values;
  const first = bits[0];
  for (let i = 1; i < bits.length; i++) if (bits[i] !== first) return false;
  return true;
}

/** From bfloat16: as large again as its result, which is to be short-lived. */
function isWidening(op: string, inputs: readonly { readonly dtype: number }[]): boolean {
  return op === 'Cast' && inputs[0]?.dtype === DataType.bfloat16;
}

function isInPlace(op: string): boolean {
  return op.startsWith('Inplace');
}
