/** Central differences of a function in double precision: errors near 1e-9, far below what float32 can show. */
import type { Input } from './case.js';

const H = 1e-5;

export function differences(
  inputs: readonly Input[],
  which: number,
  f: (inputs: readonly Input[]) => number,
): number[] {
  const input = inputs[which] as Input;
  return input.data.map((value, i) => {
    const shifted = (to: number): number => f(inputs.with(which, { ...input, data: input.data.with(i, to) }));
    return (shifted(value + H) - shifted(value - H)) / (2 * H);
  });
}
