import { describe, expect, it } from 'vitest';
import { endpointOf, requireSafe } from './endpoint.js';

describe('the address of an endpoint', () => {
  // Would catch: the same endpoint under two names, which would be two judges and twice the cost.
  it.each([
    ['https://api.host.test', 'https://api.host.test/v1/chat/completions'],
    ['https://api.host.test/v1', 'https://api.host.test/v1/chat/completions'],
    [' https://API.host.test:443/v1/ ', 'https://api.host.test/v1/chat/completions'],
    ['https://host.test/api/v1/chat/completions', 'https://host.test/api/v1/chat/completions'],
    ['http://127.0.0.1:8000', 'http://127.0.0.1:8000/v1/chat/completions'],
    ['localhost:8000/v1', 'http://localhost:8000/v1/chat/completions'],
    ['https://host.test//v1//', 'https://host.test/v1/chat/completions'],
    ['https://host.test/v1/models', 'https://host.test/v1/chat/completions'],
    ['https://host.test/v1/completions', 'https://host.test/v1/chat/completions'],
    ['LOCALHOST:8000', 'http://localhost:8000/v1/chat/completions'],
    ['[::1]:8000', 'http://[::1]:8000/v1/chat/completions'],
    ['[2001:db8::1]:8000', 'https://[2001:db8::1]:8000/v1/chat/completions'],
    ['host.test', 'https://host.test/v1/chat/completions'],
    ['http://[::1]:8000/v1', 'http://[::1]:8000/v1/chat/completions'],
  ])('%s is %s', (given, url) => {
    expect(endpointOf(given).url).toBe(url);
  });

  // Would catch: a key in an address that is stored, shown and refused with itself in the message.
  it.each([
    ['https://user:sk-secret-1234@host.test/v1', 'a user or a password'],
    ['https://host.test/v1?key=sk-secret-1234', 'after ? or #'],
    ['https://host.test/v1#sk-secret-1234', 'after ? or #'],
    ['ftp://host.test/sk-secret-1234', 'neither http nor https'],
    ['http://', 'no address'],
    ['http://ho st/sk-secret-1234', 'no address'],
  ])('%s is refused without being repeated', (given, why) => {
    expect(() => endpointOf(given)).toThrow(why);
    try {
      endpointOf(given);
    } catch (error) {
      expect(String(error) + JSON.stringify(error)).not.toContain('sk-secret');
    }
  });

  // Would catch: a name that only begins like this machine's, or a private network taken for it.
  it.each([
    ['http://127.0.0.1:8000', true],
    ['http://127.8.9.10', true],
    ['http://localhost', true],
    ['http://[::1]:1', true],
    ['https://host.test', true],
    ['http://127.0.0.1.host.test', false],
    ['http://localhost.host.test', false],
    ['http://192.168.1.2:8000', false],
  ])('%s may have a key: %s', (given, safe) => {
    const check = (hasKey: boolean, allowHttp: boolean) => () => requireSafe(endpointOf(given), { hasKey, allowHttp });
    if (safe) expect(check(true, false)).not.toThrow();
    else expect(check(true, false)).toThrow('unencrypted');
    expect(check(false, false)).not.toThrow();
    expect(check(true, true)).not.toThrow();
  });
});
