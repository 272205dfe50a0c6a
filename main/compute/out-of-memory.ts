/** Telling that a computation failed for want of memory, whose ways of saying so are the backends' own. */

/** TensorFlow's allocators, V8's buffers, WASM's heap, WebGPU's devices. */
const SAYINGS =
  /OOM when allocating|ResourceExhausted|RESOURCE_EXHAUSTED|bad_alloc|out of memory|failed to allocate|Array buffer allocation failed|Cannot enlarge memory/i;

export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory';
}

export function isOutOfMemory(error: unknown): boolean {
  return error instanceof OutOfMemory || (error instanceof Error && SAYINGS.test(error.message));
}
