/** What lies around the page: its title, notifications, a sound, the clipboard, downloads, the device's state. */

/** Seconds of the one sound, and its loudness: to be noticed, not to be heard next door. */
const SOUND_SECONDS = 0.35;
const SOUND_GAIN = 0.06;

/** Whether notifications may be shown: "default" means that the user was not asked. */
export function readNotificationPermission(): NotificationPermission {
  return typeof Notification === "undefined" ? "denied" : Notification.permission;
}

/** Asks the user, which only a click may do. */
export async function requestNotificationPermission(): Promise<NotificationPermission> {
  return typeof Notification === "undefined" ? "denied" : await Notification.requestPermission();
}

/** Shows a notification. Two pages that show the same one (by its tag) show it once. */
export function showNotification(
  title: string,
  { body, tag, onClick }: { body: string; tag: string; onClick(): void },
): void {
  if (readNotificationPermission() !== "granted") return;
  const notification = new Notification(title, { body, tag, icon: "/icon.svg" });
  notification.onclick = () => {
    focus();
    onClick();
    notification.close();
  };
}

/** Two soft tones, made here: nothing is loaded. */
export function playSound(): void {
  const context = new AudioContext();
  const gain = context.createGain();
  gain.connect(context.destination);
  const start = context.currentTime;
  gain.gain.setValueAtTime(SOUND_GAIN, start);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + SOUND_SECONDS);
  for (const [hertz, delay] of [[523, 0], [784, 0.08]] as const) {
    const tone = context.createOscillator();
    tone.frequency.value = hertz;
    tone.connect(gain);
    tone.start(start + delay);
    tone.stop(start + SOUND_SECONDS);
  }
  setTimeout(() => void context.close(), SOUND_SECONDS * 2_000);
}

/** Puts the text on the clipboard; whether that worked. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    if (error instanceof DOMException || error instanceof TypeError) return false;
    throw error;
  }
}

/** Gives the user a file. */
export function download(name: string, { text, type }: { text: string; type: string }): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Has the browser ask before the page is left, until what is returned is called. */
export function guardLeaving(): () => void {
  const ask = (event: BeforeUnloadEvent) => event.preventDefault();
  addEventListener("beforeunload", ask);
  return () => removeEventListener("beforeunload", ask);
}

/** Whether somebody can see the page now. */
export function isPageSeen(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

/** Calls when the page may have been away: out of sight, asleep, without network. */
export function onReturn(run: () => void): void {
  addEventListener("online", run);
  addEventListener("pageshow", run);
  addEventListener("focus", run);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && run());
}

/** Calls when what stands behind "#" became another by hand or by a link. */
export function onNewFragment(run: () => void): void {
  addEventListener("hashchange", run);
}

/** Calls again and again, until what it returns is called. */
export function runEvery(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms);
  return () => clearInterval(timer);
}

/** Calls once, later. */
export function runLater(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

/** This device's clock. */
export function nowMs(): number {
  return Date.now();
}
