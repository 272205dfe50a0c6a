/**
 * The module 'electron' as this project knows it, over an Electron of 2021 that is a Python package: what that one lacks is
 * supplied here, for tests only, so that the product's own code runs in it unchanged. Windows, sandbox, isolation, ports, menus
 * and dialogs are the real ones; a utility process is a current Node.
 */
import './old-node.js';
import { spawn, type ChildProcess } from 'child_process';
import { EventEmitter } from 'events';
import { join } from 'path';
import type Electron from 'electron';

const real = (globalThis as unknown as { readonly rzeroElectron: typeof Electron }).rzeroElectron;

export const { app, BrowserWindow, Menu, MessageChannelMain, Notification, Tray } = real;
export const { dialog, nativeImage, nativeTheme, powerSaveBlocker, protocol, screen, session } = real;

/** That Electron has none: nothing can be kept, and the application says so. */
export const safeStorage = {
  isEncryptionAvailable: () => false,
  encryptString: (): never => {
    throw new Error('no encryption');
  },
  decryptString: (): never => {
    throw new Error('no encryption');
  },
};

/** Its process has what Electron would give it: `process.parentPort`. */
class UtilityProcess extends EventEmitter {
  private readonly child: ChildProcess;
  constructor(file: string) {
    super();
    const node = String(process.env['RZERO_TEST_NODE']);
    const port = join(__dirname, '..', '..', 'parent-port.cjs');
    const env: NodeJS.ProcessEnv = { ...process.env };
    delete env['ELECTRON_RUN_AS_NODE'];
    this.child = spawn(node, ['--require', port, file], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env });
    this.child.on('message', (message) => this.emit('message', message));
    this.child.on('spawn', () => this.emit('spawn'));
    this.child.on('exit', (code, signal) => this.emit('exit', code ?? (signal === null ? 1 : 128)));
  }
  get pid(): number | undefined {
    return this.child.pid;
  }
  get stdout(): unknown {
    return this.child.stdout;
  }
  get stderr(): unknown {
    return this.child.stderr;
  }
  postMessage(message: unknown): void {
    if (this.child.connected) this.child.send(message as object, () => undefined);
  }
  kill(): boolean {
    return this.child.kill('SIGTERM');
  }
}
export const utilityProcess = { fork: (file: string) => new UtilityProcess(file) };

interface OldProtocol {
  registerBufferProtocol(
    scheme: string,
    handler: (request: { url: string }, answer: (whole: object) => void) => void,
  ): void;
}
interface OldResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}
type Handler = (request: { readonly url: string }) => Promise<OldResponse>;
interface OldContents {
  on(name: 'new-window', listener: (event: { preventDefault(): void }, url: string) => void): void;
}
type Decide = (details: { readonly url: string }) => { readonly action: string };

app.on('session-created', (made) => {
  Object.assign(made, { setDevicePermissionHandler: () => undefined });
  const old = made.protocol as unknown as OldProtocol;
  Object.assign(made.protocol, {
    handle: (scheme: string, handler: Handler) =>
      old.registerBufferProtocol(scheme, (request, answer) => {
        void handler(request).then(({ status, headers, body }) => {
          const mimeType = headers['content-type']?.split(';')[0];
          answer({ statusCode: status, headers, data: Buffer.from(body as string), mimeType });
        });
      }),
  });
});
app.on('web-contents-created', (_event, contents) => {
  const old = contents as unknown as OldContents;
  Object.assign(contents, {
    setWindowOpenHandler: (decide: Decide) =>
      old.on('new-window', (event, url) => {
        if (decide({ url }).action === 'deny') event.preventDefault();
      }),
  });
});

/** A dialog cannot be clicked from outside: its answer is in the environment. */
if (process.env['RZERO_TEST_DIALOG'] !== undefined) {
  const response = Number(process.env['RZERO_TEST_DIALOG']);
  Object.assign(dialog, { showMessageBox: () => Promise.resolve({ response, checkboxChecked: false }) });
}

/** As a click on the window's close button, which no page can press. */
process.on('SIGUSR2', () => BrowserWindow.getAllWindows()[0]?.close());
