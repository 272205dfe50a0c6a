import { expect, it } from 'vitest';
import { unknownText } from '../../preload/contract/unknown-text.js';
import { generateTask } from './task-generate.js';

const SILENT = {
  signal: new AbortController().signal,
  onProgress: () => undefined,
  onPartial: () => undefined,
  onWord: () => undefined,
};

function unknownIn(text: string): Promise<readonly string[]> {
  return generateTask(
    {
      ...{ model: 'builtin:nano', backend: 'auto', dataDir: '', checkpoint: 'last', role: 'solver' },
      ...{ ask: { kind: 'text', text, chat: false }, samples: 1, seed: 0 },
      ...{ temperature: 0, topP: null, topK: null, maxNewTokens: 2 },
    },
    SILENT,
  ).then(({ unknown }) => unknown);
}

// Would catch: a prompt of which the model sees nothing but holes, continued without a word about it.
it('says which characters of its prompt the model cannot read', async () => {
  expect(await unknownIn('<bos><question>3+4</question>')).toEqual([]);
  const unknown = await unknownIn('a  b\n+1');
  expect(unknown).toEqual(['a', ' ', 'b', '\n']);
  expect(unknownText(unknown)).toMatch(/\(such as 'a', 'b', a space\)$/);
  expect(unknownText(['\u200B', '\n'])).toMatch(/\(such as U\+200B, a line break\)$/);
});
