/** What only some backends have, and a recipe may ask for. Pure: preflight asks it of a backend that is not open here. */
import { LabError } from './errors.js';

/** @throws LabError('backend') where the backend has no such type. */
export function requireBfloat16(backend: string): void {
  if (backend === 'tensorflow') return;
  throw new LabError('backend', `Weights in bfloat16 need TensorFlow; this computes on ${backend}.`, {
    remedy: 'Set lora.base_dtype to float32, or choose --backend tensorflow.',
  });
}

/** @throws LabError('backend') where the backend has no generator of random numbers that is a function of its seed. */
export function requireDropout(backend: string): void {
  if (backend === 'tensorflow') return;
  throw new LabError('backend', `Dropout needs TensorFlow; this computes on ${backend}.`, {
    remedy: 'Set lora.dropout to 0, or choose --backend tensorflow.',
  });
}
