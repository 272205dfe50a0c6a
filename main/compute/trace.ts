/**
 * `compiled` for TensorFlow: a step is recorded once per set of input shapes and dtypes, what its outputs do not need is
 * dropped, and the rest becomes one TensorFlow function, called like any op.
 *
 * Called inside another step that is being traced, or under a gradient tape, the step runs inline: its ops belong to
 * the outer graph, or to the tape.
 */
import { engine } from '@tensorflow/tfjs-core';
import type { DataType as TensorType, Tensor } from '@tensorflow/tfjs-core';
import { LabError } from '../lib/errors.js';
import type { Binding, NodeBackend, OpAttribute, TensorMetadata } from './binding.js';
import type { CompiledStep, Step, StepStatistics } from './compute.js';
import { DataType, encodeGraph } from './graph-def.js';
import type { GraphNode } from './graph-def.js';
import { Recorder } from './recorder.js';
import { bucketOf, inTurn, StepRegistry, type StepEntry } from './steps.js';

/** Where a traced function runs: with every op on all cores, or in a lane, with every op on the lane's one core. */
type Place = 'cores' | 'lane';

/** Below this mean size of results, handing ops from thread to thread costs more than it gains. */
const SMALL_OP_BYTES = 262_144;

interface TracedFunction {
  readonly name: string;
  /** Given with every call. */
  readonly attributes: readonly OpAttribute[];
  /** Which of the step's inputs the graph needs. */
  readonly used: readonly number[];
  readonly captured: readonly number[];
  readonly outputs: readonly { readonly shape: number[]; readonly dtype: TensorType }[];
  readonly nodes: number;
}

export class Tracer {
  private readonly registry = new StepRegistry<TracedFunction>((traced) => this.drop(traced));
  private serial = 0;
  private tracing = false;

  /** @param lanes above 1, the binding's lanes are open */
  constructor(
    private readonly backend: NodeBackend,
    private readonly lanes: number,
  ) {}

  compiled(name: string, step: Step): CompiledStep {
    const entry = this.registry.add(name);
    const inline = (): boolean => this.tracing || engine().state.gradientDepth > 0;
    const run = (inputs: readonly Tensor[]): Tensor[] => {
      if (inline()) return step(inputs);
      entry.calls++;
      return this.replay(this.tracedFor(entry, step, { inputs, place: 'cores' }), inputs);
    };
    const each = (sets: readonly (readonly Tensor[])[]): Tensor[][] => {
      if (this.lanes === 1 || inline()) return inTurn(sets, run);
      entry.calls += sets.length;
      return this.replayInLanes(
        sets.map((inputs) => ({ inputs, traced: this.tracedFor(entry, step, { inputs, place: 'lane' }) })),
      );
    };
    return Object.assign(run, { each });
  }

  statistics(): StepStatistics[] {
    return this.registry.statistics();
  }

  forget(prefix = ''): void {
    this.registry.forget(prefix);
  }

  private tracedFor(
    entry: StepEntry<TracedFunction>,
    step: Step,
    { inputs, place }: { inputs: readonly Tensor[]; place: Place },
  ): TracedFunction {
    const bucket = `${place} ${bucketOf(inputs)}`;
    const known = entry.buckets.get(bucket);
    if (known !== undefined) return known;
    const start = performance.now();
    const traced = this.trace(entry.name, step, { inputs, place });
    entry.traceMs += performance.now() - start;
    entry.buckets.set(bucket, traced);
    this.registry.met(entry, traced.nodes);
    return traced;
  }

  private trace(
    name: string,
    step: Step,
    { inputs, place }: { inputs: readonly Tensor[]; place: Place },
  ): TracedFunction {
    const recorder = new Recorder(this.backend, name);
    const outputs: { shape: number[]; dtype: TensorType }[] = [];
    this.tracing = true;
    try {
      engine().tidy(() => {
        const copies = inputs.map((tensor) => recorder.input(tensor));
        recorder.during(() => {
          for (const tensor of step(copies)) {
            recorder.output(tensor);
            outputs.push({ shape: [...tensor.shape], dtype: tensor.dtype });
          }
        });
      });
      return this.build(name, recorder, { outputs, place });
    } catch (error) {
      recorder.release();
      throw error;
    } finally {
      this.tracing = false;
    }
  }

  private build(
    step: string,
    recorder: Recorder,
    { outputs, place }: { outputs: TracedFunction['outputs']; place: Place },
  ): TracedFunction {
    const { recording } = recorder;
    const needed = inOrder(reachable(recording.nodes, recording.outputs));
    const live = new Set(needed.map((node) => node.name));
    const used = recording.inputs.flatMap((input, index) => (live.has(input) ? [index] : []));
    const captured = recording.captured.filter(({ name }) => live.has(name));
    for (const { name, id } of recording.captured) if (!live.has(name)) this.backend.binding.deleteTensor(id);
    recording.captured.splice(0, Infinity, ...captured);

    const name = `rzero_${step.replaceAll(/\W/g, '_')}_${this.serial++}`;
    const parameters = [...used.map((index) => recording.inputs[index] as string), ...captured.map((c) => c.name)];
    try {
      const binding = this.backend.binding as Required<Binding>;
      binding.addFunction(name, encodeGraph(needed), parameters, recording.outputs, place === 'lane');
    } catch (cause) {
      throw new LabError('internal', `TensorFlow refuses the graph of the step '${step}': ${String(cause)}`, { cause });
    }
    const attributes = this.executorFor(recorder);
    return { name, attributes, used, captured: captured.map((c) => c.id), outputs, nodes: needed.length };
  }

  /**
   * Decoding is hundreds of tiny ops in a row: on one thread they ran 5 % faster on an idle processor, 30 % on a busy
   * one. Training loses 4 %. Ops themselves use all threads either way, so results are the same.
   */
  private executorFor(recorder: Recorder): OpAttribute[] {
    const { binding } = this.backend;
    if (binding.isUsingGpuDevice() || recorder.meanOutputBytes >= SMALL_OP_BYTES) return [];
    return [{ name: 'executor_type', type: binding.TF_ATTR_STRING, value: 'SINGLE_THREADED_EXECUTOR' }];
  }

  private replay(traced: TracedFunction, inputs: readonly Tensor[]): Tensor[] {
    const handles = this.handlesFor(traced, inputs);
    return this.adopt(
      traced,
      this.backend.binding.executeOp(traced.name, traced.attributes, handles, traced.outputs.length),
    );
  }

  private replayInLanes(calls: readonly { inputs: readonly Tensor[]; traced: TracedFunction }[]): Tensor[][] {
    const binding = this.backend.binding as Required<Binding>;
    const results = binding.executeInLanes(
      calls.map(({ traced }) => traced.name),
      calls.map(({ traced, inputs }) => this.handlesFor(traced, inputs)),
      calls.map(({ traced }) => traced.outputs.length),
    );
    return calls.map(({ traced }, i) => this.adopt(traced, results[i] as TensorMetadata[]));
  }

  /** The native tensors a call passes: what the graph needs of the inputs, then what it captured. */
  private handlesFor(traced: TracedFunction, inputs: readonly Tensor[]): number[] {
    const { backend } = this;
    const handles = traced.used.map((index) => {
      const tensor = inputs[index] as Tensor;
      const record = backend.tensorMap.get(tensor.dataId);
      return record.values === null ? record.id : (backend.getInputTensorIds([tensor])[0] as number);
    });
    return [...handles, ...traced.captured];
  }

  /** The native tensors a call returned, as tensors. */
  private adopt(traced: TracedFunction, results: readonly TensorMetadata[]): Tensor[] {
    const { backend } = this;
    return traced.outputs.map(({ shape, dtype }, i) => {
      const result = results[i] as TensorMetadata;
      const dataId = {};
      backend.tensorMap.set(dataId, { shape, dtype: result.dtype, id: result.id, values: null, refCount: 1 });
      return engine().makeTensorFromTensorInfo({ dataId, shape, dtype }, backend);
    });
  }

  private drop(traced: TracedFunction): void {
    for (const id of traced.captured) this.backend.binding.deleteTensor(id);
    this.backend.binding.removeFunction?.(traced.name);
  }
}

/** The nodes that the outputs depend on, in their order. */
function reachable(nodes: readonly GraphNode[], outputs: readonly string[]): GraphNode[] {
  const live = new Set(outputs.map(nodeOf));
  // Inputs precede the nodes that use them, so one pass backwards meets every user first.
  const kept: GraphNode[] = [];
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i] as GraphNode;
    if (!live.has(node.name)) continue;
    kept.push(node);
    for (const input of node.inputs) live.add(nodeOf(input));
  }
  // To wait for what nobody needs would have it done.
  return kept
    .reverse()
    .map((node) => (node.after ? { ...node, after: node.after.filter((name) => live.has(name)) } : node));
}

/**
 * Has each widening of bfloat16 weights, and each piece cut from them, wait for the op before it. It needs nothing but the
 * weights, so that TensorFlow, which runs whatever is ready, would widen those of all layers at once.
 */
function inOrder(nodes: readonly GraphNode[]): GraphNode[] {
  let before: string | undefined;
  return nodes.map((node) => {
    const widening = (node.op === 'Cast' || node.op === 'Slice') && node.inputTypes[0] === DataType.bfloat16;
    const placed = widening && before !== undefined ? { ...node, after: [...(node.after ?? []), before] } : node;
    if (!widening && node.op !== 'Placeholder' && node.op !== 'Const') before = node.name;
    return placed;
  });
}

function nodeOf(reference: string): string {
  return reference.slice(0, reference.indexOf(':'));
}
