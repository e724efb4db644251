/** Notifications of the desktop, and the sound of a message. */

import type { Notifier } from "./ports.ts";

/** Length and loudness of the sound: audible at the desk, not next door. */
const SOUND_SECONDS = 0.35;
const SOUND_GAIN = 0.06;

/** The browser's notifications. */
export const NOTIFIER: Notifier = {
  show(title, { body, tag, onClick }) {
    if (readNotificationPermission() !== "granted") return;
    const notification = new Notification(title, { body, tag, icon: "/icon.svg" });
    notification.onclick = () => {
      focus();
      onClick();
      notification.close();
    };
  },
  playSound,
};

/** Whether notifications may be shown. "default": the user has not been asked. */
export function readNotificationPermission(): NotificationPermission {
  return typeof Notification === "undefined" ? "denied" : Notification.permission;
}

/** Asks the user. Browsers allow this only in a click. */
export async function requestNotificationPermission(): Promise<NotificationPermission> {
  return typeof Notification === "undefined" ? "denied" : await Notification.requestPermission();
}

/** Plays two soft tones. They are computed here, so no file is loaded. */
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
