/** Electron's entry: lifecycle, nothing else. */
import { app } from 'electron';
import { Desktop } from './desktop/desktop.js';
import { registerScheme } from './desktop/protocol.js';
import { restrictContents } from './desktop/security.js';

registerScheme();
restrictContents(app);

if (app.requestSingleInstanceLock()) {
  const desktop = new Desktop();
  app.on('second-instance', () => desktop.show());
  app.on('activate', () => desktop.show());
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => desktop.quit(event));
  void app.whenReady().then(() => desktop.start());
} else {
  app.quit();
}
