import { startConfirm } from "./confirm.js";
import { startCopy } from "./copy.js";
import { startCounter } from "./counter.js";
import { startDialogs } from "./dialogs.js";
import { startDrawer } from "./drawer.js";
import { startForms } from "./forms.js";
import { startMenus } from "./menus.js";
import { startPolling } from "./polling.js";
import { startSelection } from "./selection.js";
import { startShortcuts } from "./shortcuts.js";
import { startTheme } from "./theme.js";
import { startToasts } from "./toasts.js";
import { startUploads } from "./uploads.js";

// Confirmation listens first: it must stop a submission before anything else sees it.
startConfirm();
startUploads();
startTheme();
startMenus();
startDialogs();
startToasts();
startDrawer();
startShortcuts();
startSelection();
startPolling();
startForms();
startCopy();
startCounter();
