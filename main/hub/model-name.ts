/** A model of the hub as people name it: OWNER/NAME, or OWNER/NAME@REVISION for a branch, a tag or a commit. Pure. */
import { isHubId, type HubPlace } from './repository.js';

export type ModelPlace = HubPlace & { readonly kind: 'model' };

/** Null where the text can be no such name. A path of two parts looks the same: whoever asks looks for a folder first. */
export function hubModelName(reference: string): ModelPlace | null {
  const [, id = '', revision = 'main'] = /^([^@]+)(?:@([^\s@]+))?$/.exec(reference) ?? [];
  const proper = isHubId(id) && !revision.split('/').some((part) => /^\.*$/.test(part)) && !/[\\:\0]/.test(revision);
  return proper ? { kind: 'model', id, revision } : null;
}

export function hubReference({ id, revision }: { readonly id: string; readonly revision: string }): string {
  return revision === 'main' ? id : `${id}@${revision}`;
}
