/** What every layout of a micro-batch tells its trainer: which completion tokens it scores, one a row, in which order. */
export interface RowPlan {
  /** Indices into the samples given, in the order in which their rows stand. */
  readonly samples: readonly number[];
  readonly rows: number; // N, padding rows included
  readonly targets: Int32Array; // (N), 0 in padding rows
  /** (N): the index of the row's sample, −1 in padding rows. */
  readonly owners: Int32Array;
  /** Rows that are not padding. */
  readonly tokens: number;
  /** Tokens that go through the model, padding included. */
  readonly padded: number;
}
