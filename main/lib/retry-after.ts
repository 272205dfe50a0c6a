/** Of HTTP, or of ISO 8601. `Date.parse` alone takes "-5" and "foo 5" for days of long ago, which would mean "at once". */
const DATE = /^\s*(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|\d{4}-\d\d-\d\dT\d)/i;

/**
 * How long a server asks to be left alone, in milliseconds: its Retry-After, in seconds or as a date (RFC 9110, 10.2.3). Null where
 * it does not say, or cannot be understood.
 */
export function retryAfterMs(header: string | null, now = Date.now()): number | null {
  if (header === null) return null;
  if (/^\s*\d+(?:\.\d+)?\s*$/.test(header)) return Math.ceil(Number(header) * 1000);
  const date = DATE.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
