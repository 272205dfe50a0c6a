/**
 * Writes a TensorFlow GraphDef (tensorflow/core/framework/graph.proto and its imports) from recorded nodes, into one
 * buffer. Only what tfjs-node can emit is covered: scalar and list attributes, and Const tensors of raw bytes.
 */
import protobuf from 'protobufjs/minimal.js';
import type { OpAttribute } from './binding.js';
import { OP_SIGNATURES } from './op-signatures.js';

type Writer = protobuf.Writer;

/** Numbers of `DataType` in types.proto, which are those of TF_DataType. */
export const DataType = { float32: 1, int32: 3, int64: 9, bool: 10, bfloat16: 14 } as const;
/** Numbers of TF_AttrType in c_api.h. */
const AttributeType = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const;
/** Any recent producer: 0 would switch shape inference to the rules of 2015. */
const PRODUCER = 1087;

export interface Constant {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** `node:index` of each input, and its type. */
  readonly inputs: readonly string[];
  readonly inputTypes: readonly number[];
  readonly attributes: readonly OpAttribute[];
  /** Names of nodes that must have run before this one, though nothing of them is an input. */
  readonly after?: readonly string[];
  readonly constant?: Constant;
}

export function placeholder(name: string, dtype: number, shape: readonly number[]): GraphNode {
  return {
    name,
    op: 'Placeholder',
    inputs: [],
    inputTypes: [],
    attributes: [
      { name: 'dtype', type: AttributeType.type, value: dtype },
      { name: 'shape', type: AttributeType.shape, value: shape },
    ],
  };
}

export function constant(name: string, value: Constant): GraphNode {
  const dtype = { name: 'dtype', type: AttributeType.type, value: value.dtype };
  return { name, op: 'Const', inputs: [], inputTypes: [], attributes: [dtype], constant: value };
}

export function encodeGraph(nodes: readonly GraphNode[]): Buffer {
  const writer = protobuf.Writer.create();
  for (const node of nodes) writeNode(writer.uint32(10).fork(), node).ldelim();
  writer.uint32(34).fork().uint32(8).int32(PRODUCER).ldelim();
  const { buffer, byteOffset, length } = writer.finish();
  return Buffer.from(buffer, byteOffset, length);
}

function writeNode(writer: Writer, node: GraphNode): Writer {
  writer.uint32(10).string(node.name).uint32(18).string(node.op);
  for (const input of node.inputs) writer.uint32(26).string(input);
  for (const name of node.after ?? []) writer.uint32(26).string(`^${name}`);
  for (const attribute of [...node.attributes, ...inferredAttributes(node)]) {
    if (attribute.value === null || attribute.value === undefined) continue;
    writer.uint32(42).fork().uint32(10).string(attribute.name).uint32(18).fork();
    writeValue(writer, attribute);
    writer.ldelim().ldelim();
  }
  if (node.constant) {
    writer.uint32(42).fork().uint32(10).string('value').uint32(18).fork().uint32(66).fork();
    writer.uint32(8).int32(node.constant.dtype).uint32(18).fork();
    writeShape(writer, node.constant.shape).ldelim();
    writer.uint32(34).bytes(node.constant.bytes).ldelim().ldelim().ldelim();
  }
  return writer;
}

/** Type and number attributes that eager execution takes from the inputs and that tfjs-node therefore leaves out. */
export function inferredAttributes(node: GraphNode): OpAttribute[] {
  const signature = OP_SIGNATURES[node.op];
  if (!signature) return [];
  const words = signature.split(' ');
  const given = new Set(node.attributes.filter((a) => a.value !== null && a.value !== undefined).map((a) => a.name));
  const inferred: OpAttribute[] = [];
  const infer = (name: string, type: number, value: number): void => {
    if (name === '-' || given.has(name)) return;
    given.add(name);
    inferred.push({ name, type, value });
  };
  let at = 0;
  for (const word of words) {
    const [number, type] = word.includes('*') ? (word.split('*') as [string, string]) : [null, word];
    // At most one list among an op's inputs: it takes what the others leave.
    const count = number === null ? 1 : node.inputs.length - (words.length - 1);
    if (number !== null) infer(number, AttributeType.int, count);
    const dtype = node.inputTypes[at];
    if (dtype !== undefined) infer(type, AttributeType.type, dtype);
    at += count;
  }
  return inferred;
}

function writeValue(writer: Writer, { name, type, value }: OpAttribute): void {
  if (type === AttributeType.shape) {
    writeShape(writer.uint32(58).fork(), value as readonly number[]).ldelim();
  } else if (Array.isArray(value)) {
    writer.uint32(10).fork();
    for (const item of value as readonly (number | boolean)[]) writeItem(writer, type, item);
    writer.ldelim();
  } else if (type === AttributeType.string) {
    writer.uint32(18).string(value as string);
  } else if (type <= AttributeType.type) {
    writeItem(writer, type, value as number | boolean);
  } else {
    throw new Error(`Attribute ${name} has type ${type}, which no traced op carries.`);
  }
}

/** AttrValue and its ListValue number their scalar fields alike. */
function writeItem(writer: Writer, type: number, value: number | boolean): void {
  if (type === AttributeType.int) writer.uint32(24).int64(value as number);
  else if (type === AttributeType.float) writer.uint32(37).float(value as number);
  else if (type === AttributeType.bool) writer.uint32(40).bool(Boolean(value));
  else writer.uint32(48).int32(value as number);
}

function writeShape(writer: Writer, shape: readonly number[]): Writer {
  for (const size of shape) writer.uint32(18).fork().uint32(8).int64(size).ldelim();
  return writer;
}
