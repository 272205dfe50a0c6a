/** A piece of work whose cost is measured at sizes that double. */
export interface Cost {
  readonly part: string;
  /** What doubles. */
  readonly grows: string;
  readonly sizes: readonly number[];
  readonly prepare: (size: number) => Work | Promise<Work>;
}

export interface Work {
  readonly run: () => unknown;
  readonly close?: () => void;
  /** The size as it is counted, where it is not the number asked for. */
  readonly size?: number;
}
