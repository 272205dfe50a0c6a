import { expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.js';

const NOW = Date.UTC(2026, 0, 1, 12);

// Would catch: a header that says nothing taken for a date of long ago, so that a server is asked again at once; a date lost.
it.each([
  [null, null],
  ['17', 17_000],
  ['0', 0],
  ['-5', null],
  ['foo 5', null],
  ['5 minutes', null],
  ['NaN', null],
  ['', null],
  ['Thu, 01 Jan 2026 12:01:30 GMT', 90_000],
  ['Thursday, 01-Jan-26 12:01:30 GMT', 90_000],
  ['Thu Jan  1 12:01:30 2026 GMT', 90_000],
  ['2026-01-01T12:01:30Z', 90_000],
  ['Wed, 21 Oct 2015 07:28:00 GMT', 0],
])('%j asks for %s ms', (header, ms) => {
  expect(retryAfterMs(header, NOW)).toBe(ms);
});
