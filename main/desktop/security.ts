/** Limits that hold for every page this application will ever show: nowhere to go, nothing to open, nothing to ask for. */
import type { App, Session } from 'electron';
import { ORIGIN } from './protocol.js';

export function restrictContents(app: App): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}

export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
}

/** Whether a frame is our own page: only it is ever handed a port. */
export function isOwnPage(url: string): boolean {
  return url.startsWith(`${ORIGIN}/`);
}
