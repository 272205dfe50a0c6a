/** A model that is what the Solver of another run became, as a recipe names it: RUN@last, RUN@best. */
const REFERENCE = /^(.+)@(last|best)$/;

export interface RunModelName {
  /** Id, name or beginning of an id. */
  readonly run: string;
  readonly checkpoint: 'last' | 'best';
}

/** Null where the model is a shipped one or a folder. */
export function runModelName(model: string): RunModelName | null {
  const [, run, checkpoint] = REFERENCE.exec(model) ?? [];
  return run === undefined || model.startsWith('builtin:') ? null : { run, checkpoint: checkpoint as 'last' | 'best' };
}
