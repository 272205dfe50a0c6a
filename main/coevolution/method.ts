/**
 * The version of the method: raised whenever the same recipe and seed would give other results than before (a change of the
 * algorithm, of a prompt or a default that recipes leave open). Runs of different versions are never taken for one arm of
 * a study. 1: as first released.
 */
export const METHOD_VERSION = 1;
