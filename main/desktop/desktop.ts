/** The application: one lab, one window on it, and what goes on without a window. */
import { app, dialog, safeStorage, session, type Event } from 'electron';
import { join } from 'node:path';
import type { Settings } from '../../preload/contract/settings.js';
import { contractHandler } from '../lab/api/router.js';
import type { ContractHandler } from '../lab/api/handler.js';
import { Lab } from '../lab/lab.js';
import { ThreadReader } from '../lab/reader/thread-reader.js';
import { createSample } from '../lab/sample-run.js';
import { openRecords } from '../lab/store-records.js';
import { describeError } from '../lib/errors.js';
import { defaultDataDir } from '../lib/paths.js';
import { Awake } from './awake.js';
import { closingAnswer, closingQuestion, endsWithWindow } from './closing.js';
import { ConnectWindow } from './connect-window.js';
import { UtilityEngineLauncher } from './engine-process.js';
import { setMenu } from './menu.js';
import { noticeOf } from './notices.js';
import { Notifier } from './notifier.js';
import { Preferences } from './preferences.js';
import { serveScheme } from './protocol.js';
import { RunNews } from './run-news.js';
import { SafeKeys } from './safe-keys.js';
import { denyPermissions } from './security.js';
import { LabTray } from './tray.js';
import { LabWindow } from './window.js';

interface Parts {
  readonly lab: Lab;
  readonly handler: ContractHandler;
  readonly preferences: Preferences;
  readonly news: RunNews;
  readonly tray: LabTray;
}

export class Desktop {
  private parts: Parts | undefined;
  private window: LabWindow | undefined;
  private readonly connectWindow = new ConnectWindow();
  /** `ending`: runs are being paused; `ended`: nothing is left to wait for. */
  private state: 'open' | 'ending' | 'ended' = 'open';
  private asking = false;
  private background = false;

  start(): void {
    try {
      this.parts = this.assemble();
    } catch (error) {
      process.stderr.write(`${describeError(error)}\n`);
      dialog.showErrorBox('R-Zero Lab cannot open its data', describeError(error));
      app.exit(1);
      return;
    }
    denyPermissions(session.defaultSession);
    serveScheme(session.defaultSession);
    const { lab } = this.parts;
    const sample = createSample(lab);
    this.show();
    if (!sample) return;
    // One whose engine dies says so itself; here only what could not even be launched is left.
    lab.start(sample.id).catch((error: unknown) => {
      if (lab.run(sample.id).state === 'created')
        dialog.showErrorBox('The sample run could not be started', describeError(error));
    });
  }

  /** @param run the run to show; null: where the user was */
  show(run: string | null = null): void {
    if (!this.parts || this.state !== 'open') return;
    this.background = false;
    if (this.window?.open) {
      this.window.focus();
      if (run !== null) this.window.goToRun(run);
      return;
    }
    const { handler, preferences } = this.parts;
    this.window = new LabWindow({
      handler,
      run,
      place: preferences.window,
      onPlace: (place) => preferences.keepWindow(place),
      mayClose: () => this.mayClose(),
    });
  }

  /** The last window was closed. */
  windowless(): void {
    if (endsWithWindow({ platform: process.platform, background: this.background })) app.quit();
  }

  /** Runs are paused at a safe point before the process ends. */
  quit(event: Event): void {
    if (!this.parts || this.state === 'ended') return;
    event.preventDefault();
    if (this.state === 'ending') return;
    this.state = 'ending';
    const { lab, news, tray } = this.parts;
    void lab
      .settle()
      .then(() => {
        news.close();
        tray.close();
        return lab.close();
      })
      .finally(() => {
        this.state = 'ended';
        app.quit();
      });
  }

  private assemble(): Parts {
    const dataDir = defaultDataDir();
    const lab = new Lab({
      dataDir,
      records: openRecords(dataDir),
      launcher: new UtilityEngineLauncher(),
      reader: new ThreadReader(dataDir),
      keys: new SafeKeys(safeStorage, join(app.getPath('userData'), 'keys.json')),
    });
    const preferences = new Preferences(join(app.getPath('userData'), 'desktop.json'));
    const settings = (): Settings => lab.settings.read().settings;
    const awake = new Awake(settings().keepAwake);
    const actions = {
      open: () => this.show(),
      connect: () => this.connectWindow.open(),
      quit: () => app.quit(),
      pauseAll: () => lab.working.forEach((id) => lab.pause(id)),
      keepAwake: (keepAwake: boolean) => {
        try {
          lab.settings.change({ keepAwake });
        } catch (error) {
          dialog.showErrorBox('The setting could not be kept', describeError(error));
        }
      },
    };
    const menu = (): void =>
      setMenu(actions, { platform: process.platform, keepAwake: settings().keepAwake, packaged: app.isPackaged });
    menu();
    // From the menu or from a page: one setting.
    lab.settings.onChange((stored) => {
      awake.setWanted(stored.settings.keepAwake);
      menu();
    });
    const tray = new LabTray(actions);
    const notifier = new Notifier((run) => this.show(run));
    const news = new RunNews(lab, {
      working: (runs) => {
        awake.setWorking(lab.working.length > 0);
        tray.show(runs.map(({ name }) => name));
      },
      event: (event, run) => {
        const notice = noticeOf(event, run);
        if (notice && settings().notify[notice.kind]) notifier.tell(notice, run.id);
      },
    });
    return { lab, handler: contractHandler(lab, 'desktop'), preferences, news, tray };
  }

  private mayClose(): boolean {
    if (!this.parts || this.state !== 'open') return true;
    const { lab } = this.parts;
    const question = closingQuestion(lab.working.map((id) => lab.run(id).name));
    if (question === null) return true;
    const { window } = this;
    if (!this.asking && window) {
      this.asking = true;
      void dialog
        .showMessageBox(window.window, { type: 'question', noLink: true, ...question, buttons: [...question.buttons] })
        .then(({ response }) => this.answered(closingAnswer(response)))
        .finally(() => (this.asking = false));
    }
    return false;
  }

  private answered(answer: ReturnType<typeof closingAnswer>): void {
    switch (answer) {
      case 'background':
        this.background = true;
        this.window?.destroy();
        return;
      case 'quit':
        app.quit();
        return;
      case 'stay':
        return;
    }
  }
}
