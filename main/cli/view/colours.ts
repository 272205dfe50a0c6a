/** The colours of the terminal views. The two roles have theirs everywhere; NO_COLOR and a pipe turn all of them off. */
import pico from 'picocolors';

type Paint = (text: string) => string;

export interface Colours {
  readonly challenger: Paint;
  readonly solver: Paint;
  readonly strong: Paint;
  readonly faint: Paint;
  readonly good: Paint;
  readonly warn: Paint;
  readonly bad: Paint;
}

export function colours(enabled: boolean): Colours {
  const c = pico.createColors(enabled);
  return {
    challenger: c.magenta,
    solver: c.cyan,
    strong: c.bold,
    faint: c.dim,
    good: c.green,
    warn: c.yellow,
    bad: c.red,
  };
}

/** NO_COLOR (any value that is not empty) wins, then FORCE_COLOR, then whether the stream is a terminal. */
export function wantsColour(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && env.TERM !== 'dumb';
}
