import { expect, it } from 'vitest';
import { modelFolder } from '../hub/model-place.js';
import { describeModelFolder } from '../model/folder.js';
import { shippedKin } from './shipped-kin.js';

// Would catch: kin that is not known after another program wrote the file anew, and a stranger of the same size taken for kin.
it('knows the shipped vocabulary however its file is written, and no other', async () => {
  const { tokenizer, origin } = await describeModelFolder(modelFolder('builtin:nano'));
  const text = origin.files.get('tokenizer.json')?.toString('utf8') ?? '';
  const kin = (file: string | null): string | null =>
    shippedKin({
      tokenizer,
      origin: { ...origin, files: new Map(file === null ? [] : [['tokenizer.json', Buffer.from(file)]]) },
    });
  expect(kin(text)).toBe('builtin:nano');
  expect(kin(JSON.stringify(JSON.parse(text)))).toBe('builtin:nano');
  expect(kin(text.replace('"#": 22', '"w": 22'))).toBeNull();
  expect(kin(null)).toBeNull();
});
